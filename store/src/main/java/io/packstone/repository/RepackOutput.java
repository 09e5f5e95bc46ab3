package io.packstone.repository;

import io.packstone.crypto.ChunkHasher;
import io.packstone.crypto.Envelope;
import io.packstone.error.CorruptionException;
import io.packstone.id.ChunkId;
import io.packstone.id.JobId;
import io.packstone.id.PackId;
import io.packstone.pack.BlockSealer;
import io.packstone.pack.BlockType;
import io.packstone.pack.PackClass;
import io.packstone.pack.PackTable;
import io.packstone.pipeline.BlockDraft;
import io.packstone.pipeline.StoredBlock;
import java.io.Closeable;
import java.io.IOException;
import java.util.BitSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a prune puts what it keeps of packs that are to go: sealed blocks as they are, or the chunks of some blocks made
 * anew. Announced as a job, so that no other prune takes the packs for garbage.
 *
 * <p>Threads: each uses a {@link Worker} of its own.
 */
public final class RepackOutput implements Closeable {

    private final Repository repository;
    private final PackOutput output;
    private @Nullable Envelope envelope;

    RepackOutput(Repository repository) throws IOException {
        this.repository = repository;
        output = new PackOutput(repository, JobLog.PRUNE, table -> {});
    }

    /** The job it is announced as. */
    public JobId job() {
        return output.job();
    }

    /** As {@link Repository#threads}. */
    public boolean threads() {
        return repository.threads();
    }

    /** Something to repack with, for one thread. */
    public Worker worker() {
        return new Worker();
    }

    /** Made when the first block is made anew: moving sealed blocks takes no content key. */
    private synchronized Envelope envelope() {
        Envelope made = envelope;
        if (made == null) {
            made = repository.keys().newEnvelope(repository.randomness());
            envelope = made;
        }
        return made;
    }

    /** The packs that are durable, with their lengths. */
    public Map<PackId, Long> packs() {
        return output.packs();
    }

    /** Makes everything durable that workers have handed over, and speaks of it in an index segment. */
    public void flush() throws IOException {
        output.flush();
    }

    /** Ends the job. */
    public void end() throws IOException {
        output.end();
    }

    @Override
    public void close() {
        output.close();
    }

    /** Moves blocks and makes blocks anew, for one thread. */
    public final class Worker implements Closeable {
        private final ChunkHasher hasher = new ChunkHasher(repository.keys().idKey());
        private final BlockDraft data = new BlockDraft(BlockDraft.DATA_LENGTH);
        private final BlockDraft tree = new BlockDraft(BlockDraft.TREE_LENGTH);
        private @Nullable BlockSealer sealer;

        private Worker() {}

        /** Moves a block; {@code stored}, its sealed bytes, is taken over. Rows in {@code dead} are flagged so. */
        public void move(PackTable table, int block, byte[] stored, BitSet dead) throws IOException {
            output.add(new StoredBlock(table, block, stored, dead), classOf(table.blockType(block)));
        }

        private static PackClass classOf(BlockType type) {
            return type == BlockType.TREE ? PackClass.TREE : PackClass.DATA;
        }

        /**
         * Stores the chunks of a block that are not in {@code dead} anew; {@code plain} are its plain bytes.
         *
         * @throws CorruptionException when a chunk does not have its id; what was before it is stored
         */
        public void rewrite(PackTable table, int block, byte[] plain, BitSet dead, String name) throws IOException {
            BlockType type = table.blockType(block);
            BlockDraft draft = type == BlockType.TREE ? tree : data;
            int lengthMax = type == BlockType.TREE ? BlockDraft.TREE_LENGTH : BlockDraft.DATA_LENGTH;
            int first = table.blockFirstRow(block);
            int end = table.blockFirstRow(block + 1);
            for (int row = first; row < end; row++) {
                if (dead.get(row - first)) {
                    continue;
                }
                byte[] refs = table.rowRefs(row);
                int refCount = refs.length / ChunkId.LENGTH;
                int from = table.rowPlainOffset(row);
                int length = table.rowPayloadLength(row);
                ChunkId id = table.rowId(row);
                if (!table.proves(row, plain, hasher)) {
                    throw new CorruptionException(name, "chunk " + id.toShortHex() + " in it has other bytes");
                }
                if (!draft.fits(length, 1, lengthMax)) {
                    seal(draft, type);
                }
                draft.add(id, table.rowType(row), refs, refCount, plain, from, length);
            }
        }

        private void seal(BlockDraft draft, BlockType type) throws IOException {
            if (draft.rowCount() == 0) {
                return;
            }
            BlockSealer own = sealer;
            if (own == null) {
                own = new BlockSealer(repository.keys(), envelope(), repository.compression(), repository.randomness());
                sealer = own;
            }
            byte[] stored = own.seal(type, draft.plain(), 0, draft.length());
            output.add(new StoredBlock(type, own.codec(), stored, draft, envelope()), classOf(type));
            draft.clear();
        }

        /** Hands over what is left. */
        public void finish() throws IOException {
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
}
