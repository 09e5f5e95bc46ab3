package io.packstone.manifest;

import io.packstone.metadata.FileType;

/**
 * What stands below a node, summed up; sums stop at {@link Long#MAX_VALUE}.
 *
 * @param entries how many entries
 * @param files how many of them are regular files
 * @param directories how many of them are directories
 * @param bytes the lengths of all files' bodies; a file with several names counts at each
 * @param newest the newest modification time, in seconds since 1970; {@link Long#MIN_VALUE} without any entry
 */
public record Totals(long entries, long files, long directories, long bytes, long newest) {
    /** Of nothing. */
    public static final Totals NONE = new Totals(0, 0, 0, 0, Long.MIN_VALUE);

    /** Of one entry. */
    static Totals of(ManifestEntry entry) {
        FileType type = entry.metadata().type();
        return new Totals(
                1,
                type == FileType.FILE ? 1 : 0,
                type == FileType.DIRECTORY ? 1 : 0,
                entry.body().plainLength(),
                entry.metadata().modified().seconds());
    }

    /** Of both. */
    public Totals plus(Totals other) {
        return new Totals(
                add(entries, other.entries),
                add(files, other.files),
                add(directories, other.directories),
                add(bytes, other.bytes),
                Math.max(newest, other.newest));
    }

    private static long add(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
