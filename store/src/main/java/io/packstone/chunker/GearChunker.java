package io.packstone.chunker;

import io.packstone.bytes.LittleEndian;
import java.util.Objects;

/**
 * Finds where chunks end: a 64-bit gear hash with FastCDC's normalisation, level 2 (docs/format.md, Chunking).
 *
 * <p>The hash starts at zero at the minimum length and takes in a byte as h = (h &lt;&lt; 1) + gear[byte]. A chunk ends after
 * the byte that leaves the high bits zero: log2(average) + 2 of them before the average, two fewer than log2(average)
 * from there on; or at the maximum. Thread-safe: it keeps nothing between calls.
 */
public final class GearChunker {
    private final long[] gear;
    private final int min;
    private final int average;
    private final int max;
    private final long maskBefore;
    private final long maskAfter;

    /** With a repository's table and parameters. */
    public GearChunker(GearTable table, ChunkerParameters parameters) {
        gear = table.words();
        min = parameters.min();
        average = parameters.average();
        max = parameters.max();
        int bits = Integer.numberOfTrailingZeros(average);
        maskBefore = -1L << (64 - (bits + 2));
        maskAfter = -1L << (64 - (bits - 2));
    }

    /**
     * The length of the chunk that starts at {@code from}, given the bytes up to {@code to}; -1 when more are needed to
     * tell: with less than the maximum at hand and {@code last} false. With {@code last}, the end is a cut.
     */
    public int cut(byte[] buffer, int from, int to, boolean last) {
        int available = to - from;
        if (available < max && !last) {
            return -1;
        }
        int end = Math.min(available, max);
        if (end <= min) {
            return end;
        }
        int middle = from + Math.min(average, end);
        int stop = from + end;
        long[] table = gear;
        Objects.checkIndex(255, table.length);
        long hash = 0;
        int at = from + min;
        // Four bytes a step: one load, and hashes that do not wait for each other (docs/bench.md).
        for (int limit = middle; ; limit = stop) {
            long mask = limit == middle ? maskBefore : maskAfter;
            for (; at < limit - 3; at += 4) {
                int word = LittleEndian.getInt(buffer, at);
                long first = table[word & 0xff];
                long third = table[word >>> 16 & 0xff];
                long hash1 = (hash << 1) + first;
                long hash2 = (hash << 2) + ((first << 1) + table[word >>> 8 & 0xff]);
                long hash3 = (hash2 << 1) + third;
                hash = (hash2 << 2) + ((third << 1) + table[word >>> 24]);
                if ((hash1 & mask) == 0) {
                    return at + 1 - from;
                }
                if ((hash2 & mask) == 0) {
                    return at + 2 - from;
                }
                if ((hash3 & mask) == 0) {
                    return at + 3 - from;
                }
                if ((hash & mask) == 0) {
                    return at + 4 - from;
                }
            }
            for (; at < limit; at++) {
                hash = (hash << 1) + table[buffer[at] & 0xff];
                if ((hash & mask) == 0) {
                    return at + 1 - from;
                }
            }
            if (limit == stop) {
                return end;
            }
        }
    }
}
