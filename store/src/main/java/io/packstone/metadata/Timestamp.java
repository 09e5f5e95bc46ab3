package io.packstone.metadata;

import org.jspecify.annotations.Nullable;

/** A time to the nanosecond: seconds since 1970-01-01T00:00Z, negative before, and 0 to 999,999,999 nanoseconds. */
public record Timestamp(long seconds, int nanos) implements Comparable<Timestamp> {
    /** The start of 1970. */
    public static final Timestamp EPOCH = new Timestamp(0, 0);

    /** Checks the range of {@code nanos}. */
    public Timestamp {
        if (nanos < 0 || nanos > 999_999_999) {
            throw new IllegalArgumentException("nanoseconds out of range: " + nanos);
        }
    }

    /** As the generated one, which is slow until the second compiler has come to it: a short walk ends before. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Timestamp that && seconds == that.seconds && nanos == that.nanos;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(seconds) + nanos;
    }

    @Override
    public int compareTo(Timestamp other) {
        int order = Long.compare(seconds, other.seconds);
        return order == 0 ? Integer.compare(nanos, other.nanos) : order;
    }
}
