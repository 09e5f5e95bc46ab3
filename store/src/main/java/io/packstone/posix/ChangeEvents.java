package io.packstone.posix;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.packstone.metadata.RawName;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What happens in directories, told by the kernel (inotify(7)). A watch is on a directory itself, wherever it is moved,
 * and not on what is below it. Adding is for any thread, reading for one.
 */
public final class ChangeEvents implements Closeable {
    private static final int IN_MODIFY = 0x2;
    private static final int IN_ATTRIB = 0x4;
    private static final int IN_CLOSE_WRITE = 0x8;
    private static final int IN_MOVED = 0xc0;
    private static final int IN_CREATE = 0x100;
    private static final int IN_DELETE = 0x200;
    private static final int IN_Q_OVERFLOW = 0x4000;
    private static final int IN_IGNORED = 0x8000;
    private static final int IN_ONLYDIR = 0x1000000;
    private static final int IN_ISDIR = 0x40000000;
    private static final int MASK =
            IN_MODIFY | IN_ATTRIB | IN_CLOSE_WRITE | IN_MOVED | IN_CREATE | IN_DELETE | IN_ONLYDIR;

    private static final int CLOEXEC_NONBLOCK = 0x80800;
    private static final short POLLIN = 1;
    private static final int BUFFER_LENGTH = 256 << 10;
    private static final int HEAD_LENGTH = 16;

    private final Posix posix;
    private final int fd;
    private final Memory poll = new Memory(8);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_LENGTH).order(ByteOrder.nativeOrder());
    private boolean closed;

    /** Told of what happened, in order. */
    public interface Listener {
        /**
         * Something happened to a name in a directory: it was made, changed, or went.
         *
         * @param watch as {@link #watch} returned it
         * @param name empty for the directory itself
         * @param listed whether a name came or went, rather than what it stands for being changed
         * @param isDirectory whether it stands for a directory
         */
        void changed(int watch, RawName name, boolean listed, boolean isDirectory);

        /** The directory is gone, or was {@linkplain #unwatch given up}; its number may be given again. */
        void ended(int watch);

        /** More happened than the kernel remembers. */
        void overflowed();
    }

    private ChangeEvents(Posix posix, int fd) {
        this.posix = posix;
        this.fd = fd;
    }

    /** Begins without any directory; fails when this user may have no more instances. */
    public static ChangeEvents open(Posix posix) throws PosixException {
        int fd = LibC.inotify_init1(CLOEXEC_NONBLOCK);
        if (fd < 0) {
            throw Posix.failure("watch");
        }
        return new ChangeEvents(posix, fd);
    }

    /**
     * Watches a directory from now on; the same number again when it was watched already.
     *
     * @throws PosixException when this user may have no more watches ({@link PosixException#isNoRoom})
     */
    public synchronized int watch(DirectoryHandle directory) throws PosixException {
        RawName path = RawName.of("/proc/self/fd/" + directory.fd());
        int watch =
                closed ? -1 : LibC.inotify_add_watch(fd, posix.scratch().first(path.array(), 0, path.length()), MASK);
        if (watch < 0) {
            throw Posix.failure("watch");
        }
        return watch;
    }

    /** Gives a directory up; one that is gone is passed over. */
    public synchronized void unwatch(int watch) {
        if (!closed) {
            LibC.inotify_rm_watch(fd, watch);
        }
    }

    /**
     * Tells {@code listener} what happened since the last call, or a good part of it; waits for the first of it for some
     * milliseconds at most. False when nothing did.
     */
    public boolean read(int milliseconds, Listener listener) throws PosixException {
        poll.setInt(0, fd);
        poll.setShort(4, POLLIN);
        poll.setShort(6, (short) 0);
        int ready = LibC.poll(Pointer.nativeValue(poll), 1, milliseconds);
        if (ready <= 0) {
            return false; // Nothing, or a signal came: the caller asks again.
        }
        long length = LibC.read(fd, Scratch.addressOf(buffer), BUFFER_LENGTH);
        if (length < 0) {
            int errno = Native.getLastError();
            if (errno == Errno.EINTR || errno == Errno.EAGAIN) {
                return false;
            }
            throw new PosixException(errno, "watch", "");
        }
        tell((int) length, listener);
        return true;
    }

    /** Records of struct inotify_event, each with a name that is padded with zeros. */
    private void tell(int length, Listener listener) {
        int at = 0;
        while (at < length) {
            int watch = buffer.getInt(at);
            int mask = buffer.getInt(at + 4);
            int padded = buffer.getInt(at + 12);
            if ((mask & IN_Q_OVERFLOW) != 0) {
                listener.overflowed();
            } else if ((mask & IN_IGNORED) != 0) {
                listener.ended(watch);
            } else {
                boolean listed = (mask & (IN_MOVED | IN_CREATE | IN_DELETE)) != 0;
                listener.changed(watch, name(at + HEAD_LENGTH, padded), listed, (mask & IN_ISDIR) != 0);
            }
            at += HEAD_LENGTH + padded;
        }
    }

    private RawName name(int from, int padded) {
        int length = 0;
        while (length < padded && buffer.get(from + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        buffer.get(from, bytes);
        return RawName.takeOver(bytes);
    }

    @Override
    public synchronized void close() throws PosixException {
        if (!closed) {
            closed = true;
            poll.close();
            if (LibC.close(fd) < 0) {
                throw Posix.failure("close");
            }
        }
    }
}
