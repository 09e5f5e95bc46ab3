package io.packstone.watch;

import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.backup.BackupReport;
import io.packstone.backup.changes.Changes;
import io.packstone.backup.changes.Extent;
import io.packstone.id.SnapshotId;
import io.packstone.maintenance.retention.Forget;
import io.packstone.maintenance.retention.ForgetOptions;
import io.packstone.maintenance.retention.ForgetPlan;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.ChangeEvents;
import io.packstone.posix.Posix;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.source.rules.FolderRules;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a snapshot soon after files have changed, at the cost of what changed, until its thread is interrupted: what was told
 * of until then is taken once more, and the call returns.
 *
 * <p>The system's word is only a hint where to look. Everything is looked at when the watch begins, when more happened
 * than the system could tell, and once in a while all the same.
 */
public final class Watch {
    /** The tag of snapshots that a watch has taken, and may forget again. */
    public static final String TAG = "watch";

    private static final int NAP_MILLIS = 200;

    /** So many times in a row, where changes come faster than they are told of. */
    private static final int READS_MAX = 100;

    private static final long STATE_MILLIS = 5_000;
    private static final long FORGET_MILLIS = 60_000;
    private static final long RETRY_SECONDS_MIN = 5;
    private static final long RETRY_SECONDS_MAX = 300;

    /** Changes that go on are waited for so many times as long as a pause between them. */
    private static final int SETTLES_MAX = 3;

    /**
     * Where some directories can't be watched, everything is looked at so often; and so long after a file of several names
     * has changed, since the system tells of the name that it was opened by only.
     */
    private static final Duration BLIND_RESCAN = Duration.ofMinutes(1);

    private final Repository repository;
    private final Clock clock;

    /** Into {@code repository}, which stays open meanwhile; {@code clock} tells when. */
    public Watch(Repository repository, Clock clock) {
        this.repository = repository;
        this.clock = clock;
    }

    /**
     * Watches what {@code backup} says; {@code listener} is told on this thread.
     *
     * @return false when what changed last could not be stored
     * @throws InterruptedIOException when it was interrupted while it looked at everything, or twice
     * @throws IOException when the system can't tell of changes
     */
    public boolean run(WatchOptions options, BackupOptions backup, ProgressListener progress, WatchListener listener)
            throws IOException {
        List<String> tags = new ArrayList<>(backup.label().tags());
        if (!tags.contains(TAG)) {
            tags.add(TAG);
        }
        BackupOptions.Label label =
                new BackupOptions.Label(backup.label().host(), backup.label().user(), tags, null);
        try (ChangeEvents events = ChangeEvents.open(new Posix())) {
            List<RawName> ruleNames = new ArrayList<>(backup.rules().ifPresent());
            ruleNames.add(FolderRules.FILE_NAME);
            ruleNames.add(RawName.of("CACHEDIR.TAG"));
            RestingFiles resting = new RestingFiles(clock);
            List<TreePath> given = backup.paths().stream().map(TreePath::parse).toList();
            WatchedFolders folders = new WatchedFolders(events, given, ruleNames, options.ignored(), resting);
            return new Run(options, backup.withLabel(label), progress, listener, events, folders, resting).run();
        }
    }

    /** One watch, and what is known so far. */
    private final class Run {
        private final WatchOptions options;
        private final BackupOptions backup;
        private final ProgressListener progress;
        private final WatchListener listener;
        private final ChangeEvents events;
        private final WatchedFolders folders;
        private final RestingFiles resting;
        private final Changes failedBefore = new Changes();
        private @Nullable SnapshotId last;
        private boolean everything = true;
        private boolean linksChanged;
        private long scanned;
        private long begun;
        private long firstChange;
        private long lastChange;
        private long retryAt;
        private long stateAt;
        private long forgetAt;
        private long lastSuccess;
        private long snapshots;
        private long errors;
        private long failing;

        Run(
                WatchOptions options,
                BackupOptions backup,
                ProgressListener progress,
                WatchListener listener,
                ChangeEvents events,
                WatchedFolders folders,
                RestingFiles resting) {
            this.options = options;
            this.backup = backup;
            this.progress = progress;
            this.listener = listener;
            this.events = events;
            this.folders = folders;
            this.resting = resting;
        }

        boolean run() throws IOException {
            boolean stopped = false;
            while (!stopped) {
                stopped = Thread.interrupted();
                listen(stopped || everything && failing == 0 ? 0 : NAP_MILLIS);
                wake(stopped);
                long now = clock.millis();
                everything |= folders.takeEverything() || now - scanned >= rescanMillis();
                if (stopped ? mayHaveChanged() : now >= retryAt && isDue(now)) {
                    take(now, stopped);
                }
                if (clock.millis() >= stateAt) {
                    tell();
                }
            }
            tell();
            return failing == 0;
        }

        private long rescanMillis() {
            Duration blind = folders.unwatched() == 0 && !linksChanged ? options.rescan() : BLIND_RESCAN;
            return Math.min(blind.toMillis(), options.rescan().toMillis());
        }

        private boolean mayHaveChanged() {
            return everything || folders.pending() > 0 || !failedBefore.isEmpty();
        }

