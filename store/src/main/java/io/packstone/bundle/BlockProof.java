package io.packstone.bundle;

import io.packstone.crypto.ChunkHasher;
import io.packstone.crypto.KeyRing;
import io.packstone.error.CorruptionException;
import io.packstone.pack.BlockOpener;
import io.packstone.pack.PackTable;
import java.io.Closeable;
import java.util.BitSet;

/** Opens sealed blocks and computes the ids of their chunks again. For one thread. */
final class BlockProof implements Closeable {
    private final BlockOpener opener;
    private final ChunkHasher hasher;

    BlockProof(KeyRing keys) {
        opener = new BlockOpener(keys);
        hasher = new ChunkHasher(keys.idKey());
    }

    /**
     * The plain bytes of a block whose chunks but for those in {@code dead}, counted within the block, have their ids.
     *
     * @throws CorruptionException when it does not open, or a chunk has another id
     */
    byte[] open(PackTable table, int block, byte[] stored, BitSet dead, String name) throws CorruptionException {
        byte[] plain = opener.open(table, block, stored, 0, name);
        int first = table.blockFirstRow(block);
        int end = table.blockFirstRow(block + 1);
        for (int row = first; row < end; row++) {
            if (dead.get(row - first)) {
                continue;
            }
            if (!table.proves(row, plain, hasher)) {
                throw new CorruptionException(
                        name, "chunk " + table.rowId(row).toShortHex() + " in it has other bytes");
            }
        }
        return plain;
    }

    /** The rows of a block, counted within it, that are flagged dead. */
    static BitSet dead(PackTable table, int block) {
        BitSet dead = new BitSet();
        int first = table.blockFirstRow(block);
        for (int row = first; row < table.blockFirstRow(block + 1); row++) {
            dead.set(row - first, table.rowDead(row));
        }
        return dead;
    }

    @Override
    public void close() {
        opener.close();
    }
}
