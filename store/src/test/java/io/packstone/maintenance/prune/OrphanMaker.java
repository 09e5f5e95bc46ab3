package io.packstone.maintenance.prune;

import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.JobId;
import io.packstone.id.PackId;
import io.packstone.id.SnapshotId;
import io.packstone.pack.PackTable;
import io.packstone.pipeline.BlockDraft;
import io.packstone.repository.RepackOutput;
import io.packstone.repository.Repository;
import io.packstone.repository.WriteSession;
import io.packstone.snapshot.SnapshotRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/** Makes what killed and concurrent runs leave. */
final class OrphanMaker {
    private OrphanMaker() {}

    /** A session that stores a chunk and stops for ever. */
    static void putPackOfAJobThatNeverEnds(Repository repository, long seed) throws IOException {
        byte[] payload = new byte[50_000];
        new Random(seed).nextBytes(payload);
        byte[] id = new byte[ChunkId.LENGTH];
        new Random(seed).nextBytes(id);
        try (WriteSession session = repository.loadIndex().begin(repository.compression())) {
            BlockDraft draft = new BlockDraft(payload.length);
            session.claim(ChunkId.of(id), ChunkType.DATA);
            draft.add(ChunkId.of(id), ChunkType.DATA, new byte[0], 0, payload, 0, payload.length);
            session.seal(draft);
            session.flush();
        }
    }

    /** A session that claims a snapshot like {@code other} and stops for ever before it decides. */
    static SnapshotId putClaimOfAJobThatNeverEnds(Repository repository, SnapshotId other) throws IOException {
        JobId job = repository.jobs().announce("snapshot", repository.randomness());
        SnapshotRecord record = repository.snapshots().record(other).linked(List.of(), 100, job);
        return repository.protocol().claim(record, repository.randomness());
    }

    static void makeVoid(Repository repository, JobId job) {
        try {
            repository.jobs().makeVoid(job);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies every block to another pack, as a repack that was killed before it condemned anything. */
    static void storeEverythingTwice(Repository repository) throws IOException {
        List<PackId> packs = new ArrayList<>();
        repository.loadIndex().index().forEachPack((id, length) -> packs.add(id));
        try (RepackOutput output = repository.beginRepack();
                RepackOutput.Worker worker = output.worker()) {
            for (PackId pack : packs) {
                PackTable table = repository.index().table(pack);
                for (int block = 0; block < table.blockCount(); block++) {
                    byte[] stored = new byte[table.blockStoredLength(block)];
                    repository.blocks().read(pack, table.blockOffset(block), stored, stored.length);
                    worker.move(table, block, stored, new BitSet());
                }
            }
            worker.finish();
            output.flush();
            output.end();
        }
    }
}
