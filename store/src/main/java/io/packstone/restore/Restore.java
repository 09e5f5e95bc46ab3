package io.packstone.restore;

import io.packstone.crypto.ChunkHasher;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.Totals;
import io.packstone.metadata.FileType;
import io.packstone.pipeline.WarmUp;
import io.packstone.posix.PosixException;
import io.packstone.posix.Refusal;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.disk.Attributes;
import io.packstone.restore.disk.Marker;
import io.packstone.restore.disk.TargetFolders;
import io.packstone.restore.patch.Comparison;
import io.packstone.restore.patch.Steps;
import io.packstone.restore.work.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Restores a snapshot, or a part of one, into a folder.
 *
 * <p>A file named {@code .packstone-restore} stands in the target as long as a restore is under way: found there, it tells
 * of one that was killed, and files that look finished are compared chunk by chunk. When the calling thread is interrupted,
 * files that are not complete are removed and an {@link java.io.InterruptedIOException} is thrown.
 */
public final class Restore {
    private final Repository repository;
    private final Steps steps;

    /** From {@code repository}. */
    public Restore(Repository repository) {
        this(repository, Steps.ALL);
    }

    /** Tells {@code steps} of those that change files where they are. */
    Restore(Repository repository, Steps steps) {
        this.repository = repository;
        this.steps = steps;
    }

    /**
     * Restores; when this returns, everything that was written is durable. What can't be restored is told in the report, and
     * does not keep the rest from being restored.
     *
     * @throws RepositoryException when the path is not in the snapshot ({@link ErrorKind#NOT_FOUND}) or the target is full
     *     ({@link ErrorKind#NO_ROOM})
     */
    public RestoreReport run(StoredSnapshot snapshot, RestoreOptions options, ProgressListener progress)
            throws IOException {
        return run(snapshot, options, progress, action -> {});
    }

    /** As above; a dry run tells {@code actions}, from the calling thread, what would be done with each name. */
    public RestoreReport run(
            StoredSnapshot snapshot,
            RestoreOptions options,
            ProgressListener progress,
            Consumer<RestoreReport.Action> actions)
            throws IOException {
        long begun = System.nanoTime();
        WarmUp.begin();
        repository.loadIndex();
        ManifestEntry entry = find(snapshot, options);
        Tally tally = new Tally(progress, options.dryRun() ? actions : action -> {});
        try (TargetFolders folders = TargetFolders.open(options.target(), !options.dryRun())) {
            TargetItself.Before before = options.dryRun() ? TargetItself.Before.AS_IS : TargetItself.letIn(folders);
            Marker marker = options.dryRun() ? Marker.none() : Marker.leave(folders, snapshot.id());
            Workers workers = new Workers();
            RestoreRun run = new RestoreRun(
                    repository,
                    options,
                    folders,
                    tally,
                    workers,
                    marker,
                    steps,
                    new Attributes(tally, options.policy(), snapshot.record().fidelity()));
            Tree tree = new Tree(run, snapshot, entry);
            try {
                tree.restore();
            } finally {
                workers.close();
                List.copyOf(run.openFiles()).forEach(FileJob::abandon);
                run.flags().apply(folders, tally, run::text);
            }
            marker.remove(folders);
            tree.setTarget(before);
        } catch (PosixException e) {
            throw new RepositoryException(
                    e.isNoRoom() ? ErrorKind.NO_ROOM : ErrorKind.BACKEND,
                    null,
                    options.target() + ": " + e.reason() + "; " + Refusal.of(e).remedy(),
                    e);
        } catch (RepositoryException e) {
            throw Thread.currentThread().isInterrupted() ? Workers.interrupted(e) : e;
        }
        return tally.report((System.nanoTime() - begun) / 1e9);
    }

    private @Nullable ManifestEntry find(StoredSnapshot snapshot, RestoreOptions options) throws IOException {
        if (options.path().isRoot()) {
            return null;
        }
        ManifestEntry entry = repository.manifests().find(snapshot.record().root(), options.path());
        if (entry == null) {
            throw new RepositoryException(
                    ErrorKind.NOT_FOUND,
                    null,
                    options.path() + " is not in snapshot " + snapshot.id().toShortHex() + "; look with ls");
        }
        return entry;
    }

    /** One run over the tree. */
    private static final class Tree {
        private final RestoreRun run;
        private final StoredSnapshot snapshot;
        private final @Nullable ManifestEntry single;
        private final Removal removal;
        private final FolderMaking making;
        private final HardLinks links;
        private final SpecialFiles specials;
        private final ChunkHasher hasher;
        private final Patching patching;
        private Window window = new Window();
        private @Nullable Folder top;

        private Tree(RestoreRun run, StoredSnapshot snapshot, @Nullable ManifestEntry entry) {
            this.run = run;
            this.snapshot = snapshot;
            this.single = entry;
            removal = new Removal(run, snapshot.record());
            patching = new Patching(run, removal);
            making = new FolderMaking(run, removal, patching);
            links = new HardLinks(run, removal);
            specials = new SpecialFiles(run, removal);
            hasher = new ChunkHasher(run.repository().keys().idKey());
        }

