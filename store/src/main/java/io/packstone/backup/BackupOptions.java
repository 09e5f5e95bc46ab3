package io.packstone.backup;

import io.packstone.backup.changes.Changes;
import io.packstone.backup.cutting.Cutting;
import io.packstone.compress.Compression;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.source.WalkGuide;
import io.packstone.source.rules.Rules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to take a snapshot of, and how.
 *
 * @param paths absolute paths, normalised; empty only with {@code standardInput}
 * @param label what the snapshot is to say of itself
 * @param rules what is left out
 * @param parent what unchanged files are taken over from; null for the newest of the same host and paths
 * @param full reads every file, whatever the parent says
 * @param dryRun counts, and stores nothing
 * @param compression null for the repository's own choice
 * @param standardInput one file that is read from a stream, in place of paths
 * @param cutting where files are cut into chunks
 * @param changes what alone is looked at, all else being as in {@code parent}; null to walk everything
 * @param guide told of the directories that the walk enters
 */
public record BackupOptions(
        List<RawName> paths,
        Label label,
        Rules rules,
        @Nullable SnapshotId parent,
        boolean full,
        boolean dryRun,
        @Nullable Compression compression,
        @Nullable StandardInput standardInput,
        Cutting cutting,
        @Nullable Changes changes,
        WalkGuide guide) {

    /**
     * What a snapshot says of itself, for people to find it by.
     *
     * @param time when it says it was taken; null for now
     */
    public record Label(
            String host,
            String user,
            List<String> tags,
            @Nullable Timestamp time) {
        /** Copies the list. */
        public Label {
            tags = List.copyOf(tags);
        }
    }

    /** Copies the list. */
    public BackupOptions {
        paths = List.copyOf(paths);
    }

    /** Everything below {@code paths}, on behalf of {@code user} at {@code host}. */
    public static BackupOptions of(List<RawName> paths, String host, String user) {
        Label label = new Label(host, user, List.of(), null);
        return new BackupOptions(
                paths, label, Rules.NONE, null, false, false, null, null, Cutting.BY_KIND, null, WalkGuide.ALL);
    }

    /** The same with another label. */
    public BackupOptions withLabel(Label other) {
        return new BackupOptions(
                paths, other, rules, parent, full, dryRun, compression, standardInput, cutting, changes, guide);
    }

    /** The same with other rules. */
    public BackupOptions withRules(Rules other) {
        return new BackupOptions(
                paths, label, other, parent, full, dryRun, compression, standardInput, cutting, changes, guide);
    }

    /** One file from a stream. */
    public BackupOptions withStandardInput(StandardInput other) {
        return new BackupOptions(
                paths, label, rules, parent, full, dryRun, compression, other, cutting, changes, guide);
    }

    /** The same cut another way. */
    public BackupOptions withCutting(Cutting other) {
        return new BackupOptions(
                paths, label, rules, parent, full, dryRun, compression, standardInput, other, changes, guide);
    }

    /** The same as a dry run or not. */
    public BackupOptions withDryRun(boolean other) {
        return new BackupOptions(
                paths, label, rules, parent, full, other, compression, standardInput, cutting, changes, guide);
    }

    /** The same, told of what it enters. */
    public BackupOptions withGuide(WalkGuide other) {
        return new BackupOptions(
                paths, label, rules, parent, full, dryRun, compression, standardInput, cutting, changes, other);
    }

    /** What has changed since {@code since}, and nothing else is looked at. */
    public BackupOptions withChanges(SnapshotId since, Changes other) {
        return new BackupOptions(
                paths, label, rules, since, false, dryRun, compression, standardInput, cutting, other, guide);
    }
}
