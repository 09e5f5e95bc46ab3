package io.packstone.maintenance.prune;

import io.packstone.pack.BlockType;
import io.packstone.pack.PackTable;
import java.util.BitSet;

/**
 * What use a pack's blocks are, and what each would become in a repack. A block without a used row is dropped; one used in
 * part is made anew when enough of it is dead, else moved as it is, its dead rows flagged.
 *
 * @param unused of its blocks' stored bytes, those of no use; a block used in part counts by its share
 * @param freed so many of them a repack would free; the rest only when blocks are opened
 * @param kept so many stored bytes a repack would write
 */
record PackUse(int pack, long unused, long freed, long kept) {
    /** A block is made anew when at least this share of it is dead: less is not worth the work. */
    private static final double REWRITTEN_FROM = 1 / 8.0;

    /** What becomes of a block. */
    enum Fate {
        DROPPED,
        MOVED,
        REWRITTEN
    }

    static PackUse of(int pack, PackTable table, Liveness liveness, Rewriting rewriting) {
        long stored = 0;
        long used = 0;
        long freed = 0;
        for (int block = 0; block < table.blockCount(); block++) {
            long here = table.blockStoredLength(block);
            long usedHere = Math.round(here * usedShare(pack, table, block, liveness));
            stored += here;
            used += usedHere;
            freed += fate(pack, table, block, liveness, rewriting) == Fate.MOVED ? 0 : here - usedHere;
        }
        return new PackUse(pack, stored - used, freed, stored - freed);
    }

    /** How far blocks that are used in part are made anew. */
    enum Rewriting {
        NEVER,
        WORTHWHILE,
        ALWAYS
    }

    static Fate fate(int pack, PackTable table, int block, Liveness liveness, Rewriting rewriting) {
        BitSet dead = dead(pack, table, block, liveness);
        int rows = table.blockFirstRow(block + 1) - table.blockFirstRow(block);
        if (table.blockType(block) == BlockType.PAD || dead.cardinality() == rows) {
            return Fate.DROPPED;
        }
        double deadShare = 1 - usedShare(pack, table, block, liveness);
        boolean anew = switch (rewriting) {
            case NEVER -> false;
            case WORTHWHILE -> deadShare >= REWRITTEN_FROM;
            case ALWAYS -> !dead.isEmpty();
        };
        return anew ? Fate.REWRITTEN : Fate.MOVED;
    }

    /** The rows of a block, counted within it, that hold no copy to keep. */
    static BitSet dead(int pack, PackTable table, int block, Liveness liveness) {
        int first = table.blockFirstRow(block);
        int end = table.blockFirstRow(block + 1);
        BitSet dead = new BitSet();
        for (int row = first; row < end; row++) {
            if (!liveness.isUsed(pack, row)) {
                dead.set(row - first);
            }
        }
        return dead;
    }

    private static double usedShare(int pack, PackTable table, int block, Liveness liveness) {
        long used = 0;
        boolean any = false;
        for (int row = table.blockFirstRow(block); row < table.blockFirstRow(block + 1); row++) {
            if (liveness.isUsed(pack, row)) {
                used += table.rowPayloadLength(row);
                any = true;
            }
        }
        if (table.blockPlainLength(block) == 0) {
            return any ? 1 : 0;
        }
        return used / (double) table.blockPlainLength(block);
    }
}
