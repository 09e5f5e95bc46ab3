package io.packstone.restore;

import io.packstone.crypto.ChunkHasher;
import io.packstone.error.CorruptionException;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileFlags;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.restore.disk.TargetFolders;
import io.packstone.restore.patch.Comparison;
import io.packstone.restore.patch.LeftoverNames;
import io.packstone.restore.patch.Leftovers;
import io.packstone.restore.patch.Patch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Large files that are there already: compared by all threads, and of those that mostly fit only the rest is written. One at
 * a time, with nothing else under way, so that no other file of the snapshot meets the names that it has meanwhile. For the
 * thread that walks the snapshot.
 */
final class Patching {
    /**
     * Below this a new file costs less than the six times that a patch waits for the disk: at 100 MB/s and 10 ms, 8 MiB are
     * written in about the time of eight.
     */
    static final long LENGTH_MIN = 8L << 20;

    /**
     * Up to what part of a file may differ. Each byte that does is written twice, to the journal and to its place; so a
     * patch of a quarter writes half as much as a new file does.
     */
    private static final int DIFFERING_PART = 4;

    private final RestoreRun run;
    private final Removal removal;
    private final ExistingFiles existing;
    private final ChunkHasher hasher;
    private final Leftovers leftovers;
    private final Map<RawName, Leftovers.Outcome> unsettled = new HashMap<>();
    private Window window = new Window();

    Patching(RestoreRun run, Removal removal) {
        this.run = run;
        this.removal = removal;
        existing = new ExistingFiles(run, removal);
        hasher = new ChunkHasher(run.repository().keys().idKey());
        leftovers = new Leftovers(hasher, run.steps(), new Leftovers.Listener() {
            @Override
            public void problem(String message) {
                run.tally().problem(message);
            }

            @Override
            public void warn(String message) {
                run.tally().progress().warn(message);
            }
        });
    }

    /** Settles what killed restores into this target have left, wherever it is. */
    void settleNoted() throws PosixException {
        for (RawName place : run.marker().noted(run.folders())) {
            TreePath path = TreePath.parse(place);
            if (!leadsElsewhere(place) && !path.isRoot()) {
                try (TargetFolders.Held held = run.folders().hold(path.directory())) {
                    settle(held.handle(), path.directory(), LeftoverNames.journalOf(path.name()));
                } catch (PosixException e) {
                    if (!e.isNotFound() && !e.isNotDirectory()) {
                        run.failed(place, e);
                    }
                }
            }
        }
    }

    private static boolean leadsElsewhere(RawName place) {
        for (TreePath at = TreePath.parse(place); !at.isRoot(); at = TreePath.parse(at.directory())) {
            if (FolderMaking.leadsElsewhere(at.name())) {
                return true;
            }
        }
        return false;
    }

    /** Settles what a journal of that name in a folder belongs to, if there is one. */
    void settle(DirectoryHandle here, RawName folder, RawName journalName) {
        RawName place = Folder.join(folder, journalName);
        if (unsettled.containsKey(place)) {
            return;
        }
        boolean dryRun = run.options().dryRun();
        Leftovers.Outcome outcome =
                leftovers.settle(here, journalName, name -> run.text(Folder.join(folder, name)), dryRun);
        if (outcome == Leftovers.Outcome.FAILED) {
            run.marker().keep();
        }
        if (outcome != Leftovers.Outcome.SETTLED) {
            unsettled.put(place, outcome);
        }
    }

    /**
     * True for a file that a killed restore left half written, and that could not be made what it was: a new one in its place
     * would keep the next restore from trying that again.
     */
    boolean isHeld(FileJob job) {
        if (unsettled.isEmpty()) {
            return false;
        }
        RawName journal = Folder.join(job.folder().place(), LeftoverNames.journalOf(job.name()));
        return unsettled.get(journal) == Leftovers.Outcome.FAILED;
    }

    /** True when the file is done with, whether it worked or not; false when it is to be restored as all others are. */
    boolean take(FileJob job) throws IOException {
        if (!isLarge(job) || run.workers().isStopped()) {
            return false;
        }
        Looked looked;
        try (TargetFolders.Held held = run.folders().hold(job.folder().place())) {
            looked = look(job, held.handle());
        } catch (PosixException e) {
            return false; // The usual way meets the same, and tells.
        }
        return looked != null && patch(job, looked.there(), looked.comparison());
    }

    /** A file that is to be patched. */
    private record Looked(FileStatus there, Comparison comparison) {}

