package io.packstone.repository;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How this process works with a repository.
 *
 * @param cacheDirectory where the index lives between runs, one folder per repository below it; null for a temporary one
 * @param blockCacheBytes bound of the plain blocks kept while reading
 */
public record RepositoryOptions(@Nullable Path cacheDirectory, long blockCacheBytes) {
    /** No lasting cache; 32 MiB of blocks. */
    public static RepositoryOptions defaults() {
        return new RepositoryOptions(null, 32L << 20);
    }

    /** The same with an index that lasts. */
    public RepositoryOptions withCacheDirectory(@Nullable Path directory) {
        return new RepositoryOptions(directory, blockCacheBytes);
    }
}
