package io.packstone.repository;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * How this process works with a repository.
 *
 * @param cacheDirectory where the index lives between runs, one folder per repository below it; null for a temporary one
 * @param blockCacheBytes bound of the plain blocks kept while reading
 * @param plainIndex looks chunks up in the index segments themselves, in plain Java: nothing is loaded first and no
 *     database made, so a process that asks for little starts at once and one without native code starts at all
 * @param clock tells when each snapshot is first seen
 */
public record RepositoryOptions(@Nullable Path cacheDirectory, long blockCacheBytes, boolean plainIndex, Clock clock) {
    /** No lasting cache; 32 MiB of blocks; an index in a database; what is seen was always there. */
    public static RepositoryOptions defaults() {
        return new RepositoryOptions(null, 32L << 20, false, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    }

    /** The same with an index that lasts. */
    public RepositoryOptions withCacheDirectory(@Nullable Path directory) {
        return new RepositoryOptions(directory, blockCacheBytes, plainIndex, clock);
    }

    /** The same with or without a database. */
    public RepositoryOptions withPlainIndex(boolean plain) {
        return new RepositoryOptions(cacheDirectory, blockCacheBytes, plain, clock);
    }

    /** The same by another clock. */
    public RepositoryOptions withClock(Clock told) {
        return new RepositoryOptions(cacheDirectory, blockCacheBytes, plainIndex, told);
    }
}
