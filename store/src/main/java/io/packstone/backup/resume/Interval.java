package io.packstone.backup.resume;

import java.time.Duration;

/**
 * How often a partial snapshot is stored: after so much time or so many bytes to be read, whichever comes first. Where nothing
 * had to be read none is due, since it would save nothing.
 *
 * @param nanos of time
 * @param bytes of files that have to be read
 */
public record Interval(long nanos, long bytes) {
    /** Unless told otherwise. */
    public static final Interval USUAL = every(Duration.ofMinutes(5));

    /** At no time. */
    public static final Interval NEVER = new Interval(Long.MAX_VALUE, Long.MAX_VALUE);

    /** Refuses what would be always. */
    public Interval {
        if (nanos <= 0 || bytes <= 0) {
            throw new IllegalArgumentException("an interval is longer than nothing");
        }
    }

    /** After each such span of time. */
    public static Interval every(Duration span) {
        boolean countable = span.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0;
        return new Interval(countable ? span.toNanos() : Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** After so many bytes each time. */
    public static Interval everyBytes(long bytes) {
        return new Interval(Long.MAX_VALUE, bytes);
    }
}
