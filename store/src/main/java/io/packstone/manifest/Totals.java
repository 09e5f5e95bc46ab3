package io.packstone.manifest;

import io.packstone.metadata.FileType;

/**
 * What is below a node.
 *
 * @param entries of any type
 * @param bytes the sum of the sizes of regular files
 * @param newest the latest modification time, in seconds
 */
public record Totals(long entries, long files, long directories, long bytes, long newest) {
    /** Nothing. */
    public static final Totals NONE = new Totals(0, 0, 0, 0, Long.MIN_VALUE);

    /** One entry. */
    static Totals of(ManifestEntry entry) {
        FileType type = entry.metadata().type();
        return new Totals(
                1,
                type == FileType.FILE ? 1 : 0,
                type == FileType.DIRECTORY ? 1 : 0,
                entry.metadata().size(),
                entry.metadata().modified().seconds());
    }

    Totals plus(Totals other) {
        return new Totals(
                entries + other.entries,
                files + other.files,
                directories + other.directories,
                bytes + other.bytes,
                Math.max(newest, other.newest));
    }
}
