package io.packstone.backup;

import io.packstone.compress.Compression;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to take a snapshot of, and how.
 *
 * @param paths absolute paths, normalised; empty only with {@code standardInput}
 * @param excludes patterns of what to leave out, in order
 * @param excludeLargerThan leaves out regular files of more bytes than this; negative for no limit
 * @param leftOut absolute paths that are never read: the repository itself and its cache
 * @param time when the snapshot says it was taken; null for now
 * @param parent what unchanged files are taken over from; null for the newest of the same host and paths
 * @param full reads every file, whatever the parent says
 * @param compression null for the repository's own choice
 */
public record BackupOptions(
        List<RawName> paths,
        List<String> tags,
        List<String> excludes,
        boolean oneFileSystem,
        long excludeLargerThan,
        boolean excludeCaches,
        List<RawName> leftOut,
        String host,
        String user,
        @Nullable Timestamp time,
        @Nullable SnapshotId parent,
        boolean full,
        boolean dryRun,
        @Nullable Compression compression,
        @Nullable StandardInput standardInput) {

    /** Copies the lists. */
    public BackupOptions {
        paths = List.copyOf(paths);
        tags = List.copyOf(tags);
        excludes = List.copyOf(excludes);
        leftOut = List.copyOf(leftOut);
    }

    /** Everything below {@code paths}, with no tags and no rules, on behalf of {@code user} at {@code host}. */
    public static BackupOptions of(List<RawName> paths, String host, String user) {
        return new BackupOptions(
                paths, List.of(), List.of(), false, -1, false, List.of(), host, user, null, null, false, false, null,
                null);
    }

    /** The same with these tags. */
    public BackupOptions withTags(List<String> other) {
        return new BackupOptions(
                paths,
                other,
                excludes,
                oneFileSystem,
                excludeLargerThan,
                excludeCaches,
                leftOut,
                host,
                user,
                time,
                parent,
                full,
                dryRun,
                compression,
                standardInput);
    }

    /** The same with these patterns. */
    public BackupOptions withExcludes(List<String> other) {
        return new BackupOptions(
                paths,
                tags,
                other,
                oneFileSystem,
                excludeLargerThan,
                excludeCaches,
                leftOut,
                host,
                user,
                time,
                parent,
                full,
                dryRun,
                compression,
                standardInput);
    }

    /** The same leaving these paths out, whatever the patterns say. */
    public BackupOptions withLeftOut(List<RawName> other) {
        return new BackupOptions(
                paths,
                tags,
                excludes,
                oneFileSystem,
                excludeLargerThan,
                excludeCaches,
                other,
                host,
                user,
                time,
                parent,
                full,
                dryRun,
                compression,
                standardInput);
    }

    /** The same as a dry run or not. */
    public BackupOptions withDryRun(boolean other) {
        return new BackupOptions(
                paths,
                tags,
                excludes,
                oneFileSystem,
                excludeLargerThan,
                excludeCaches,
                leftOut,
                host,
                user,
                time,
                parent,
                full,
                other,
                compression,
                standardInput);
    }
}
