package io.packstone.backup;

import io.packstone.backup.changes.Extent;
import io.packstone.backup.cutting.Cutting;
import io.packstone.backup.resume.Interval;
import io.packstone.backup.strategy.Strategy;
import io.packstone.compress.Compression;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.source.rules.Rules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to take a snapshot of, and how.
 *
 * @param paths absolute paths, normalised; empty only with {@code standardInput}
 * @param label what the snapshot is to say of itself
 * @param rules what is left out
 * @param parent what files are compared with; null for what the strategy chooses among those of the same host and paths
 * @param strategy which files are not read again; with a parent, full or incremental
 * @param dryRun counts, and stores nothing
 * @param compression null for the repository's own choice
 * @param standardInput one file that is read from a stream, in place of paths
 * @param cutting where files are cut into chunks
 * @param consistency what keeps the source still while it is read
 * @param extent how much of it is looked at
 * @param checkpoints how often a partial snapshot is stored while the whole one is being taken
 */
public record BackupOptions(
        List<RawName> paths,
        Label label,
        Rules rules,
        @Nullable SnapshotId parent,
        Strategy strategy,
        boolean dryRun,
        @Nullable Compression compression,
        @Nullable StandardInput standardInput,
        Cutting cutting,
        Consistency consistency,
        Extent extent,
        Interval checkpoints) {

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
                paths,
                label,
                Rules.NONE,
                null,
                Strategy.INCREMENTAL,
                false,
                null,
                null,
                Cutting.BY_KIND,
                Consistency.LIVE,
                Extent.ALL,
                Interval.USUAL);
    }

    /** The same with another label. */
    public BackupOptions withLabel(Label other) {
        Draft draft = new Draft(this);
        draft.label = other;
        return draft.options();
    }

    /** The same with other rules. */
    public BackupOptions withRules(Rules other) {
        Draft draft = new Draft(this);
        draft.rules = other;
        return draft.options();
    }

    /** One file from a stream. */
    public BackupOptions withStandardInput(StandardInput other) {
        Draft draft = new Draft(this);
        draft.standardInput = other;
        return draft.options();
    }

    /** The same cut another way. */
    public BackupOptions withCutting(Cutting other) {
        Draft draft = new Draft(this);
        draft.cutting = other;
        return draft.options();
    }

    /** The same by another strategy. */
    public BackupOptions withStrategy(Strategy other) {
        Draft draft = new Draft(this);
        draft.strategy = other;
        return draft.options();
    }

    /** The same as a dry run or not. */
    public BackupOptions withDryRun(boolean other) {
        Draft draft = new Draft(this);
        draft.dryRun = other;
        return draft.options();
    }

    /** The same of a source that is kept still so. */
    public BackupOptions withConsistency(Consistency other) {
        Draft draft = new Draft(this);
        draft.consistency = other;
        return draft.options();
    }

    /** The same of so much of the source. */
    public BackupOptions withExtent(Extent other) {
        Draft draft = new Draft(this);
        draft.extent = other;
        return draft.options();
    }

    /** The same with another parent. */
    public BackupOptions withParent(@Nullable SnapshotId other) {
        Draft draft = new Draft(this);
        draft.parent = other;
        return draft.options();
    }

    /** The same with partial snapshots as often as that. */
    public BackupOptions withCheckpoints(Interval other) {
        Draft draft = new Draft(this);
        draft.checkpoints = other;
        return draft.options();
    }

    /** Options of which some may be changed. */
    private static final class Draft {
        private List<RawName> paths;
        private Label label;
        private Rules rules;
        private @Nullable SnapshotId parent;
        private Strategy strategy;
        private boolean dryRun;
        private @Nullable Compression compression;
        private @Nullable StandardInput standardInput;
        private Cutting cutting;
        private Consistency consistency;
        private Extent extent;
        private Interval checkpoints;

        Draft(BackupOptions options) {
            paths = options.paths;
            label = options.label;
            rules = options.rules;
            parent = options.parent;
            strategy = options.strategy;
            dryRun = options.dryRun;
            compression = options.compression;
            standardInput = options.standardInput;
            cutting = options.cutting;
            consistency = options.consistency;
            extent = options.extent;
            checkpoints = options.checkpoints;
        }

        BackupOptions options() {
            return new BackupOptions(
                    paths,
                    label,
                    rules,
                    parent,
                    strategy,
                    dryRun,
                    compression,
                    standardInput,
                    cutting,
                    consistency,
                    extent,
                    checkpoints);
        }
    }
}
