package io.packstone.parity;

import io.packstone.bytes.Crc32c;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes a damaged object whole: its bytes pass by once, as far as they can be read, then lost cells are computed, then
 * the bytes pass by again to be patched. What comes out counts only when its SHA-256 is the object's name: the caller
 * compares. Memory: the parity's length once more, and the cells that were lost. For one thread.
 */
public final class ParityRepair {
    private final Sidecar sidecar;
    private final ParityGeometry geometry;
    private final CauchyCode code;
    private final ColumnSums sums;
    private final Map<Integer, byte[]> repaired = new HashMap<>();
    private final BitSet beyondRepair = new BitSet();

    /** With what is left of the sidecar. */
    public ParityRepair(Sidecar sidecar) {
        this.sidecar = sidecar;
        this.geometry = sidecar.geometry();
        this.code = new CauchyCode(geometry.dataShards(), geometry.parityShards());
        this.sums = new ColumnSums(geometry, code, this::isGood);
    }

    private boolean isGood(int number, byte[] cell, boolean absent) {
        return !absent && sidecar.hasChecksum(number, Crc32c.of(cell, 0, cell.length));
    }

    /** Takes the next bytes of the damaged object (borrowed); those beyond its right length are passed over. */
    public void update(byte[] bytes, int offset, int length) {
        sums.update(bytes, offset, length);
    }

    /** Passes over bytes that can't be read. */
    public void skip(long length) {
        sums.skip(length);
    }

    /**
     * Computes what is missing; what was not passed by counts as lost.
     *
     * @return true when every cell is known now
     */
    public boolean solve() {
        sums.skip(sums.left());
        Map<Integer, BitSet> lostByColumn = new HashMap<>();
        BitSet lost = sums.absent();
        for (int cell = lost.nextSetBit(0); cell >= 0; cell = lost.nextSetBit(cell + 1)) {
            lostByColumn
                    .computeIfAbsent(geometry.columnOf(cell), column -> new BitSet())
                    .set(cell);
        }
        lostByColumn.forEach(this::solveColumn);
        return beyondRepair.isEmpty();
    }

    private void solveColumn(int column, BitSet lost) {
        int[] rows = java.util.stream.IntStream.range(0, geometry.parityShards())
                .filter(row -> sidecar.hasParity(row, column))
                .limit(lost.cardinality())
                .toArray();
        if (rows.length < lost.cardinality()) {
            beyondRepair.or(lost);
            return;
        }
        int[] cells = lost.stream().toArray();
        int[] shards = lost.stream().map(geometry::shardOf).toArray();
        int[] column0 = sums.column(column);
        for (int row : rows) {
            sidecar.addParity(row, column, column0);
        }
        CauchyCode.Solver solver = code.solver(shards, rows);
        byte[][] found = new byte[cells.length][geometry.cellLength()];
        for (int i = 0; i < geometry.cellLength(); i++) {
            int packed = solver.solve(column0[i]);
            for (int each = 0; each < found.length; each++) {
                found[each][i] = (byte) (packed >>> 8 * each);
            }
        }
        for (int each = 0; each < found.length; each++) {
            repaired.put(cells[each], found[each]);
        }
    }

    /** How many cells were damaged, missing or not readable. */
    public int lostCells() {
        return sums.absent().cardinality();
    }

    /** How many of them can't be computed, since too many of their column are lost. */
    public int cellsBeyondRepair() {
        return beyondRepair.cardinality();
    }

    /** True when the byte at {@code offset} is in a cell that was computed: nothing need be read there. */
    public boolean isRepaired(long offset) {
        return repaired.containsKey((int) (offset / geometry.cellLength()));
    }

    /** Overwrites what was repaired in {@code length} bytes that stand at {@code objectOffset} of the object. */
    public void patch(long objectOffset, byte[] bytes, int offset, int length) {
        int cellLength = geometry.cellLength();
        long at = objectOffset;
        long end = objectOffset + length;
        while (at < end) {
            int number = (int) (at / cellLength);
            int within = (int) (at % cellLength);
            int count = (int) Math.min(cellLength - within, end - at);
            byte[] cell = repaired.get(number);
            if (cell != null) {
                System.arraycopy(cell, within, bytes, offset + (int) (at - objectOffset), count);
            }
            at += count;
        }
    }
}
