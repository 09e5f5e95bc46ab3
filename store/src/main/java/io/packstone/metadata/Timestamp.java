package io.packstone.metadata;

import org.jspecify.annotations.Nullable;

/** A time to the nanosecond: seconds since 1970-01-01T00:00Z, negative before, and 0 to 999,999,999 nanoseconds. */
public record Timestamp(long seconds, int nanos) implements Comparable<Timestamp> {
    private static final long SECOND = 1_000_000_000;
    private static final long NANOS_MAX = 1L << 62;
    private static final long SECONDS_MAX = NANOS_MAX / SECOND + 2;

    /** The start of 1970. */
    public static final Timestamp EPOCH = new Timestamp(0, 0);

    /** Checks the range of {@code nanos}. */
    public Timestamp {
        if (nanos < 0 || nanos > 999_999_999) {
            throw new IllegalArgumentException("nanoseconds out of range: " + nanos);
        }
    }

    /** The nanoseconds from {@code earlier} to this, negative when it is later; {@link Long#MIN_VALUE} beyond 2^62. */
    public long nanosSince(Timestamp earlier) {
        long between = seconds - earlier.seconds;
        boolean overflow = ((seconds ^ earlier.seconds) & (seconds ^ between)) < 0;
        if (overflow || between > SECONDS_MAX || between < -SECONDS_MAX) {
            return Long.MIN_VALUE;
        }
        long all = between * SECOND + (nanos - earlier.nanos);
        return Math.abs(all) > NANOS_MAX ? Long.MIN_VALUE : all;
    }

    /**
     * The time {@code before} nanoseconds before this, at most 2^62 of either sign.
     *
     * @throws ArithmeticException beyond the times that there are
     */
    public Timestamp minusNanos(long before) {
        long whole = Math.floorDiv(before, SECOND);
        int rest = nanos - (int) Math.floorMod(before, SECOND);
        long borrowed = rest < 0 ? 1 : 0;
        return new Timestamp(Math.subtractExact(seconds, whole + borrowed), (int) (rest + borrowed * SECOND));
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
