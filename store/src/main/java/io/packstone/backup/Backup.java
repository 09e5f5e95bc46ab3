package io.packstone.backup;

import io.packstone.backup.SourcePass.Pause;
import io.packstone.backup.changes.Changes;
import io.packstone.backup.resume.Checkpoints;
import io.packstone.backup.resume.RefusedException;
import io.packstone.backup.strategy.Choice;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.MissingObjectException;
import io.packstone.error.RepositoryException;
import io.packstone.error.SourceException;
import io.packstone.id.SnapshotId;
import io.packstone.manifest.ManifestRoot;
import io.packstone.manifest.Totals;
import io.packstone.metadata.Owner;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.metadata.TreePath;
import io.packstone.pipeline.SameThread;
import io.packstone.pipeline.WorkerCount;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.CommitOutcome;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import io.packstone.repository.WriteSession;
import io.packstone.snapshot.SnapshotCounts;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.source.SourceOptions;
import io.packstone.source.SourceWalker;
import io.packstone.source.TreeTotals;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Takes a snapshot. It is acknowledged only when it is durable and everything it refers to was seen to be there.
 *
 * <p>When the calling thread is interrupted, what was sealed so far is stored, so that the next run need not do it again,
 * and an {@link InterruptedIOException} is thrown.
 */
public final class Backup {
    /** Name and version of the program, as records keep it. */
    public static final String PROGRAM = "packstone 0.1.0";

    /** Each is lost only to a prune that took this job for dead meanwhile. */
    private static final int ATTEMPTS = 10;

    /** A worker holds about 20 MB, two batches on their way another 9, and 3 MB are outside the heap. */
    private static final long HEAP_PER_WORKER = 48L << 20;

    private final Repository repository;
    private final Clock clock;

    /** Into {@code repository}; {@code clock} tells when. */
    public Backup(Repository repository, Clock clock) {
        this.repository = repository;
        this.clock = clock;
    }

