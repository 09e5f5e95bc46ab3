package io.packstone.bundle;

import io.packstone.crypto.Envelope;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.manifest.ChunkSource.StoredChunk;
import io.packstone.pack.BlockSealer;
import io.packstone.pack.BlockType;
import io.packstone.pack.PackTable;
import io.packstone.pipeline.BlockDraft;
import io.packstone.repository.Repository;
import java.io.Closeable;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Chunks that could not go into a bundle in the block they are stored in, sealed again in new ones. For one thread. */
final class FreshBlocks implements Closeable {
    private final Repository repository;
    private final SectionDraft section;
    private final BlockDraft data = new BlockDraft(BlockDraft.DATA_LENGTH);
    private final BlockDraft tree = new BlockDraft(BlockDraft.TREE_LENGTH);
    private @Nullable Envelope envelope;
    private @Nullable BlockSealer sealer;

    FreshBlocks(Repository repository, SectionDraft section) {
        this.repository = repository;
        this.section = section;
    }

    /** Adds the chunks of a block but for those in {@code dead}; {@code plain}, its plain bytes, have been proved. */
    void add(PackTable table, int block, BitSet dead, byte[] plain) throws IOException {
        int first = table.blockFirstRow(block);
        for (int row = first; row < table.blockFirstRow(block + 1); row++) {
            if (!dead.get(row - first)) {
                byte[] refs = table.rowRefs(row);
                add(
                        table.rowId(row),
                        table.rowType(row),
                        refs,
                        plain,
                        table.rowPlainOffset(row),
                        table.rowPayloadLength(row));
            }
        }
    }

    /** As above, from wherever else the chunks are stored. */
    void addOneByOne(PackTable table, int block, BitSet dead) throws IOException {
        int first = table.blockFirstRow(block);
        for (int row = first; row < table.blockFirstRow(block + 1); row++) {
            if (!dead.get(row - first)) {
                StoredChunk chunk = repository.chunks().get(table.rowId(row), table.rowType(row));
                byte[] payload = chunk.payload();
                add(table.rowId(row), table.rowType(row), chunk.refs(), payload, 0, payload.length);
            }
        }
    }

    private void add(ChunkId id, ChunkType type, byte[] refs, byte[] bytes, int offset, int length) throws IOException {
        boolean isTree = type == ChunkType.NODE || type == ChunkType.RECIPE;
        BlockDraft draft = isTree ? tree : data;
        if (!draft.fits(length, 1, isTree ? BlockDraft.TREE_LENGTH : BlockDraft.DATA_LENGTH)) {
            seal(draft, isTree ? BlockType.TREE : BlockType.DATA);
        }
        draft.add(id, type, refs, refs.length / ChunkId.LENGTH, bytes, offset, length);
    }

    private void seal(BlockDraft draft, BlockType type) throws IOException {
        if (draft.rowCount() == 0) {
            return;
        }
        Envelope own = envelope;
        BlockSealer made = sealer;
        if (own == null || made == null) {
            own = repository.keys().newEnvelope(repository.randomness());
            made = new BlockSealer(repository.keys(), own, repository.compression(), repository.randomness());
            envelope = own;
            sealer = made;
        }
        byte[] stored = made.seal(type, draft.plain(), 0, draft.length());
        section.add(type, made.codec(), stored, draft, own);
        draft.clear();
    }

    /** Hands over what is left. */
    void finish() throws IOException {
        seal(data, BlockType.DATA);
        seal(tree, BlockType.TREE);
    }

    @Override
    public void close() {
        if (sealer != null) {
            sealer.close();
        }
    }
}
