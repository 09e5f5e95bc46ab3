package io.packstone.metadata;

/** What a name in a directory stands for; the number is the stored one (docs/format.md, Entries). */
public enum FileType {
    /** A regular file. */
    FILE,
    /** A directory. */
    DIRECTORY,
    /** A symbolic link. */
    SYMLINK,
    /** A named pipe. */
    FIFO,
    /** A character device. */
    CHARACTER_DEVICE,
    /** A block device. */
    BLOCK_DEVICE,
    /** A Unix domain socket. */
    SOCKET;

    private static final FileType[] ALL = values();

    /** The stored number. */
    public int number() {
        return ordinal();
    }

    /** The type with that number; an {@link IllegalArgumentException} when there is none. */
    public static FileType of(int number) {
        if (number < 0 || number >= ALL.length) {
            throw new IllegalArgumentException("no file type " + number);
        }
        return ALL[number];
    }
}
