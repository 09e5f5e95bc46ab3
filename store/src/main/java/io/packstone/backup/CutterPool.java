package io.packstone.backup;

import io.packstone.chunker.ChunkerParameters;
import io.packstone.chunker.GearChunker;
import io.packstone.chunker.GearTable;
import io.packstone.crypto.ChunkHasher;
import io.packstone.pipeline.BlockDraft;
import io.packstone.repository.Repository;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Lends cutters and drafts, so that as many exist as work at once: last used, first lent. Thread-safe. */
final class CutterPool {
    private final Repository repository;
    private final ChunkerParameters parameters;
    private final GearTable table;
    private final ChunkOutput output;
    private final Counters counters;
    private final ConcurrentLinkedDeque<FileCutter> cutters = new ConcurrentLinkedDeque<>();
    private final ConcurrentLinkedDeque<BlockDraft> drafts = new ConcurrentLinkedDeque<>();

    CutterPool(Repository repository, ChunkOutput output, Counters counters) {
        this.repository = repository;
        this.parameters = new ChunkerParameters(repository.config().chunkAverage());
        this.table = GearTable.of(repository.keys().gear());
        this.output = output;
        this.counters = counters;
    }

    /** The average length of a chunk. */
    int average() {
        return parameters.average();
    }

    FileCutter cutter() {
        FileCutter cutter = cutters.poll();
        return cutter == null
                ? new FileCutter(
                        parameters,
                        new GearChunker(table, parameters),
                        new ChunkHasher(repository.keys().idKey()),
                        output,
                        counters)
                : cutter;
    }

    void giveBack(FileCutter cutter) {
        cutters.push(cutter);
    }

    /** An empty draft. */
    BlockDraft draft() {
        BlockDraft draft = drafts.poll();
        return draft == null ? new BlockDraft(BlockDraft.DATA_LENGTH + parameters.max()) : draft;
    }

    void giveBack(BlockDraft draft) {
        drafts.push(draft);
    }
}
