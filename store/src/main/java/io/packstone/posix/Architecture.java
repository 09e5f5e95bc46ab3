package io.packstone.posix;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/**
 * The numbers of Linux that differ between processors (include/uapi/asm-generic/fcntl.h and each one's asm/fcntl.h,
 * asm/unistd.h).
 */
record Architecture(int directoryFlag, int noFollowFlag, long getdents64, long renameat2, long ioctl, long fcntl) {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_NONBLOCK = 0x800;
    static final int O_NOATIME = 0x40000;
    static final int O_CLOEXEC = 0x80000;
    static final int O_PATH = 0x200000;

    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_NO_AUTOMOUNT = 0x800;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int RENAME_NOREPLACE = 1;
    static final int STATX_BTIME = 0x800;
    /** The basic ones, and when it was made. */
    static final int STATX_ALL = 0x7ff | STATX_BTIME;
    /** In include/uapi/linux/fs.h: numbers of 64-bit systems, which the calls use for 32 bits all the same. */
    static final long FS_IOC_GETFLAGS = 0x80086601L;

    static final long FS_IOC_SETFLAGS = 0x40086602L;

    /** Makes one file share the blocks of another, to be copied when written. */
    static final long FICLONE = 0x40049409L;

    static final int FALLOC_FL_KEEP_SIZE = 1;
    static final int FALLOC_FL_PUNCH_HOLE = 2;
    static final int F_SETSIG = 10;
    static final int F_SETLEASE = 1024;
    static final int F_WRLCK = 1;
    static final int F_UNLCK = 2;

    /** Ignored unless somebody waits for it; the same number on both processors. */
    static final int SIGURG = 23;

    static final int UTIME_OMIT = (1 << 30) - 2;

    /** The same number on every processor. */
    static final long FCHMODAT2 = 452;

    /** Those of this machine; an {@link UnsupportedOperationException} anywhere but on 64-bit x86 and ARM Linux. */
    static Architecture current() {
        boolean linux = Platform.isLinux() && Native.POINTER_SIZE == 8;
        if (linux && Platform.isIntel()) {
            return new Architecture(0x10000, 0x20000, 217, 316, 16, 72);
        }
        if (linux && Platform.isARM()) {
            return new Architecture(0x4000, 0x8000, 61, 276, 29, 25);
        }
        throw new UnsupportedOperationException(
                "files are read and restored on 64-bit x86 and ARM Linux only, not on " + Platform.RESOURCE_PREFIX);
    }
}
