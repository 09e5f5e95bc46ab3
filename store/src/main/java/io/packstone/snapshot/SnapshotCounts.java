package io.packstone.snapshot;

/** What a snapshot holds, and what taking it did; bytes are plain but for {@code bytesStored}. */
public record SnapshotCounts(
        long files,
        long directories,
        long others,
        long bytes,
        long filesNew,
        long filesChanged,
        long filesUnchanged,
        long bytesRead,
        long bytesNew,
        long bytesStored) {}