    /** Null when it is to be restored as all others are. */
    private @Nullable Looked look(FileJob job, DirectoryHandle here) throws IOException {
        settle(here, job.folder().place(), LeftoverNames.journalOf(job.name()));
        FileStatus there = isHeld(job) ? null : here.statIfPresent(job.name());
        long length = job.entry().body().plainLength();
        if (there == null || there.size() * 2 < length || !existing.isUnsure(job, there)) {
            return null;
        }
        Comparison comparison = compare(job, here, there, false);
        if (comparison == null) {
            return null;
        }
        boolean same = comparison.isSame() && there.size() == length;
        job.compared(same);
        if (same) {
            run.tally().bytesReused.addAndGet(comparison.bytesFitting());
        }
        boolean patch = !same && mayPatch(there) && pays(job.entry(), there, comparison);
        return patch ? new Looked(there, comparison) : null;
    }

    private static boolean isLarge(FileJob job) {
        return job.entry().body().plainLength() >= LENGTH_MIN && job.folder().state() == Folder.State.EXISTING;
    }

    /** Null when the file can't be read. */
    private @Nullable Comparison compare(FileJob job, DirectoryHandle here, FileStatus there, boolean exact)
            throws IOException, PosixException {
        long length = job.entry().body().plainLength();
        try (FileHandle old = ExistingFiles.openRegular(here, job.name())) {
            if (old == null || old.stat().inode() != there.inode()) {
                return null;
            }
            return Comparison.of(
                    job.entry(),
                    run.repository().chunks(),
                    run.repository().keys().idKey(),
                    old,
                    there.size(),
                    exact ? Long.MAX_VALUE : length / DIFFERING_PART,
                    run.workers());
        } catch (CorruptionException | MissingObjectException | LimitExceededException e) {
            return null;
        }
    }

    private boolean mayPatch(FileStatus there) {
        return there.linkCount() == 1
                && (there.flags() & FileFlags.LOCKING) == 0
                && !run.options().policy().requiresAny();
    }

    private static boolean pays(ManifestEntry entry, FileStatus there, Comparison comparison) {
        long length = entry.body().plainLength();
        long journal = comparison.bytesToSave() + Math.max(0, there.size() - length);
        return length >= LENGTH_MIN
                && comparison.isComplete()
                && comparison.bytesNeeded() <= length / DIFFERING_PART
                && journal <= length / DIFFERING_PART;
    }

    private boolean patch(FileJob job, FileStatus there, Comparison comparison) throws IOException {
        try {
            if (!cloned(job, there) && !begun(job, there, comparison)) {
                return false;
            }
        } catch (PosixException e) {
            job.fail(e);
            job.abandon();
            return true;
        } catch (CorruptionException | MissingObjectException | LimitExceededException e) {
            job.lost(e);
            job.abandon();
            return true;
        }
        run.tally().bytesReused.addAndGet(comparison.bytesFitting());
        run.tally().progress().unchanged(0, comparison.bytesFitting());
        write(job, comparison);
        return true;
    }

    /** Makes the job write into a copy that shares the blocks of the old file, where the file system has such. */
    private boolean cloned(FileJob job, FileStatus there) throws PosixException {
        try (TargetFolders.Held held = run.folders().hold(job.folder().place());
                FileHandle old = ExistingFiles.openRegular(held.handle(), job.name())) {
            if (old == null || old.stat().inode() != there.inode()) {
                return false;
            }
            RestoreRun.Temporary copy = run.createTemporary(held.handle());
            try {
                if (copy.file().cloneOf(old)) {
                    job.writeInto(copy);
                    return true;
                }
            } catch (PosixException e) {
                run.tally().progress().warn(job.text() + ": it is patched without a clone: " + e.reason());
            }
            copy.file().close();
            held.handle().unlink(copy.name());
            return false;
        }
    }

    /** Makes the job write into the old file itself; false, with all as it was, when that can't be. */
    private boolean begun(FileJob job, FileStatus there, Comparison comparison) throws IOException, PosixException {
        TargetFolders.Held held = run.folders().hold(job.folder().place());
        RestoreRun.Temporary temporary = run.createTemporary(held.handle());
        Patch.Beside beside = new Patch.Beside(temporary.file(), temporary.name());
        Patch patch = Patch.open(held, job.name(), there, beside, hasher, run.steps());
        if (patch == null) {
            temporary.file().close();
            held.handle().unlink(temporary.name());
            held.close();
            return false;
        }
        job.writeInto(patch); // From now on it is rolled back whatever comes.
        save(job.entry(), there, comparison, patch);
        run.marker().note(run.folders(), job.place());
        if (!patch.begin()) {
            run.tally()
                    .progress()
                    .warn(job.text() + ": written anew as a whole, since " + patch.partialName() + " or "
                            + LeftoverNames.journalOf(job.name()) + " is there already");
            job.abandon();
            job.reset();
            return false;
        }
        return true;
    }

