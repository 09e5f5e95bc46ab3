package io.packstone.posix;

import java.io.Closeable;

/** An open file. For one thread at a time, but for {@link #read} and {@link #write}, which any may call. */
public final class FileHandle implements Closeable {
    private final int file;
    private boolean closed;

    FileHandle(int file) {
        this.file = file;
    }

    /** Reads up to {@code length} bytes from {@code offset}; the count, 0 at the end. */
    public int read(long offset, byte[] target, int targetOffset, int length) throws PosixException {
        LibC.Scratch scratch = LibC.scratch();
        int wanted = Math.min(length, LibC.BUFFER_LENGTH);
        int count = (int) check(LibC.pread(file, scratch.address, wanted, offset), "pread");
        scratch.bytes.get(0, target, targetOffset, count);
        return count;
    }

    /** Writes all {@code length} bytes at {@code offset}. */
    public void write(long offset, byte[] source, int sourceOffset, int length) throws PosixException {
        LibC.Scratch scratch = LibC.scratch();
        int done = 0;
        while (done < length) {
            int count = Math.min(length - done, LibC.BUFFER_LENGTH);
            scratch.bytes.put(0, source, sourceOffset + done, count);
            done += (int) check(LibC.pwrite(file, scratch.address, count, offset + done), "pwrite");
        }
    }

    /** What the system says of it now. */
    public FileStatus stat() throws PosixException {
        LibC.Scratch scratch = LibC.scratch();
        check(LibC.statx(file, new byte[1], LibC.AT_EMPTY_PATH, LibC.STATX_BASIC, scratch.address), "statx");
        return FileStatus.of(scratch.bytes);
    }

    /** Sets its length. */
    public void truncate(long length) throws PosixException {
        check(LibC.ftruncate(file, length), "ftruncate");
    }

    /** Sets owner and group. */
    public void setOwner(int uid, int gid) throws PosixException {
        check(LibC.fchown(file, uid, gid), "fchown");
    }

    /** Sets the twelve mode bits. */
    public void setMode(int mode) throws PosixException {
        check(LibC.fchmod(file, mode), "fchmod");
    }

    /** Sets the time of modification, and of access to the same. */
    public void setModified(long seconds, int nanos) throws PosixException {
        LibC.Scratch scratch = LibC.scratch();
        DirectoryHandle.putTimes(scratch, seconds, nanos);
        check(LibC.futimens(file, scratch.address), "futimens");
    }

    /** Makes its bytes and metadata durable. */
    public void sync() throws PosixException {
        check(LibC.fsync(file), "fsync");
    }

    static long check(long result, String call) throws PosixException {
        if (result < 0) {
            throw PosixException.last(call);
        }
        return result;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LibC.close(file);
        }
    }
}
