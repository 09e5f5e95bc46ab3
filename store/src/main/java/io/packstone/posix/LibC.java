package io.packstone.posix;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The C library by direct mapping. Only primitive parameters, since those take JNA's shortest way; an address is a
 * long. All return -1 (or a negative number) and set errno when they fail, unless said.
 */
final class LibC {
    static {
        Native.register(LibC.class, NativeLibrary.getProcess());
    }

    private LibC() {}

    /** The errno of this thread's last call; to be asked right after it. */
    static int errno() {
        return Native.getLastError();
    }

    static native int openat(int directory, long path, int flags, int mode);

    static native int close(int fd);

    static native int statx(int directory, long path, int flags, int mask, long target);

    static native long pread(int fd, long target, long length, long offset);

    static native long pwrite(int fd, long source, long length, long offset);

    static native long lseek(int fd, long offset, int whence);

    static native int ftruncate(int fd, long length);

    static native int fallocate(int fd, int mode, long offset, long length);

    static native int fchown(int fd, int uid, int gid);

    static native int fchmod(int fd, int mode);

    static native int chmod(long path, int mode);

    static native int futimens(int fd, long times);

    static native int fsync(int fd);

    static native int fdatasync(int fd);

    static native int syncfs(int fd);

    static native int mkdirat(int directory, long path, int mode);

    static native int mknodat(int directory, long path, int mode, long device);

    static native int symlinkat(long target, int directory, long path);

    static native int linkat(int fromDirectory, long from, int toDirectory, long to, int flags);

    static native int renameat(int fromDirectory, long from, int toDirectory, long to);

    static native int unlinkat(int directory, long path, int flags);

    static native long readlinkat(int directory, long path, long target, long length);

    static native int fchownat(int directory, long path, int uid, int gid, int flags);

    static native int utimensat(int directory, long path, long times, int flags);

    static native long flistxattr(int fd, long target, long length);

    static native long llistxattr(long path, long target, long length);

    static native long listxattr(long path, long target, long length);

    static native long fgetxattr(int fd, long name, long target, long length);

    static native long lgetxattr(long path, long name, long target, long length);

    static native long getxattr(long path, long name, long target, long length);

    static native int fsetxattr(int fd, long name, long source, long length, int flags);

    static native int lsetxattr(long path, long name, long source, long length, int flags);

    static native int setxattr(long path, long name, long source, long length, int flags);

    static native int fremovexattr(int fd, long name);

    static native int lremovexattr(long path, long name);

    static native int removexattr(long path, long name);

    static native long syscall(long number, long a, long b, long c, long d, long e);

    /** Returns an errno itself. */
    static native int getpwuid_r(int uid, long passwd, long buffer, long length, long result);

    /** Returns an errno itself. */
    static native int getpwnam_r(long name, long passwd, long buffer, long length, long result);

    /** Returns an errno itself. */
    static native int getgrgid_r(int gid, long group, long buffer, long length, long result);

    /** Returns an errno itself. */
    static native int getgrnam_r(long name, long group, long buffer, long length, long result);

    static native int geteuid();

    static native int inotify_init1(int flags);

    static native int inotify_add_watch(int fd, long path, int mask);

    static native int inotify_rm_watch(int fd, int watch);

    static native int poll(long descriptors, long count, int milliseconds);

    static native long read(int fd, long target, long length);
}
