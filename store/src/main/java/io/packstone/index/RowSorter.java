package io.packstone.index;

import io.packstone.bytes.LittleEndian;
import io.packstone.id.ChunkId;
import io.packstone.pack.PackTable;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sorts the live rows of any number of tables by chunk id, a run at a time, in arrays: no object per row. Runs are files;
 * a record is {@value #RECORD_LENGTH} bytes: chunk id, then its place as the index stores it. For one thread.
 */
final class RowSorter {
    static final int PLACE_LENGTH = 8;
    static final int RECORD_LENGTH = ChunkId.LENGTH + PLACE_LENGTH;

    private static final int DIGIT_BITS = 16;
    private static final int DIGITS = 1 << DIGIT_BITS;

    private final Path folder;
    private final int rowsPerRun;
    private final List<Path> runs = new ArrayList<>();
    private final byte[] ids;
    private final long[] prefixes;
    private final long[] places;
    private final int[] starts = new int[DIGITS + 1];
    private int[] order;
    private int[] orderNext;
    private int count;

    /** Runs of up to {@code rowsPerRun} rows go to {@code folder}; 56 bytes a row are held. */
    RowSorter(Path folder, int rowsPerRun) {
        this.folder = folder;
        this.rowsPerRun = rowsPerRun;
        ids = new byte[Math.multiplyExact(rowsPerRun, ChunkId.LENGTH)];
        prefixes = new long[rowsPerRun];
        places = new long[rowsPerRun];
        order = new int[rowsPerRun];
        orderNext = new int[rowsPerRun];
    }

    /** The place of a row as the index stores it: pack number, then row, both u32. */
    static long place(int number, int row) {
        return (long) row << 32 | number & 0xffff_ffffL;
    }

    /** Adds the live rows of a table; returns how many they are. */
    int add(int number, PackTable table) throws IOException {
        int live = 0;
        for (int row = 0; row < table.rowCount(); row++) {
            if (table.rowDead(row)) {
                continue;
            }
            if (count == rowsPerRun) {
                endRun();
            }
            ChunkId id = table.rowId(row);
            id.copyTo(ids, count * ChunkId.LENGTH);
            prefixes[count] = id.prefix();
            places[count++] = place(number, row);
            live++;
        }
        return live;
    }

    /** Ends the last run and returns all of them. */
    List<Path> finish() throws IOException {
        if (count > 0) {
            endRun();
        }
        return runs;
    }

    private void endRun() throws IOException {
        sort();
        Path run = folder.resolve("run-" + runs.size());
        byte[] record = new byte[RECORD_LENGTH];
        try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(run), 1 << 18)) {
            for (int i = 0; i < count; i++) {
                System.arraycopy(ids, order[i] * ChunkId.LENGTH, record, 0, ChunkId.LENGTH);
                LittleEndian.putLong(record, ChunkId.LENGTH, places[order[i]]);
                output.write(record, 0, RECORD_LENGTH);
            }
        }
        runs.add(run);
        count = 0;
    }

    /** By the first eight bytes with a radix sort, which is stable; the few that are equal there by the rest. */
    private void sort() {
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        for (int shift = 0; shift < Long.SIZE; shift += DIGIT_BITS) {
            sortByDigit(shift);
        }
        for (int i = 1; i < count; i++) {
            int moving = order[i];
            int to = i;
            while (to > 0 && prefixes[order[to - 1]] == prefixes[moving] && compare(order[to - 1], moving) > 0) {
                order[to] = order[to - 1];
                to--;
            }
            order[to] = moving;
        }
    }

    private void sortByDigit(int shift) {
        Arrays.fill(starts, 0);
        for (int i = 0; i < count; i++) {
            starts[digit(order[i], shift) + 1]++;
        }
        for (int digit = 1; digit <= DIGITS; digit++) {
            starts[digit] += starts[digit - 1];
        }
        for (int i = 0; i < count; i++) {
            orderNext[starts[digit(order[i], shift)]++] = order[i];
        }
        int[] swapped = order;
        order = orderNext;
        orderNext = swapped;
    }

    private int digit(int row, int shift) {
        return (int) (prefixes[row] >>> shift) & DIGITS - 1;
    }

    private int compare(int left, int right) {
        int from = left * ChunkId.LENGTH;
        int other = right * ChunkId.LENGTH;
        return Arrays.compareUnsigned(ids, from, from + ChunkId.LENGTH, ids, other, other + ChunkId.LENGTH);
    }
}
