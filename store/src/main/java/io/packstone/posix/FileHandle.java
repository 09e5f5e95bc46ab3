package io.packstone.posix;

import io.packstone.metadata.Timestamp;
import java.io.Closeable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An open file. Calls may come from many threads; closing is the business of one, after all others are done. Reads and
 * writes name their offset, so there is no position.
 */
public final class FileHandle implements Closeable {
    private static final int SEEK_END = 2;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private final Posix posix;
    private final int fd;
    private boolean closed;

    FileHandle(Posix posix, int fd) {
        this.posix = posix;
        this.fd = fd;
    }

    int fd() {
        return fd;
    }

    /**
     * Reads until {@code length} bytes are in {@code target} or the file ends.
     *
     * @return how many; less than {@code length} at the end only, 0 beyond it
     */
    public int read(long position, byte[] target, int offset, int length) throws PosixException {
        Scratch scratch = posix.scratch();
        ByteBuffer memory = scratch.transfer();
        int done = 0;
        while (done < length) {
            int wanted = Math.min(length - done, Scratch.TRANSFER_LENGTH);
            int count = (int) LibC.pread(fd, scratch.transferAddress(), wanted, position + done);
            if (count < 0) {
                if (LibC.errno() == Errno.EINTR) {
                    continue;
                }
                throw Posix.failure("read");
            }
            if (count == 0) {
                break;
            }
            memory.get(0, target, offset + done, count);
            done += count;
        }
        return done;
    }

    /** Writes all {@code length} bytes (borrowed) at {@code position}. */
    public void write(long position, byte[] source, int offset, int length) throws PosixException {
        Scratch scratch = posix.scratch();
        ByteBuffer memory = scratch.transfer();
        int done = 0;
        while (done < length) {
            int wanted = Math.min(length - done, Scratch.TRANSFER_LENGTH);
            memory.put(0, source, offset + done, wanted);
            int count = (int) LibC.pwrite(fd, scratch.transferAddress(), wanted, position + done);
            if (count < 0) {
                if (LibC.errno() == Errno.EINTR) {
                    continue;
                }
                throw Posix.failure("write");
            }
            done += count;
        }
    }

    /** Makes the file {@code length} bytes long; what is new is a hole. */
    public void truncate(long length) throws PosixException {
        check(LibC.ftruncate(fd, length), "truncate");
    }

    /** Makes a hole of a range inside the file; false when this file system has none. */
    public boolean punch(long offset, long length) throws PosixException {
        int mode = Architecture.FALLOC_FL_KEEP_SIZE | Architecture.FALLOC_FL_PUNCH_HOLE;
        if (LibC.fallocate(fd, mode, offset, length) == 0) {
            return true;
        }
        PosixException failure = Posix.failure("make a hole in");
        if (failure.isUnsupported()) {
            return false;
        }
        throw failure;
    }

    /**
     * Makes this file have the bytes of {@code source}, sharing its blocks until either is written; false when the file
     * system can't do that.
     */
    public boolean cloneOf(FileHandle source) throws PosixException {
        long number = posix.architecture().ioctl();
        if (LibC.syscall(number, fd, Architecture.FICLONE, source.fd, 0, 0) >= 0) {
            return true;
        }
        PosixException failure = Posix.failure("clone");
        if (failure.isUnsupported() || failure.isCrossDevice()) {
            return false;
        }
        throw failure;
    }

    /**
     * True when anybody else has the file open or mapped, or the system does not tell. It is asked for a lease, which only
     * a file's single user gets, and which is given back at once; who opens the file in between waits that long, and this
     * process is sent a signal that it ignores.
     */
    public boolean isUsedElsewhere() {
        long number = posix.architecture().fcntl();
        boolean alone = LibC.syscall(number, fd, Architecture.F_SETSIG, Architecture.SIGURG, 0, 0) >= 0
                && LibC.syscall(number, fd, Architecture.F_SETLEASE, Architecture.F_WRLCK, 0, 0) >= 0;
        boolean free = LibC.syscall(number, fd, Architecture.F_SETLEASE, Architecture.F_UNLCK, 0, 0) >= 0;
        return !alone || !free;
    }

