package io.packstone.posix;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The errors of Linux that a person may meet, by number (include/uapi/asm-generic/errno.h). */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int ENXIO = 6;
    static final int E2BIG = 7;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int EXDEV = 18;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int EINVAL = 22;
    static final int EMFILE = 24;
    static final int ENOSPC = 28;
    static final int ERANGE = 34;
    static final int ENAMETOOLONG = 36;
    static final int ENOTTY = 25;
    static final int ENOSYS = 38;
    static final int ENOTEMPTY = 39;
    static final int ELOOP = 40;
    static final int ENODATA = 61;
    static final int EOPNOTSUPP = 95;
    static final int EDQUOT = 122;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(EPERM, "EPERM operation not permitted"),
            Map.entry(ENOENT, "ENOENT no such file or directory"),
            Map.entry(EINTR, "EINTR interrupted"),
            Map.entry(EIO, "EIO input/output error"),
            Map.entry(ENXIO, "ENXIO no such device or address"),
            Map.entry(E2BIG, "E2BIG too long"),
            Map.entry(ENODATA, "ENODATA no such attribute"),
            Map.entry(ENOTTY, "ENOTTY not supported by this file system"),
            Map.entry(9, "EBADF bad file descriptor"),
            Map.entry(EAGAIN, "EAGAIN temporarily unavailable"),
            Map.entry(12, "ENOMEM out of memory"),
            Map.entry(EACCES, "EACCES permission denied"),
            Map.entry(14, "EFAULT bad address"),
            Map.entry(16, "EBUSY device or resource busy"),
            Map.entry(EEXIST, "EEXIST it exists already"),
            Map.entry(EXDEV, "EXDEV on another file system"),
            Map.entry(19, "ENODEV no such device"),
            Map.entry(ENOTDIR, "ENOTDIR not a directory"),
            Map.entry(EISDIR, "EISDIR is a directory"),
            Map.entry(EINVAL, "EINVAL invalid argument"),
            Map.entry(23, "ENFILE too many open files in the system"),
            Map.entry(EMFILE, "EMFILE too many open files"),
            Map.entry(26, "ETXTBSY is being executed"),
            Map.entry(27, "EFBIG file too large"),
            Map.entry(ENOSPC, "ENOSPC no space left on device"),
            Map.entry(30, "EROFS read-only file system"),
            Map.entry(31, "EMLINK too many links"),
            Map.entry(ERANGE, "ERANGE out of range"),
            Map.entry(ENAMETOOLONG, "ENAMETOOLONG name too long"),
            Map.entry(ENOSYS, "ENOSYS not supported by this kernel"),
            Map.entry(ENOTEMPTY, "ENOTEMPTY directory not empty"),
            Map.entry(ELOOP, "ELOOP is a symbolic link"),
            Map.entry(75, "EOVERFLOW value too large"),
            Map.entry(EOPNOTSUPP, "EOPNOTSUPP not supported here"),
            Map.entry(107, "ENOTCONN not connected"),
            Map.entry(110, "ETIMEDOUT timed out"),
            Map.entry(112, "EHOSTDOWN host is down"),
            Map.entry(116, "ESTALE stale file handle"),
            Map.entry(EDQUOT, "EDQUOT disk quota exceeded"));

    private Errno() {}

    /** Such as "ENOENT". */
    static String symbol(int errno) {
        String name = NAMES.get(errno);
        return name == null ? "errno " + errno : name.substring(0, name.indexOf(' '));
    }

    /** Such as "no such file or directory". */
    static String text(int errno) {
        @Nullable String name = NAMES.get(errno);
        return name == null ? "system error" : name.substring(name.indexOf(' ') + 1);
    }
}
