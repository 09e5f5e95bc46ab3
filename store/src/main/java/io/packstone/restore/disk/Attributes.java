package io.packstone.restore.disk;

import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import java.util.function.Supplier;

/**
 * Sets owner, mode and time. The owner comes first, since giving a file away clears its set-id bits; those are set only
 * when the owner could be: a program must not run as whoever happened to restore it. Thread-safe.
 */
public final class Attributes {
    private static final int SET_ID = 06000;

    /** To chown, too, this means: as it is. */
    private static final int ANYBODY = -1;

    private final Listener listener;

    /** What can't be set is told to {@code listener}. */
    public Attributes(Listener listener) {
        this.listener = listener;
    }

    /** Told of what could not be set. */
    public interface Listener {
        /** This user may not set that owner; set-id bits were then left out too. */
        void ownerNotSet(Supplier<String> path);

        /** Mode or time could not be set. */
        void attributesNotSet(Supplier<String> path, PosixException cause);
    }

    /** What is to be set: the twelve mode bits, numbers of user and group, time of modification. */
    public record Wanted(int mode, int uid, int gid, Timestamp modified) {
        /** All of {@code metadata} that can be set. */
        public static Wanted of(FileMetadata metadata) {
            return new Wanted(
                    metadata.mode(), metadata.owner().uid(), metadata.owner().gid(), metadata.modified());
        }

        /** The same but for the owner, who stays whoever it is. */
        public Wanted ofAnyOwner() {
            return new Wanted(mode & ~SET_ID, ANYBODY, ANYBODY, modified);
        }

        /** True when there is nothing to set. */
        public boolean fits(FileStatus there) {
            return mode == there.mode()
                    && (uid == ANYBODY || uid == there.uid())
                    && (gid == ANYBODY || gid == there.gid())
                    && hasTime(there);
        }

        /** True when the time of modification is the wanted one. */
        public boolean hasTime(FileStatus there) {
            return modified.equals(there.modified());
        }

        /** True when the wanted time of modification is later. */
        public boolean isNewerThan(FileStatus there) {
            return modified.compareTo(there.modified()) > 0;
        }
    }

    /** Of an open file; {@code path} is asked only for messages. */
    public void set(FileHandle file, Wanted wanted, Supplier<String> path) {
        int mode = wanted.mode();
        try {
            file.setOwner(wanted.uid(), wanted.gid());
        } catch (PosixException e) {
            mode = withoutOwner(mode, path);
        }
        try {
            file.setMode(mode);
            file.setTimes(wanted.modified(), wanted.modified());
        } catch (PosixException e) {
            listener.attributesNotSet(path, e);
        }
    }

    /** Of an open directory; one that has it all already is left alone, so that it need not be this user's. */
    public void set(DirectoryHandle folder, Wanted wanted, Supplier<String> path) {
        int mode = wanted.mode();
        try {
            FileStatus there = new FileStatus();
            folder.statSelf(there);
            if (wanted.fits(there)) {
                return;
            }
        } catch (PosixException e) {
            listener.attributesNotSet(path, e);
            return;
        }
        try {
            folder.setOwnerSelf(wanted.uid(), wanted.gid());
        } catch (PosixException e) {
            mode = withoutOwner(mode, path);
        }
        try {
            folder.setModeSelf(mode);
            folder.setTimesSelf(wanted.modified(), wanted.modified());
        } catch (PosixException e) {
            listener.attributesNotSet(path, e);
        }
    }

    /** Of what can't be opened, by a name that this restore has just made; a symbolic link has no mode. */
    public void set(DirectoryHandle folder, RawName name, FileMetadata metadata, Supplier<String> path) {
        Wanted wanted = Wanted.of(metadata);
        int mode = wanted.mode();
        try {
            folder.setOwner(name, wanted.uid(), wanted.gid());
        } catch (PosixException e) {
            mode = withoutOwner(mode, path);
        }
        try {
            if (metadata.type() != FileType.SYMLINK) {
                folder.setMode(name, mode);
            }
            folder.setTimes(name, wanted.modified(), wanted.modified());
        } catch (PosixException e) {
            listener.attributesNotSet(path, e);
        }
    }

    private int withoutOwner(int mode, Supplier<String> path) {
        listener.ownerNotSet(path);
        return mode & ~SET_ID;
    }
}
