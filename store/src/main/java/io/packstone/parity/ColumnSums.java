package io.packstone.parity;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Takes an object's bytes in order, cell by cell, and keeps the packed sums of every column: what parity is made of,
 * and what lost cells are computed from. Memory: as much as the parity has bytes. For one thread.
 */
final class ColumnSums {
    private final ParityGeometry geometry;
    private final CauchyCode code;
    private final int[][] sums;
    private final byte[] cell;
    private final CellListener listener;
    private final BitSet absent = new BitSet();
    private int filled;
    private int next;
    private boolean cellAbsent;

    /** Told of each whole cell; says whether it is to be summed. */
    interface CellListener {
        /** {@code bytes} is borrowed, its rest beyond the object's end is zero; {@code absent}: a byte of it is not known. */
        boolean take(int number, byte[] bytes, boolean absent);
    }

    ColumnSums(ParityGeometry geometry, CauchyCode code, CellListener listener) {
        this.geometry = geometry;
        this.code = code;
        this.sums = new int[geometry.columns()][];
        this.cell = new byte[geometry.cellLength()];
        this.listener = listener;
    }

    /** Takes the next bytes (borrowed); those beyond the object's length are passed over. */
    void update(byte[] bytes, int offset, int length) {
        int at = offset;
        int end = offset + (int) Math.min(length, left());
        while (at < end) {
            int count = Math.min(end - at, cell.length - filled);
            System.arraycopy(bytes, at, cell, filled, count);
            advance(count);
            at += count;
        }
    }

    /** Passes over bytes that nobody knows. */
    void skip(long length) {
        long rest = Math.min(length, left());
        while (rest > 0) {
            int count = (int) Math.min(rest, cell.length - filled);
            Arrays.fill(cell, filled, filled + count, (byte) 0);
            cellAbsent = true;
            advance(count);
            rest -= count;
        }
    }

    /** How many bytes of the object are still to come. */
    long left() {
        return Math.max(0, geometry.objectLength() - ((long) next * cell.length + filled));
    }

    private void advance(int count) {
        filled += count;
        if (filled == cell.length || left() == 0) {
            Arrays.fill(cell, filled, cell.length, (byte) 0);
            if (listener.take(next, cell, cellAbsent)) {
                code.add(geometry.shardOf(next), cell, 0, cell.length, column(geometry.columnOf(next)), 0);
            } else {
                absent.set(next);
            }
            next++;
            filled = 0;
            cellAbsent = false;
        }
    }

    /** The packed sums of a column, one for each byte of a cell. */
    int[] column(int number) {
        int[] column = sums[number];
        if (column == null) {
            column = new int[geometry.cellLength()];
            sums[number] = column;
        }
        return column;
    }

    /** The cells that were not summed. */
    BitSet absent() {
        return absent;
    }
}
