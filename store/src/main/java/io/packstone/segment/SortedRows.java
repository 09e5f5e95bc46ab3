package io.packstone.segment;

import io.packstone.pack.PackTable;
import java.util.List;

/** The live rows of several tables, sorted by id prefix (unsigned), then table, then row: arrays, no object per row. */
final class SortedRows {
    private final long[] prefixes;
    private final long[] places;
    private final int count;

    private SortedRows(long[] prefixes, long[] places, int count) {
        this.prefixes = prefixes;
        this.places = places;
        this.count = count;
    }

    static SortedRows of(List<PackTable> tables) {
        int rows = tables.stream().mapToInt(PackTable::rowCount).sum();
        long[] prefixes = new long[rows];
        long[] places = new long[rows];
        int count = 0;
        for (int table = 0; table < tables.size(); table++) {
            PackTable rowsOf = tables.get(table);
            for (int row = 0; row < rowsOf.rowCount(); row++) {
                if (!rowsOf.rowDead(row)) {
                    prefixes[count] = rowsOf.rowId(row).prefix();
                    places[count++] = (long) table << 32 | row;
                }
            }
        }
        sort(prefixes, places, count);
        return new SortedRows(prefixes, places, count);
    }

    /** Merge sort from the bottom up: stable, so equal prefixes keep the order of table and row. */
    private static void sort(long[] prefixes, long[] places, int count) {
        long[] keysFrom = prefixes;
        long[] valuesFrom = places;
        long[] keysTo = new long[count];
        long[] valuesTo = new long[count];
        for (int width = 1; width < count; width *= 2) {
            for (int start = 0; start < count; start += 2 * width) {
                merge(
                        keysFrom,
                        valuesFrom,
                        keysTo,
                        valuesTo,
                        start,
                        Math.min(count, start + width),
                        Math.min(count, start + 2 * width));
            }
            long[] keys = keysFrom;
            long[] values = valuesFrom;
            keysFrom = keysTo;
            valuesFrom = valuesTo;
            keysTo = keys;
            valuesTo = values;
        }
        if (keysFrom != prefixes) {
            System.arraycopy(keysFrom, 0, prefixes, 0, count);
            System.arraycopy(valuesFrom, 0, places, 0, count);
        }
    }

    /** The six array parameters are the two columns of source and target; a record would cost the inner loop. */
    private static void merge(
            long[] keysFrom, long[] valuesFrom, long[] keysTo, long[] valuesTo, int start, int middle, int end) {
        int left = start;
        int right = middle;
        for (int to = start; to < end; to++) {
            boolean takeLeft =
                    left < middle && (right >= end || Long.compareUnsigned(keysFrom[left], keysFrom[right]) <= 0);
            int from = takeLeft ? left++ : right++;
            keysTo[to] = keysFrom[from];
            valuesTo[to] = valuesFrom[from];
        }
    }

    int count() {
        return count;
    }

    long prefix(int entry) {
        return prefixes[entry];
    }

    int table(int entry) {
        return (int) (places[entry] >>> 32);
    }

    int row(int entry) {
        return (int) places[entry];
    }
}