    private void save(ManifestEntry entry, FileStatus there, Comparison comparison, Patch patch)
            throws IOException, PosixException {
        BodyReader body = new BodyReader(run.repository().chunks(), entry.body());
        for (int index = 0; body.next(); index++) {
            if (comparison.differs(index)) {
                patch.save(body.offset(), body.length());
            }
        }
        long length = entry.body().plainLength();
        patch.save(length, there.size() - length);
    }

    /** Fetches what differs, but for what is in holes, and finishes the file. */
    private void write(FileJob job, Comparison comparison) throws IOException {
        List<FileJob.Need> needs = new ArrayList<>();
        try {
            BodyReader body =
                    new BodyReader(run.repository().chunks(), job.entry().body());
            for (int index = 0; body.next(); index++) {
                if (!comparison.differs(index) || Comparison.isHole(job.entry(), body, hasher)) {
                    continue;
                }
                needs.add(new FileJob.Need(job, body.id(), body.length(), body.offset()));
                window.count(body.length());
                if (window.isFull()) {
                    submit(job, needs);
                    needs = new ArrayList<>();
                }
            }
        } catch (CorruptionException | MissingObjectException | LimitExceededException e) {
            job.lost(e);
        }
        submit(job, needs);
        run.workers().await();
        job.release();
    }

    private void submit(FileJob job, List<FileJob.Need> needs) throws IOException {
        job.await(1);
        window.add(job, needs);
        Window full = window;
        window = new Window();
        run.workers().submit(batch -> () -> full.run(run, removal, batch));
    }

    /** Tells what would become of a file, and counts it, as a restore would. */
    void foresee(FileJob job, ExistingFiles look) throws IOException {
        if (isLarge(job)) {
            try (TargetFolders.Held held = run.folders().hold(job.folder().place())) {
                settle(held.handle(), job.folder().place(), LeftoverNames.journalOf(job.name()));
            } catch (PosixException e) {
                job.fail(e);
            }
        }
        job.begin(look);
        switch (job.verdict()) {
            case KEEP -> run.tally().action(RestoreReport.Kind.KEEP, run.path(job.place()), 0);
            case GIVE_UP -> {}
            case WRITE -> foresee(job, RestoreReport.Kind.CREATE);
            case REPLACE -> foreseeReplacing(job);
        }
        job.closeOld();
    }

    private void foresee(FileJob job, RestoreReport.Kind kind) throws IOException {
        long bytes = 0;
        BodyReader body = new BodyReader(run.repository().chunks(), job.entry().body());
        if (job.entry().holes().isEmpty()) {
            bytes = job.entry().body().plainLength();
        } else {
            while (body.next()) {
                bytes += Comparison.isHole(job.entry(), body, hasher) ? 0 : body.length();
            }
        }
        foresee(job, kind, bytes, bytes, 0);
    }

    private void foresee(FileJob job, RestoreReport.Kind kind, long bytes, long fetched, long reused) {
        run.tally().filesRestored.incrementAndGet();
        run.tally().bytesWritten.addAndGet(fetched);
        run.tally().bytesReused.addAndGet(reused);
        run.tally().action(kind, run.path(job.place()), bytes);
    }

    private void foreseeReplacing(FileJob job) throws IOException {
        FileHandle old = job.old();
        if (old == null) {
            foresee(job, RestoreReport.Kind.REPLACE);
            return;
        }
        try (TargetFolders.Held held = run.folders().hold(job.folder().place())) {
            FileStatus there = old.stat();
            Comparison comparison = compare(job, held.handle(), there, true);
            if (comparison == null) {
                foresee(job, RestoreReport.Kind.REPLACE);
                return;
            }
            long fetched = comparison.bytesNeeded();
            long fitting = comparison.bytesFitting();
            if (comparison.isSame() && there.size() == job.entry().body().plainLength()) {
                run.tally().filesUnchanged.incrementAndGet();
                run.tally().bytesReused.addAndGet(fitting);
                run.tally().action(RestoreReport.Kind.KEEP, run.path(job.place()), 0);
            } else if (mayPatch(there) && pays(job.entry(), there, comparison)) {
                foresee(job, RestoreReport.Kind.PATCH, fetched, fetched, fitting);
            } else {
                foresee(job, RestoreReport.Kind.REPLACE, fetched + fitting, fetched, fitting);
            }
        } catch (PosixException e) {
            job.fail(e);
        }
    }
}