    /** Where the next bytes that are no hole begin, from {@code position} on; -1 when only a hole is left. */
    public long nextData(long position) throws PosixException {
        long found = LibC.lseek(fd, position, SEEK_DATA);
        if (found < 0 && LibC.errno() == Errno.ENXIO) {
            return -1;
        }
        if (found < 0) {
            throw Posix.failure("seek");
        }
        return found;
    }

    /** Where the next hole begins, from {@code position} on; the end of the file counts as one. */
    public long nextHole(long position) throws PosixException {
        long found = LibC.lseek(fd, position, SEEK_HOLE);
        if (found < 0) {
            throw Posix.failure("seek");
        }
        return found;
    }

    /** Where the file ends; of a block device, whose status does not tell, too. */
    public long end() throws PosixException {
        long end = LibC.lseek(fd, 0, SEEK_END);
        if (end < 0) {
            throw Posix.failure("seek");
        }
        return end;
    }

    /** Fills {@code target}. */
    public void stat(FileStatus target) throws PosixException {
        statDescriptor(posix, fd, target);
    }

    /** A fresh status. */
    public FileStatus stat() throws PosixException {
        FileStatus status = new FileStatus();
        stat(status);
        return status;
    }

    static void statDescriptor(Posix posix, int fd, FileStatus target) throws PosixException {
        Scratch scratch = posix.scratch();
        int result = LibC.statx(
                fd, scratch.empty(), Architecture.AT_EMPTY_PATH, Architecture.STATX_ALL, scratch.statusAddress());
        check(result, "stat");
        scratch.copyStatus(target);
    }

    /** Gives the file away; -1 leaves a number as it is. */
    public void setOwner(int uid, int gid) throws PosixException {
        check(LibC.fchown(fd, uid, gid), "chown");
    }

    /** Sets the low twelve permission bits. */
    public void setMode(int mode) throws PosixException {
        check(LibC.fchmod(fd, mode), "chmod");
    }

    /** Sets the times; null leaves one as it is. */
    public void setTimes(@Nullable Timestamp accessed, @Nullable Timestamp modified) throws PosixException {
        check(LibC.futimens(fd, times(posix.scratch(), accessed, modified)), "set times of");
    }

    static long times(Scratch scratch, @Nullable Timestamp accessed, @Nullable Timestamp modified) {
        return scratch.times(
                accessed == null ? 0 : accessed.seconds(),
                accessed == null ? Architecture.UTIME_OMIT : accessed.nanos(),
                modified == null ? 0 : modified.seconds(),
                modified == null ? Architecture.UTIME_OMIT : modified.nanos());
    }

    /** Its extended attributes. */
    public AttributeAccess attributes() {
        return AttributeAccess.of(posix, fd);
    }

    /** Takes away and gives flags ({@link io.packstone.metadata.FileFlags}); others stay as they are. */
    public void changeFlags(int taken, int given) throws PosixException {
        changeFlags(posix, fd, taken, given);
    }

    static void changeFlags(Posix posix, int fd, int taken, int given) throws PosixException {
        Scratch scratch = posix.scratch();
        ByteBuffer memory = scratch.attribute();
        long number = posix.architecture().ioctl();
        long address = scratch.attributeAddress();
        memory.putLong(0, 0);
        check((int) LibC.syscall(number, fd, Architecture.FS_IOC_GETFLAGS, address, 0, 0), "read flags of");
        int before = memory.getInt(0);
        int after = before & ~taken | given;
        if (after != before) {
            memory.putInt(0, after);
            check((int) LibC.syscall(number, fd, Architecture.FS_IOC_SETFLAGS, address, 0, 0), "set flags of");
        }
    }

    /** Returns when bytes and metadata are on stable storage. After a failure the file is to be thrown away. */
    public void sync() throws PosixException {
        check(LibC.fsync(fd), "sync");
    }

    /** Returns when the bytes, and what is needed to find them, are on stable storage. */
    public void syncBytes() throws PosixException {
        check(LibC.fdatasync(fd), "sync");
    }

    private static void check(int result, String call) throws PosixException {
        if (result < 0) {
            throw Posix.failure(call);
        }
    }

    @Override
    public synchronized void close() throws PosixException {
        if (!closed) {
            closed = true;
            if (LibC.close(fd) < 0 && LibC.errno() != Errno.EINTR) {
                throw Posix.failure("close");
            }
        }
    }
}