    /** Takes a snapshot, or only counts what one would take. */
    public BackupReport run(BackupOptions options, ProgressListener progress) throws IOException {
        ExecutorService workers = repository.threads() ? threads() : new SameThread();
        try {
            return new Run(options, progress, workers).take();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (SourceException e) {
            throw new RepositoryException(ErrorKind.NOT_FOUND, null, e.getMessage(), e);
        } finally {
            workers.shutdownNow();
        }
    }

    /** How many threads read, cut, compress and seal. */
    static int workerCount() {
        return WorkerCount.forHeapEach(HEAP_PER_WORKER);
    }

    private static ExecutorService threads() {
        return Executors.newFixedThreadPool(workerCount(), daemons("worker"));
    }

    static ThreadFactory daemons(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private static InterruptedIOException interrupted(InterruptedException cause) {
        InterruptedIOException exception =
                new InterruptedIOException("interrupted; what was stored so far is kept for the next run");
        exception.initCause(cause);
        return exception;
    }

    /** One run, with what it needs at every step. */
    private final class Run {
        private final BackupOptions options;
        private final ProgressListener progress;
        private final ExecutorService workers;
        private final long begun = System.nanoTime();
        private final Timestamp time;
        private Counters counters;
        private @Nullable Checkpoints checkpoints;

        /** Whether there are partial snapshots of the same that are to be forgotten in the end. */
        private boolean partialsSeen;

        private Run(BackupOptions options, ProgressListener progress, ExecutorService workers) {
            this.options = options;
            this.progress = progress;
            this.workers = workers;
            this.counters = new Counters(progress);
            Instant now = clock.instant();
            Timestamp given = options.label().time();
            this.time = given == null ? new Timestamp(now.getEpochSecond(), now.getNano()) : given;
        }

        private BackupReport take() throws IOException, InterruptedException, SourceException {
            Choice choice = choice();
            StoredSnapshot before = choice.before();
            repository.loadIndex(); // After the list: whoever commits a snapshot puts its segments first.
            if (before != null) {
                SnapshotCounts counts = before.record().counts();
                progress.stage("snapshot", counts.files(), counts.bytes());
            } else {
                progress.stage("snapshot", 0, 0);
            }
            if (options.dryRun()) {
                ManifestRoot root = pass(new DryOutput(repository), choice, false);
                return report(null, choice, root, 0);
            }
            BackupReport report = store(choice);
            for (int again = 1; report == null && again < ATTEMPTS; again++) {
                repository.loadIndex();
                choice = withLess(choice);
                report = store(choice);
            }
            if (report == null) {
                throw disappearing();
            }
            return report;
        }

        private static RepositoryException disappearing() {
            return new RepositoryException(
                    ErrorKind.MISSING, null, "packs keep disappearing from the repository; run check and try again");
        }

        /** Null when what is compared with can't be read. */
        private @Nullable BackupReport store(Choice choice) throws IOException, InterruptedException, SourceException {
            try (WriteSession session = repository.begin(
                    options.compression() == null ? repository.compression() : options.compression())) {
                try {
                    return commit(session, choice);
                } catch (InterruptedException | InterruptedIOException e) {
                    Thread.interrupted();
                    session.abandon();
                    throw e;
                } catch (SourceException e) {
                    session.abandon();
                    throw e;
                }
            }
        }

        /** Reads every file when the parent is damaged, or forgotten and gone; null when that has to begin afresh. */
        private @Nullable BackupReport commit(WriteSession session, Choice first)
                throws IOException, InterruptedException, SourceException {
            Choice choice = first;
            SessionOutput output = new SessionOutput(session, progress);
            Checkpoints partials = new Checkpoints(repository, session, options.checkpoints(), progress);
            checkpoints = partials;
            boolean verifyReused = false;
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                counters = new Counters(progress);
                partials.begin(choice.partials());
                CommitOutcome outcome;
                try {
                    ManifestRoot root = read(output, choice, verifyReused);
                    if (root == null) {
                        session.abandon();
                        return null;
                    }
                    session.flush();
                    output.tellRest();
                    if (endsWithout(root, choice, session)) {
                        return report(null, choice, root, session.bytesStored());
                    }
                    SnapshotRecord record = record(root, choice, status(), session.bytesStored());
                    outcome = session.commit(record, partials.reliedOn());
                    if (outcome.snapshot() != null) {
                        landed(outcome);
                        return report(outcome.snapshot(), choice, root, session.bytesStored());
                    }
                } catch (RefusedException e) {
                    outcome = e.outcome();
                }
                progress.warn(
                        outcome.lost().size() + " packs that were to be shared are gone; reading again what they held");
                verifyReused = true;
                choice = standing(choice, partials);
            }
            throw disappearing();
        }

        /** Null when what is compared with can't be read. */
        private @Nullable ManifestRoot read(SessionOutput output, Choice choice, boolean verifyReused)
                throws IOException, InterruptedException, SourceException {
            try {
                return pass(output, choice, verifyReused);
            } catch (CorruptionException | MissingObjectException e) {
                if (choice.before() == null && choice.partials().isEmpty()) {
                    throw e;
                }
                String read = choice.partials().isEmpty() ? ", so every file is: " : "; it is gone on without: ";
                progress.warn("the snapshot before this one can't be read" + read + e.getMessage());
                return null;
            }
        }

        /** True when there is no snapshot to be taken, since there would be nothing new in it. */
        private boolean endsWithout(ManifestRoot root, Choice choice, WriteSession session) throws IOException {
            if (root.totals().entries() == 0 || nothingFound(root)) {
                session.abandon();
                throw new RepositoryException(
                        ErrorKind.NOT_FOUND, null, "nothing to take a snapshot of: " + firstProblem());
            }
            if (!isNothingNew(root, choice.parent())) {
                return false;
            }
            session.abandon();
            dropPartials(null);
            return true;
        }

        private void landed(CommitOutcome outcome) {
            if (outcome.unfinished() != null) {
                progress.warn("the snapshot is taken; what failed after that is left to the next one: "
                        + outcome.unfinished().getMessage());
            }
            dropPartials(outcome.snapshot());
        }

        private void dropPartials(@Nullable SnapshotId whole) {
            Checkpoints partials = checkpoints;
            if (partials != null && (partialsSeen || partials.any())) {
                partials.drop(whole, options.label().host(), options.paths());
            }
        }

        /** What can be gone on from after a refusal, with what this run has stored itself. */
        private Choice standing(Choice choice, Checkpoints partials) throws IOException {
            List<StoredSnapshot> still = new ArrayList<>();
            for (StoredSnapshot partial : partials.standing()) {
                if (repository.protocol().stands(partial.id())) {
                    still.add(partial);
                }
            }
            StoredSnapshot parent = choice.parent();
            boolean parentGone = parent != null && !repository.protocol().stands(parent.id());
            return parentGone ? choice.withOnly(still) : choice.withPartials(still);
        }

        /** Without the partial ones, or else without any. */
        private static Choice withLess(Choice choice) {
            return choice.partials().isEmpty() ? choice.withoutBefore() : choice.withPartials(List.of());
        }

        private boolean isNothingNew(ManifestRoot root, @Nullable StoredSnapshot parent) {
            return options.extent().onlyIfChanged()
                    && parent != null
                    && root.id().equals(parent.record().root())
                    && status().equals(parent.record().status());
        }

        /** Problems, and no given path among the entries: only the folders that lead to them. */
        private boolean nothingFound(ManifestRoot root) throws IOException {
            if (counters.errors() == 0 || options.standardInput() != null) {
                return false;
            }
            for (RawName path : options.paths()) {
                if (repository.manifests().find(root.id(), TreePath.parse(path)) != null) {
                    return false;
                }
            }
            return true;
        }

        private String firstProblem() {
            List<SourceProblem> problems = counters.problems();
            return problems.isEmpty()
                    ? "every path is excluded"
                    : problems.get(0).message();
        }

        private ManifestRoot pass(ChunkOutput output, Choice choice, boolean verifyReused)
                throws IOException, InterruptedException, SourceException {
            SourcePass pass =
                    new SourcePass(repository, output, counters, workers, choice, verifyReused, options.cutting());
            StandardInput input = options.standardInput();
            if (input != null) {
                return pass.read(input, owner(), time);
            }
            AtomicBoolean done = new AtomicBoolean();
            if (choice.before() == null && progress.wantsTotals()) {
                countBeside(done);
            }
            try {
                Changes changes = options.extent().changes();
                StoredSnapshot parent = choice.parent();
                if (changes == null || parent == null || verifyReused) {
                    Pause pause = options.dryRun() ? Pause.NONE : new Pausing(choice);
                    return pass.walk(sourceOptions().withGuide(options.extent().told()), pause);
                }
                counters.takeOver(parent.record(), changes);
                SourceOptions there = sourceOptions().withGuide(options.extent().guide());
                return pass.walk(there, parent, changes);
            } finally {
                done.set(true);
            }
        }

        private SourceOptions sourceOptions() {
            return SourceOptions.of(options.paths(), Path.of(System.getProperty("java.io.tmpdir")))
                    .withRules(options.rules())
                    .withMap(options.consistency().map());
        }

        /** For a person who watches; the counts of the parent would tell as much. */
        private void countBeside(AtomicBoolean done) {
            Thread counting = new Thread(
                    () -> {
                        try {
                            TreeTotals totals = TreeTotals.count(sourceOptions(), done::get);
                            if (totals != null) {
                                progress.totals(totals.files(), totals.bytes());
                            }
                        } catch (IOException e) {
                            // The walk that matters meets the same and tells.
                        }
                    },
                    "totals");
            counting.setDaemon(true);
            counting.start();
        }

        private Owner owner() throws IOException {
            int uid = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            int gid = (int) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
            return new Owner(uid, options.label().user(), gid, "");
        }

        private Choice choice() throws IOException {
            if (options.standardInput() != null) {
                return Choice.WHOLE;
            }
            List<StoredSnapshot> earlier = new ArrayList<>();
            SnapshotLog.View view = repository.snapshots().list();
            view.unreadable().forEach(damaged -> progress.warn(damaged.cause().getMessage() + "; run packstone check"));
            for (StoredSnapshot snapshot : view.snapshots()) {
                SnapshotRecord record = snapshot.record();
                boolean chosen = options.parent() == null
                        ? record.host().equals(options.label().host())
                                && record.paths().equals(options.paths())
                        : snapshot.id().equals(options.parent());
                if (chosen) {
                    earlier.add(snapshot);
                    partialsSeen |= record.isPartial() && options.parent() == null;
                }
            }
            return options.parent() == null
                    ? Choice.of(options.strategy(), earlier, time)
                    : Choice.among(options.strategy(), earlier, time);
        }

        private SnapshotRecord record(ManifestRoot root, Choice choice, String status, long bytesStored) {
            List<SnapshotRecord.Problem> problems = new ArrayList<>();
            for (SourceProblem problem : counters.problems()) {
                problems.add(new SnapshotRecord.Problem(problem.path(), problem.message()));
            }
            Totals totals = root.totals();
            SnapshotCounts counts = new SnapshotCounts(
                    totals.files(),
                    totals.directories(),
                    totals.entries() - totals.files() - totals.directories(),
                    totals.bytes(),
                    counters.filesNew.get(),
                    counters.filesChanged.get(),
                    unchanged(totals),
                    counters.bytesRead.get(),
                    counters.bytesNew.get(),
                    bytesStored);
            List<RawName> paths = options.standardInput() == null
                    ? options.paths()
                    : List.of(options.standardInput().name());
            return new SnapshotRecord(
                    root.id(),
                    id(choice.parent()),
                    List.of(),
                    0,
                    null,
                    time,
                    options.label().host(),
                    options.label().user(),
                    paths,
                    options.label().tags(),
                    choice.takenAs().text(),
                    status,
                    problems,
                    counters.errors(),
                    counts,
                    counters.recorded(options.rules()),
                    options.consistency().label(),
                    PROGRAM,
                    null,
                    counters.fidelity());
        }

        private static @Nullable SnapshotId id(@Nullable StoredSnapshot snapshot) {
            return snapshot == null ? null : snapshot.id();
        }

        /** Those that were not looked at are unchanged too. */
        private long unchanged(Totals totals) {
            return options.extent().changes() == null
                    ? counters.filesUnchanged.get()
                    : totals.files() - counters.filesNew.get() - counters.filesChanged.get();
        }

        /** Stores partial snapshots. */
        private final class Pausing implements Pause {
            private final Choice choice;
            private final Checkpoints partials = Objects.requireNonNull(checkpoints);

            Pausing(Choice choice) {
                this.choice = choice;
            }

            @Override
            public void willRead(long bytes) {
                partials.willRead(bytes);
            }

            @Override
            public boolean isDue() {
                return partials.isDue();
            }

            @Override
            public void take(ManifestRoot soFar, SourceWalker walker, TreePath reached) throws IOException {
                counters.soFar(walker.unread().counts(), walker.seesTrusted(), walker.heeded());
                partials.take(record(soFar, choice, SnapshotRecord.PARTIAL, partials.bytesStored()), reached);
            }
        }

        private String status() {
            return counters.errors() == 0 ? SnapshotRecord.COMPLETE : SnapshotRecord.DEGRADED;
        }

        private BackupReport report(@Nullable SnapshotId id, Choice choice, ManifestRoot root, long bytesStored) {
            return new BackupReport(
                    id,
                    id(choice.parentOrPartial()),
                    counters.filesNew.get(),
                    counters.filesChanged.get(),
                    unchanged(root.totals()),
                    root.totals().directories(),
                    counters.bytesRead.get(),
                    counters.bytesNew.get(),
                    bytesStored,
                    counters.errors(),
                    counters.all(),
                    counters.heeded().counts(),
                    choice.takenAs(),
                    counters.filesBehind(),
                    (System.nanoTime() - begun) / 1e9,
                    status());
        }
    }
}
