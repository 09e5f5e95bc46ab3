package io.packstone.posix;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The C library, mapped directly. Pointers are passed as numbers, so that a call makes no Java objects. */
final class LibC {
    static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int AT_REMOVEDIR = 0x200;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;
    static final int O_CLOEXEC = 02000000;
    static final int O_DIRECTORY = ARM ? 040000 : 0200000;
    static final int O_NOFOLLOW = ARM ? 0100000 : 0400000;
    static final int O_NOATIME = 01000000;
    static final int O_NONBLOCK = 04000;
    static final int O_PATH = 010000000;
    static final int STATX_BASIC = 0x7ff;
    static final int BUFFER_LENGTH = 1 << 20;

    /** Scratch memory of one thread. */
    static final class Scratch {
        private final Memory memory = new Memory(BUFFER_LENGTH);
        final long address = com.sun.jna.Pointer.nativeValue(memory);
        final ByteBuffer bytes = memory.getByteBuffer(0, BUFFER_LENGTH).order(ByteOrder.nativeOrder());
    }

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    static {
        Native.register(LibC.class, "c");
    }

    private LibC() {}

    static Scratch scratch() {
        return SCRATCH.get();
    }

    static native int openat(int directory, byte[] name, int flags, int mode);

    static native int close(int file);

    static native int statx(int directory, byte[] name, int flags, int mask, long buffer);

    static native long getdents64(int directory, long buffer, long length);

    static native long lseek(int file, long offset, int whence);

    static native long pread(int file, long buffer, long length, long offset);

    static native long pwrite(int file, long buffer, long length, long offset);

    static native long readlinkat(int directory, byte[] name, long buffer, long length);

    static native int mkdirat(int directory, byte[] name, int mode);

    static native int symlinkat(byte[] target, int directory, byte[] name);

    static native int linkat(int fromDirectory, byte[] from, int directory, byte[] name, int flags);

    static native int renameat(int fromDirectory, byte[] from, int directory, byte[] name);

    static native int unlinkat(int directory, byte[] name, int flags);

    static native int mknodat(int directory, byte[] name, int mode, long device);

    static native int fchownat(int directory, byte[] name, int uid, int gid, int flags);

    static native int fchmod(int file, int mode);

    static native int fchmodat(int directory, byte[] name, int mode, int flags);

    static native int fchown(int file, int uid, int gid);

    static native int futimens(int file, long times);

    static native int utimensat(int directory, byte[] name, long times, int flags);

    static native int ftruncate(int file, long length);

    static native int fsync(int file);

    static native int syncfs(int file);

    static native int geteuid();
}
