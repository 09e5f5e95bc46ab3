package io.packstone.metadata;

import java.util.Arrays;

/**
 * Where a file has holes: ranges that take no room on the disk and read as zeros. In ascending order, each at least one
 * byte long, and at least one byte apart. Immutable.
 */
public final class Holes {
    /** The most that are kept of one file. */
    public static final int COUNT_MAX = 4096;

    /** Of a file without any. */
    public static final Holes NONE = new Holes(new long[0]);

    private final long[] bounds;

    private Holes(long[] bounds) {
        this.bounds = bounds;
    }

    /**
     * Takes over {@code bounds}: start and end of one hole after the other.
     *
     * @throws IllegalArgumentException when they do not ascend, or are too many
     */
    public static Holes of(long[] bounds) {
        long last = -1;
        for (long bound : bounds) {
            if (bound <= last) {
                throw new IllegalArgumentException("a bound of " + bound + " after " + last);
            }
            last = bound;
        }
        if (bounds.length % 2 != 0 || bounds.length > 2 * COUNT_MAX) {
            throw new IllegalArgumentException(bounds.length + " bounds of holes");
        }
        return bounds.length == 0 ? NONE : new Holes(bounds);
    }

    /** How many there are. */
    public int count() {
        return bounds.length / 2;
    }

    /** True when there is none. */
    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /** The offset of a hole's first byte. */
    public long start(int index) {
        return bounds[2 * index];
    }

    /** The offset behind a hole's last byte. */
    public long end(int index) {
        return bounds[2 * index + 1];
    }

    /** The offset behind the last hole; 0 without any. */
    public long end() {
        return bounds.length == 0 ? 0 : bounds[bounds.length - 1];
    }

    /** The first hole that ends behind {@code position}; {@link #count} when there is none. */
    public int at(long position) {
        int low = 0;
        int high = count();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (end(middle) > position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** True when all bytes from {@code from} up to {@code to} are in one hole. */
    public boolean cover(long from, long to) {
        int index = at(from);
        return index < count() && start(index) <= from && to <= end(index);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Holes that && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        return "holes " + Arrays.toString(bounds);
    }

    /** Gathers holes in ascending order. Of more than {@link #COUNT_MAX} the longest are kept. For one thread. */
    public static final class Collector {
        private long[] bounds = new long[16];
        private int length;
        private boolean complete = true;

        /** Adds the next one. */
        public void add(long start, long end) {
            if (length == 4 * COUNT_MAX) {
                keepLongest();
            }
            if (length == bounds.length) {
                bounds = Arrays.copyOf(bounds, 2 * length);
            }
            bounds[length++] = start;
            bounds[length++] = end;
        }

        private void keepLongest() {
            complete = false;
            int count = length / 2;
            long[] lengths = new long[count];
            for (int i = 0; i < count; i++) {
                lengths[i] = bounds[2 * i + 1] - bounds[2 * i];
            }
            Arrays.sort(lengths);
            long least = lengths[count - COUNT_MAX];
            int longer = 0;
            for (long each : lengths) {
                longer += each > least ? 1 : 0;
            }
            int equal = COUNT_MAX - longer;
            int kept = 0;
            for (int i = 0; i < count; i++) {
                long each = bounds[2 * i + 1] - bounds[2 * i];
                if (each > least || each == least && equal-- > 0) {
                    bounds[kept++] = bounds[2 * i];
                    bounds[kept++] = bounds[2 * i + 1];
                }
            }
            length = kept;
        }

        /** What was gathered. */
        public Holes finish() {
            if (length > 2 * COUNT_MAX) {
                keepLongest();
            }
            return of(Arrays.copyOf(bounds, length));
        }

        /** False when {@link #finish} left some out. */
        public boolean isComplete() {
            return complete;
        }
    }
}
