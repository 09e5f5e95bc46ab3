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
                switch (existing.look(this)) {
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
            writeAround(opened(), offset, source, from, length);
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

    private void closeOld() {
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
        if (!entry.holes().isEmpty()) {
            handle.truncate(entry.body().plainLength());
        }
        Attributes.Wanted wanted = run.wanted(entry);
        if (!run.attributes().set(handle, wanted, this::text)) {
            failed.set(true);
            run.refuse(place());
            return;
        }
        if (run.forcesFiles()) {
            handle.sync();
        }
        if (temporary) {
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

    /** Removes what was written of a file that is not complete. */
    synchronized void abandon() {
        FileHandle handle = file;
        if (handle == null) {
            return;
        }
        file = null;
        run.openFiles().remove(this);
        try (handle;
                TargetFolders.Held here = run.folders().hold(folder.place())) {
            here.handle().unlink(written);
        } catch (PosixException e) {
            run.tally().problem(text() + ": the piece of it that was written could not be removed: " + e.reason());
        }
    }
}
