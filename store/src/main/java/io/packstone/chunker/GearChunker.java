package io.packstone.chunker;

/**
 * Finds where chunks end: a 64-bit gear hash, from the minimum length on (docs/format.md, Chunking).
 *
 * <p>The hash starts at zero at the minimum length and takes in a byte as h = (h &lt;&lt; 1) + gear[byte]. A chunk ends after
 * the byte that leaves the high log2(average) - 2 bits zero; or at the maximum. Thread-safe: it keeps nothing between
 * calls.
 */
public final class GearChunker {
    private final long[] gear;
    private final int min;
    private final int max;
    private final long mask;

    /** With a repository's table and parameters. */
    public GearChunker(GearTable table, ChunkerParameters parameters) {
        gear = table.words();
        min = parameters.min();
        max = parameters.max();
        mask = -1L << (64 - (Integer.numberOfTrailingZeros(parameters.average()) - 2));
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
        int stop = from + end;
        long[] table = gear;
        long highBits = mask;
        long hash = 0;
        int at = from + min;
        // Four bytes a step: a tenth faster than one in what the first compiler makes of it (docs/bench.md).
        for (; at < stop - 3; at += 4) {
            hash = (hash << 1) + table[buffer[at] & 0xff];
            if ((hash & highBits) == 0) {
                return at + 1 - from;
            }
            hash = (hash << 1) + table[buffer[at + 1] & 0xff];
            if ((hash & highBits) == 0) {
                return at + 2 - from;
            }
            hash = (hash << 1) + table[buffer[at + 2] & 0xff];
            if ((hash & highBits) == 0) {
                return at + 3 - from;
            }
            hash = (hash << 1) + table[buffer[at + 3] & 0xff];
            if ((hash & highBits) == 0) {
                return at + 4 - from;
            }
        }
        for (; at < stop; at++) {
            hash = (hash << 1) + table[buffer[at] & 0xff];
            if ((hash & highBits) == 0) {
                return at + 1 - from;
            }
        }
        return end;
    }
}