        private void restore() throws IOException, PosixException {
            tellStage("restore");
            SelectedWalk walk = walk(true);
            top = walk.top();
            making.begin(walk.top());
            patching.settleNoted();
            for (SelectedWalk.Step step = walk.next(); step != null; step = walk.next()) {
                run.workers().check();
                visit(step);
                if (links.isFull()) {
                    link();
                }
            }
            link();
            delete(walk.isComplete());
            making.setAttributes();
            run.flags().apply(run.folders(), run.tally(), run::text);
            if (run.options().dryRun()) {
                return;
            }
            run.folders().sync();
            if (run.options().verify()) {
                tellStage("verify");
                new Verification(run, removal).run(walk(false));
            }
        }

        /** Last of all, since taking the marker away changes the target's time. */
        private void setTarget(TargetItself.Before before) throws IOException {
            Folder folder = top;
            if (folder != null && !run.options().dryRun()) {
                TargetItself target = new TargetItself(run, snapshot.record().root(), folder);
                target.set(making.wanted(folder), before);
            }
        }

        private void tellStage(String name) throws IOException {
            Totals totals = Totals.NONE;
            RestoreOptions options = run.options();
            if (options.includes().isEmpty() && options.excludes().isEmpty()) {
                totals = totals();
            }
            run.tally().progress().stage(name, totals.files(), totals.bytes());
        }

        private Totals totals() throws IOException {
            if (single != null && single.metadata().type() != FileType.DIRECTORY) {
                return new Totals(1, 1, 0, single.body().plainLength(), 0);
            }
            try {
                return run.repository()
                        .manifests()
                        .totalsBelow(snapshot.record().root(), run.options().path());
            } catch (StoreException e) {
                return Totals.NONE; // The walk meets the same and tells.
            }
        }

        /** {@code first} tells of what is lost; later walks need not repeat it. */
        private SelectedWalk walk(boolean first) {
            return new SelectedWalk(
                    run.repository().manifests(),
                    snapshot.record().root(),
                    run.options(),
                    single,
                    first ? run.tally()::lost : ignored -> {});
        }

        private void visit(SelectedWalk.Step step) throws IOException {
            Folder self = step.self();
            if (!step.choice().isTaken()) {
                return;
            }
            if (self != null) {
                making.require(self);
            } else if (FolderMaking.leadsElsewhere(step.entry().path().name())) {
                run.tally().lost(step.entry().path() + ": no file may have such a name; it is not restored");
            } else if (step.place().equals(Marker.NAME)) {
                run.tally().progress().warn(step.entry().path() + ": left out: it is the mark of a restore");
            } else {
                making.require(step.folder());
                if (!links.take(step)) {
                    restoreNonFolder(step);
                }
            }
        }

        private void restoreNonFolder(SelectedWalk.Step step) throws IOException {
            if (step.entry().metadata().type() != FileType.FILE) {
                specials.restore(step);
            } else {
                restoreFile(step.entry(), step.folder());
            }
        }

        /** Makes further names of what is there by then. */
        private void link() throws IOException {
            endWindow();
            for (SelectedWalk.Step step : links.link()) {
                restoreNonFolder(step);
            }
            endWindow();
        }

        private void restoreFile(ManifestEntry entry, Folder folder) throws IOException {
            FileJob job = new FileJob(run, entry, folder);
            if (entry.changedWhileRead()) {
                run.tally().torn(job::text);
            }
            if (run.options().dryRun()) {
                patching.foresee(job, new ExistingFiles(run, removal));
                return;
            }
            if (patching.take(job)) {
                return;
            }
            if (patching.isHeld(job)) {
                run.giveUp(job.place()); // Why was told.
                return;
            }
            List<FileJob.Need> needs = new ArrayList<>();
            try {
                BodyReader body = new BodyReader(run.repository().chunks(), entry.body());
                while (body.next()) {
                    if (Comparison.isHole(entry, body, hasher)) {
                        run.tally().progress().advance(0, body.length());
                        continue;
                    }
                    needs.add(new FileJob.Need(job, body.id(), body.length(), body.offset()));
                    window.count(body.length());
                    if (window.isFull()) {
                        job.await(1);
                        window.add(job, needs);
                        needs = new ArrayList<>();
                        submit();
                        if (job.isSettled()) {
                            break;
                        }
                    }
                }
            } catch (CorruptionException | MissingObjectException | LimitExceededException e) {
                job.lost(e);
            }
            window.add(job, needs);
            if (window.isFull()) {
                submit();
            }
        }

        private void submit() throws IOException {
            Window full = window;
            window = new Window();
            if (!full.isEmpty()) {
                run.workers().submit(batch -> () -> full.run(run, removal, batch));
            }
        }

        private void endWindow() throws IOException {
            submit();
            run.workers().await();
        }

        private void delete(boolean complete) throws IOException {
            boolean folder = single == null || single.metadata().type() == FileType.DIRECTORY;
            if (!run.options().delete() || !folder || run.folders().wasMissing()) {
                return;
            }
            if (!complete) {
                run.tally().problem("nothing was deleted: a part of the snapshot's list of files can't be read");
                return;
            }
            SelectedWalk walk = walk(false);
            new Deletion(run, removal, walk).run();
        }
    }
}