        private boolean isDue(long now) {
            if (now - begun < options.every().toMillis() || !mayHaveChanged()) {
                return false;
            }
            long settle = options.settle().toMillis();
            return everything
                    || folders.pending() == 0
                    || now - lastChange >= settle
                    || now - firstChange >= SETTLES_MAX * settle;
        }

        /** Takes in all that the system has to tell; waits for the first of it. */
        private void listen(int milliseconds) throws IOException {
            int before = folders.pending();
            boolean more = events.read(milliseconds, folders);
            for (int i = 0; more && i < READS_MAX; i++) {
                more = events.read(0, folders);
            }
            long now = clock.millis();
            if (folders.pending() > before) {
                lastChange = now;
                firstChange = before == 0 ? now : firstChange;
            }
        }

        /** Files that have rested are looked at again, and when it is to end all others too. */
        private void wake(boolean stopped) {
            long since = resting.waitingSince();
            int before = resting.waiting();
            folders.wake(stopped);
            if (resting.waiting() < before) {
                firstChange = firstChange == 0 ? since : Math.min(firstChange, since);
            }
        }

        /**
         * Interrupted while it looks at changes it ends, to look at them once more as the last thing; while it looks at
         * everything, or {@code stopped} before, the next watch finds what is left.
         */
        private void take(long now, boolean stopped) throws IOException {
            boolean whole = everything || last == null;
            Changes changes = folders.take();
            changes.addAll(failedBefore);
            everything = false;
            begun = now;
            long told = firstChange;
            firstChange = 0;
            try {
                BackupReport report = snapshot(whole ? null : changes);
                resting.read(changes.foundLong(RestingFiles.LARGE_MIN), report.bytesRead(), clock.millis() - now);
                failedBefore.clear();
                failing = 0;
                retryAt = 0;
                lastSuccess = resting.waiting() == 0 ? now : lastSuccess;
                scanned = whole ? now : scanned;
                linksChanged = !whole && (linksChanged || changes.foundLinks());
                if (report.snapshot() != null) {
                    last = report.snapshot();
                    snapshots++;
                }
                listener.taken(report, whole);
                folders.giveUp(changes.withoutDirectory());
                forget();
                stateAt = 0;
            } catch (InterruptedIOException e) {
                if (stopped || whole) {
                    throw e;
                }
                failedBefore.addAll(changes);
                firstChange = told;
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                everything = whole;
                failedBefore.addAll(changes);
                firstChange = told;
                errors++;
                failing++;
                long seconds = Math.min(RETRY_SECONDS_MAX, RETRY_SECONDS_MIN << Math.min(failing - 1, 10));
                retryAt = clock.millis() + seconds * 1000;
                stateAt = 0;
                listener.failed(e, stopped ? 0 : seconds);
            }
        }

        private BackupReport snapshot(@Nullable Changes changes) throws IOException {
            if (changes == null) {
                folders.begin();
            }
            BackupOptions what = backup.withExtent(new Extent(changes, folders, true));
            return new Backup(repository, clock).run(changes == null ? what : what.withParent(last), progress);
        }

        /** Of the snapshots that a watch of these paths has taken, those that no rule keeps. */
        private void forget() throws IOException {
            if (options.kept().isEmpty() || clock.millis() < forgetAt) {
                return;
            }
            forgetAt = clock.millis() + FORGET_MILLIS;
            Forget forget = new Forget(repository, clock);
            ForgetPlan plan = forget.plan(ForgetOptions.byRules(options.kept(), options.zone()));
            List<SnapshotId> gone = new ArrayList<>();
            for (ForgetPlan.Group group : plan.groups()) {
                for (ForgetPlan.Verdict verdict : group.verdicts()) {
                    if (!verdict.isKept() && isOwn(verdict.snapshot().record())) {
                        gone.add(verdict.snapshot().id());
                    }
                }
            }
            if (!gone.isEmpty()) {
                ForgetPlan own = forget.plan(ForgetOptions.of(gone, options.zone()));
                listener.forgot(
                        forget.apply(own, own.forgotten().size()).forgotten().size());
            }
        }

        private boolean isOwn(SnapshotRecord record) {
            return record.tags().contains(TAG)
                    && record.host().equals(backup.label().host())
                    && record.paths().equals(backup.paths());
        }

        /** As a state has it: 0 when nothing waits. */
        private long waitingSince() {
            long since = Math.min(resting.waitingSince(), firstChange == 0 ? Long.MAX_VALUE : firstChange);
            return since == Long.MAX_VALUE ? 0 : since;
        }

        private void tell() {
            stateAt = clock.millis() + STATE_MILLIS;
            if (!mayHaveChanged() && resting.waiting() == 0 && failing == 0) {
                lastSuccess = clock.millis();
            }
            listener.state(new WatchListener.State(
                    folders.watched(),
                    folders.unwatched(),
                    folders.pending() + resting.waiting() + failedBefore.size() + (everything ? 1 : 0),
                    waitingSince(),
                    lastSuccess,
                    snapshots,
                    errors,
                    failing,
                    folders.overflows()));
        }
    }
}
