package io.packstone.source;

import io.packstone.error.SourceException;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.Posix;
import io.packstone.posix.PosixException;
import java.io.Closeable;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the directories used last open, however many are pending. One that was closed is reached again from the nearest
 * open one above it, or from the place where one above it is read, component by component and never through a symbolic
 * link, and must be the same inode. Thread-safe.
 */
final class DirectoryPool implements Closeable {
    private final Posix posix;
    private final int capacity;

    /** What may be closed when nobody uses it, oldest first; what was used since it came in has another turn. */
    private final Deque<SourceDirectory> turns = new ArrayDeque<>();

    private boolean closed;

    /** {@code capacity}: how many directories that nobody uses just now stay open. */
    DirectoryPool(Posix posix, int capacity) {
        this.posix = posix;
        this.capacity = capacity;
    }

    /** Takes over the open {@code handle} of {@code directory}, which is pinned once. */
    synchronized void adopt(SourceDirectory directory, DirectoryHandle handle) {
        directory.handle = handle;
        directory.pins = 1;
    }

    /** Pins what is open already once more. */
    synchronized void pin(SourceDirectory directory) {
        directory.pins++;
    }

    /** The open handle, pinned until {@link #release}; it may be a passage that can't be listed. */
    synchronized DirectoryHandle acquire(SourceDirectory directory) throws SourceException {
        if (closed) {
            throw new IllegalStateException("the walk is closed");
        }
        DirectoryHandle handle = directory.handle;
        if (handle == null) {
            try {
                handle = reopen(directory);
            } catch (PosixException e) {
                throw new SourceException(directory.quoted(), e.reason());
            }
            directory.handle = handle;
        }
        directory.pins++;
        directory.isUsed = true;
        return handle;
    }

    /** Undoes one {@link #acquire}, {@link #adopt} or {@link #pin}. */
    synchronized void release(SourceDirectory directory) {
        if (--directory.pins > 0) {
            return;
        }
        if (!directory.isInTurn) {
            directory.isInTurn = true;
            turns.addLast(directory);
        }
        closeSurplus();
    }

    private void closeSurplus() {
        while (turns.size() > (closed ? 0 : capacity)) {
            turn(turns.removeFirst());
        }
    }

    /** What is in use comes back when it is released. */
    private void turn(SourceDirectory oldest) {
        boolean again = oldest.pins == 0 && oldest.isUsed && !closed;
        oldest.isUsed = false;
        oldest.isInTurn = again;
        if (again) {
            turns.addLast(oldest);
        } else if (oldest.pins == 0) {
            shut(oldest);
        }
    }

    private DirectoryHandle reopen(SourceDirectory directory) throws PosixException, SourceException {
        Deque<SourceDirectory> below = new ArrayDeque<>();
        @Nullable SourceDirectory open = directory;
        while (open != null && open.handle == null && open.place == null) {
            below.addFirst(open);
            open = open.parent;
        }
        DirectoryHandle start = open == null ? null : open.handle;
        DirectoryHandle current = start;
        if (current == null) {
            if (open == null || open.place == null) {
                throw new IllegalStateException("the walk is closed");
            }
            current = posix.openPassage(open.place);
        }
        for (SourceDirectory step : below) {
            DirectoryHandle above = current;
            try {
                current = step.throughLink ? above.openPassageFollowing(step.name) : above.openPassage(step.name);
            } finally {
                if (above != start) {
                    above.close();
                }
            }
        }
        FileStatus status = new FileStatus();
        current.statSelf(status);
        if (status.inode() != directory.inode || status.device() != directory.device) {
            current.close();
            throw new SourceException(directory.quoted(), "another directory took its place while it was read");
        }
        return current;
    }

    private static void shut(SourceDirectory directory) {
        DirectoryHandle handle = directory.handle;
        directory.handle = null;
        if (handle != null) {
            try {
                handle.close();
            } catch (PosixException e) {
                throw new IllegalStateException(e); // a directory that was only read has nothing to lose
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeSurplus();
    }
}
