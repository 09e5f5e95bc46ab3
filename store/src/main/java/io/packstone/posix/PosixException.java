package io.packstone.posix;

import io.packstone.metadata.Quoting;
import java.io.IOException;

/** A system call that failed: which one, on which name, and why. */
public final class PosixException extends IOException {
    private final int errno;

    PosixException(int errno, String call, String name) {
        super(call + " " + Quoting.quote(name) + ": " + Errno.text(errno) + " (" + Errno.symbol(errno) + ")");
        this.errno = errno;
    }

    /** The number. */
    public int errno() {
        return errno;
    }

    /** The number's name, such as "ENOENT". */
    public String symbol() {
        return Errno.symbol(errno);
    }

    /** The reason without call and name, such as "permission denied (EACCES)". */
    public String reason() {
        return Errno.text(errno) + " (" + Errno.symbol(errno) + ")";
    }

    /** True when there is no such name. */
    public boolean isNotFound() {
        return errno == Errno.ENOENT;
    }

    /** True when the name is taken. */
    public boolean isExists() {
        return errno == Errno.EEXIST;
    }

    /** True when the user may not. */
    public boolean isPermission() {
        return errno == Errno.EACCES || errno == Errno.EPERM;
    }

    /** True when something that should be a directory is none, or is a symbolic link that was not followed. */
    public boolean isNotDirectory() {
        return errno == Errno.ENOTDIR || errno == Errno.ELOOP;
    }

    /** True when a symbolic link stands where none is followed. */
    public boolean isSymbolicLink() {
        return errno == Errno.ELOOP;
    }

    /** True when a directory stands where a file is expected. */
    public boolean isDirectory() {
        return errno == Errno.EISDIR;
    }

    /** True when a directory is not empty. */
    public boolean isNotEmpty() {
        return errno == Errno.ENOTEMPTY || errno == Errno.EEXIST;
    }

    /** True when the device or the quota is full. */
    public boolean isNoRoom() {
        return errno == Errno.ENOSPC || errno == Errno.EDQUOT;
    }

    /** True when too many files are open. */
    public boolean isTooManyOpen() {
        return errno == Errno.EMFILE || errno == 23;
    }

    /** True when this file system or kernel has no such call. */
    public boolean isUnsupported() {
        return errno == Errno.EOPNOTSUPP || errno == Errno.ENOSYS || errno == Errno.EINVAL || errno == Errno.ENOTTY;
    }

    /** True when an offset is behind the end of the file. */
    public boolean isOutOfRange() {
        return errno == Errno.ENXIO;
    }

    /** True when two names are on different file systems. */
    public boolean isCrossDevice() {
        return errno == Errno.EXDEV;
    }
}
