package io.packstone.posix;

/** What statx says of a file; {@code type} is the upper part of st_mode. Times in seconds and nanoseconds. */
public record FileStatus(
        int type,
        int mode,
        int uid,
        int gid,
        int linkCount,
        long inode,
        long device,
        long size,
        long modifiedSeconds,
        int modifiedNanos,
        long changedSeconds,
        int changedNanos,
        int deviceMajor,
        int deviceMinor) {
    /** The {@code type} of a pipe. */
    public static final int FIFO = 0010000;

    /** The {@code type} of a character device. */
    public static final int CHARACTER_DEVICE = 0020000;

    /** The {@code type} of a directory. */
    public static final int DIRECTORY = 0040000;

    /** The {@code type} of a block device. */
    public static final int BLOCK_DEVICE = 0060000;

    /** The {@code type} of a regular file. */
    public static final int FILE = 0100000;

    /** The {@code type} of a symbolic link. */
    public static final int SYMLINK = 0120000;

    /** The {@code type} of a socket. */
    public static final int SOCKET = 0140000;

    static FileStatus of(java.nio.ByteBuffer statx) {
        int mode = statx.getShort(28) & 0xffff;
        return new FileStatus(
                mode & 0170000,
                mode & 07777,
                statx.getInt(20),
                statx.getInt(24),
                statx.getInt(16),
                statx.getLong(32),
                (statx.getInt(136) & 0xffffffffL) << 32 | statx.getInt(140) & 0xffffffffL,
                statx.getLong(40),
                statx.getLong(112),
                statx.getInt(120),
                statx.getLong(96),
                statx.getInt(104),
                statx.getInt(128),
                statx.getInt(132));
    }

    /** True for a regular file. */
    public boolean isFile() {
        return type == FILE;
    }

    /** True for a directory. */
    public boolean isDirectory() {
        return type == DIRECTORY;
    }
}
