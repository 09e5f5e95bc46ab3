package io.packstone.backup.strategy;

import java.time.Duration;
import java.util.Locale;

/**
 * Which files a snapshot takes over from one before it without reading them.
 *
 * @param fullEvery of hybrid: how old the last full one may grow
 * @param differentialEvery of hybrid: how old the last full or differential one may grow
 */
public record Strategy(Kind kind, Duration fullEvery, Duration differentialEvery) {
    /** How often hybrid takes a full one, unless told otherwise. */
    public static final Duration FULL_EVERY = Duration.ofDays(7);

    /** How often hybrid takes a differential one, unless told otherwise. */
    public static final Duration DIFFERENTIAL_EVERY = Duration.ofDays(1);

    /** What is as it was in the last snapshot is not read. */
    public static final Strategy INCREMENTAL = new Strategy(Kind.INCREMENTAL, FULL_EVERY, DIFFERENTIAL_EVERY);

    /** Everything is read. */
    public static final Strategy FULL = new Strategy(Kind.FULL, FULL_EVERY, DIFFERENTIAL_EVERY);

    /** What is as it was in the last full snapshot is not read. */
    public static final Strategy DIFFERENTIAL = new Strategy(Kind.DIFFERENTIAL, FULL_EVERY, DIFFERENTIAL_EVERY);

    /** The ways. */
    public enum Kind {
        INCREMENTAL,
        FULL,
        DIFFERENTIAL,
        HYBRID;

        /** As records and options have it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Refuses lengths of time that are none. */
    public Strategy {
        if (fullEvery.isNegative() || differentialEvery.isNegative()) {
            throw new IllegalArgumentException("a negative length of time");
        }
    }

    /** Full, differential or incremental, by how long ago the last ones were taken. */
    public static Strategy hybrid(Duration fullEvery, Duration differentialEvery) {
        return new Strategy(Kind.HYBRID, fullEvery, differentialEvery);
    }
}
