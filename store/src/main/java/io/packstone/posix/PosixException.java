package io.packstone.posix;

import com.sun.jna.Native;

/** A system call that failed. Shares no caught parent with failures of the repository. */
public final class PosixException extends Exception {
    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int EEXIST = 17;
    private static final int ENOTDIR = 20;
    private static final int ENOSPC = 28;
    private static final int EROFS = 30;
    private static final int ENOTEMPTY = 39;
    private static final int ELOOP = 40;
    private static final int EDQUOT = 122;

    private final int errno;

    private PosixException(int errno, String call) {
        super(text(errno, call));
        this.errno = errno;
    }

    /** The failure of the call that this thread made last. */
    static PosixException last(String call) {
        return new PosixException(Native.getLastError(), call);
    }

    private static String text(int errno, String call) {
        return switch (errno) {
            case EPERM -> "not permitted (" + call + ")";
            case ENOENT -> "no such file or directory";
            case EACCES -> "permission denied";
            case EEXIST -> "exists already";
            case ENOTDIR -> "not a directory";
            case ENOSPC, EDQUOT -> "no room left on the device";
            case ELOOP -> "a symbolic link, which is not followed";
            case 5 -> "input/output error of the device";
            case EROFS -> "the file system is read-only";
            case 24 -> "too many open files";
            case 36 -> "the name is too long";
            case ENOTEMPTY -> "the directory is not empty";
            default -> call + " failed with error " + errno;
        };
    }

    /** The name does not exist. */
    public boolean isMissing() {
        return errno == ENOENT;
    }

    /** The name exists already. */
    public boolean isTaken() {
        return errno == EEXIST;
    }

    /** It is a symbolic link, or something else that is no directory. */
    public boolean isNoDirectory() {
        return errno == ENOTDIR || errno == ELOOP;
    }

    /** The user may not, or nobody may: the file system is read-only. */
    public boolean isNotPermitted() {
        return errno == EPERM || errno == EACCES || errno == EROFS;
    }

    /** The directory holds something. */
    public boolean isNotEmpty() {
        return errno == ENOTEMPTY || errno == EEXIST;
    }

    /** No room is left. */
    public boolean isNoRoom() {
        return errno == ENOSPC || errno == EDQUOT;
    }
}
