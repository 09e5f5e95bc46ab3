package io.packstone.restore;

import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.Holes;
import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.PosixException;
import io.packstone.restore.disk.Attributes;
import io.packstone.restore.disk.TargetFolders;
import io.packstone.restore.patch.Patch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One regular file on its way into the target. Its chunks come in any order, from any thread; when the last one that was
 * announced is there, the file gets its metadata, is closed and, if it grew under another name, renamed. One that failed is
 * removed instead.
 */
final class FileJob {
    private final RestoreRun run;
    private final ManifestEntry entry;
    private final Folder folder;
    private final AtomicInteger awaited = new AtomicInteger(1);
    private final AtomicBoolean failed = new AtomicBoolean();
    private Stage stage = Stage.UNDECIDED;
    private boolean temporary;
    private @Nullable FileHandle old;
    private @Nullable FileHandle file;
    private RawName written = RawName.EMPTY;
    private boolean overOld;
    private @Nullable Patch patch;
    private @Nullable Boolean same;
    private ExistingFiles.Verdict verdict = ExistingFiles.Verdict.KEEP;

    private enum Stage {
        UNDECIDED,
        WRITING,
        KEPT
    }

    /** A chunk that belongs to a place in a file. */
    record Need(FileJob job, ChunkId id, int length, long offset) {}

    /** Waits for one {@link #release}. */
    FileJob(RestoreRun run, ManifestEntry entry, Folder folder) {
        this.run = run;
        this.entry = entry;
        this.folder = folder;
    }

    ManifestEntry entry() {
        return entry;
    }

    Folder folder() {
        return folder;
    }

    RawName name() {
        return entry.path().name();
    }

    /** Where it goes, relative to the target. */
    RawName place() {
        return Folder.join(folder.place(), name());
    }

    /** For messages: where it goes. */
    String text() {
        return run.text(place());
    }

    /** Decides, once, what becomes of a file that is there; true when chunks are to be written. */
    synchronized boolean begin(ExistingFiles existing) throws java.io.IOException {
        if (stage == Stage.UNDECIDED) {
            stage = Stage.KEPT;
            try {
                verdict = existing.look(this);
                switch (verdict) {
                    case WRITE -> {
                        stage = Stage.WRITING;
                        temporary = !run.writesInPlace();
                    }
                    case REPLACE -> {
                        stage = Stage.WRITING;
                        temporary = true;
                        old = existing.openOld(this);
                    }
                    case KEEP -> {
                        run.tally().filesUnchanged.incrementAndGet();
                        run.tally().progress().unchanged(1, entry.metadata().size());
                    }
                    case GIVE_UP -> {
                        failed.set(true);
                        run.giveUp(place());
                    }
                }
            } catch (PosixException e) {
                fail(e);
            } catch (StoreException e) {
                if (!run.survives(e)) {
                    throw e;
                }
                lost(e);
            }
        }
        return stage == Stage.WRITING && !failed.get();
    }

    /** What {@link #begin} decided. */
    synchronized ExistingFiles.Verdict verdict() {
        return verdict;
    }

    /** Notes, before {@link #begin}, that all bytes of the file that is there were compared, and whether they are right. */
    synchronized void compared(boolean right) {
        same = right;
    }

    /** Null unless {@link #compared}. */
    synchronized @Nullable Boolean isSame() {
        return same;
    }

    /** Writes into a copy of the file that is there, in place of {@link #begin}; the copy is renamed over it. */
    synchronized void writeInto(RestoreRun.Temporary copy) {
        beginOver(copy.file());
        temporary = true;
        written = copy.name();
    }

    /** Writes into the file that is there, in place of {@link #begin}. */
    synchronized void writeInto(Patch begun) {
        beginOver(begun.file());
        patch = begun;
    }

    /** Undoes {@link #writeInto} after {@link #abandon}: the file is to be restored in the usual way. */
    synchronized void reset() {
        stage = Stage.UNDECIDED;
        overOld = false;
        patch = null;
    }

    private void beginOver(FileHandle handle) {
        stage = Stage.WRITING;
        overOld = true;
        file = handle;
        run.openFiles().add(this);
    }

    /** True once no chunk is wanted any more. */
    synchronized boolean isSettled() {
        return stage == Stage.KEPT || failed.get();
    }

    /** The file that is to be replaced, to read from; null when there is none. */
    synchronized @Nullable FileHandle old() {
        return old;
    }

    /** Announces {@code count} more {@link #release}s. */
    void await(int count) {
        awaited.addAndGet(count);
    }

    /** Writes bytes whose chunk was verified; true when they are there. */
    boolean write(long offset, byte[] source, int from, int length) {
        if (failed.get()) {
            return false;
        }
        try {
            FileHandle handle = opened();
            Patch under = patch;
            if (under != null) {
                under.beforeWrite();
            }
            writeAround(handle, offset, source, from, length);
            run.tally().progress().advance(0, length);
            return true;
        } catch (PosixException e) {
            fail(e);
            return false;
        }
    }

    /** Leaves out what is a hole and zeros. */
    private void writeAround(FileHandle handle, long offset, byte[] source, int from, int length)
            throws PosixException {
        Holes holes = entry.holes();
        long end = offset + length;
        long at = offset;
        for (int i = holes.at(offset); i < holes.count() && holes.start(i) < end; i++) {
            long start = Math.max(at, holes.start(i));
            long stop = Math.min(end, holes.end(i));
            if (isZeros(source, from + (int) (start - offset), from + (int) (stop - offset))) {
                handle.write(at, source, from + (int) (at - offset), (int) (start - at));
                at = stop;
            }
        }
        handle.write(at, source, from + (int) (at - offset), (int) (end - at));
    }

    private static boolean isZeros(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private synchronized FileHandle opened() throws PosixException {
        FileHandle handle = file;
        if (handle == null) {
            try (TargetFolders.Held held = run.folders().hold(folder.place())) {
                DirectoryHandle here = held.handle();
                if (temporary) {
                    RestoreRun.Temporary made = run.createTemporary(here);
                    handle = made.file();
                    written = made.name();
                } else {
                    handle = here.createFile(name(), RestoreRun.FILE_MODE);
                    written = name();
                }
            }
            file = handle;
            run.openFiles().add(this);
        }
        return handle;
    }

    /** The target would not have it. */
    void fail(PosixException cause) {
        if (failed.compareAndSet(false, true)) {
            run.giveUp(place());
            run.failed(place(), cause);
        }
    }

    /** The repository could not give all of it. */
    void lost(StoreException cause) {
        if (failed.compareAndSet(false, true)) {
            run.giveUp(place());
            run.tally().lost(entry.path() + ": not restored: " + cause.getMessage());
        }
    }

    /** One announced thing is done; the last one finishes the file. */
    void release() {
        if (awaited.decrementAndGet() == 0) {
            finish();
        }
    }

    private synchronized void finish() {
        closeOld();
        if (stage == Stage.WRITING && !failed.get()) {
            try {
                complete(opened());
            } catch (PosixException e) {
                fail(e);
            }
        }
        abandon();
    }

    /** When nothing is to be read from it any more. */
    synchronized void closeOld() {
        FileHandle replaced = old;
        old = null;
        if (replaced == null) {
            return;
        }
        try {
            replaced.close();
        } catch (PosixException e) {
            run.tally().progress().warn(text() + ": " + e.reason());
        }
    }

    private void complete(FileHandle handle) throws PosixException {
        Patch under = patch;
        if (under != null) {
            under.beforeLength();
        }
        if (!entry.holes().isEmpty() || overOld) {
            handle.truncate(entry.body().plainLength());
        }
        if (overOld) {
            makeHoles(handle);
        }
        Attributes.Wanted wanted = run.wanted(entry);
        if (!run.attributes().set(handle, wanted, this::text)) {
            failed.set(true);
            run.refuse(place());
            return;
        }
        if (under == null && (run.forcesFiles() || overOld)) {
            handle.sync();
        }
        if (under != null) {
            under.commit();
        } else if (temporary) {
            try (TargetFolders.Held here = run.folders().hold(folder.place())) {
                here.handle().rename(written, here.handle(), name());
            }
        }
        handle.close();
        file = null;
        if (wanted.locks()) {
            run.flags().add(place(), wanted.flags());
        }
        run.openFiles().remove(this);
        run.tally().filesRestored.incrementAndGet();
        run.tally().progress().advance(1, 0);
    }

    /** What had been there before may have bytes where the new file has holes; where it fits, it has zeros there. */
    private void makeHoles(FileHandle handle) throws PosixException {
        Holes holes = entry.holes();
        for (int i = 0; i < holes.count(); i++) {
            long length = Math.min(holes.end(i), entry.body().plainLength()) - holes.start(i);
            if (length > 0 && !handle.punch(holes.start(i), length)) {
                writeZeros(handle, holes.start(i), length);
            }
        }
    }

    private static void writeZeros(FileHandle handle, long offset, long length) throws PosixException {
        byte[] bytes = new byte[(int) Math.min(length, 1 << 16)];
        byte[] zeros = new byte[bytes.length];
        for (long at = offset; at < offset + length; at += bytes.length) {
            int count = handle.read(at, bytes, 0, (int) Math.min(bytes.length, offset + length - at));
            if (!isZeros(bytes, 0, count)) {
                handle.write(at, zeros, 0, count);
            }
        }
    }

    /** Removes what was written of a file that is not complete, or makes one that was there what it was. */
    synchronized void abandon() {
        FileHandle handle = file;
        if (handle == null) {
            return;
        }
        file = null;
        run.openFiles().remove(this);
        Patch under = patch;
        if (under != null) {
            rollBack(under);
            return;
        }
        try (handle;
                TargetFolders.Held here = run.folders().hold(folder.place())) {
            here.handle().unlink(written);
        } catch (PosixException e) {
            run.tally().problem(text() + ": the piece of it that was written could not be removed: " + e.reason());
        }
    }

    private void rollBack(Patch under) {
        String reason = "its journal can't be read";
        try {
            if (under.rollBack()) {
                return;
            }
        } catch (PosixException e) {
            reason = e.reason();
        }
        run.marker().keep();
        run.tally()
                .problem(text() + ": it could not be made what it was: " + reason + "; it is " + under.partialName()
                        + " beside that until the next restore into this target, which tries again");
    }
}
