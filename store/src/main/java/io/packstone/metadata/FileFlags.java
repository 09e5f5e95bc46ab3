package io.packstone.metadata;

/** Flags that a file system keeps of a file besides its mode (chattr(1)); the numbers are Linux's and are stored. */
public final class FileFlags {
    /** It can't be changed, linked, renamed or removed, whoever asks. */
    public static final int IMMUTABLE = 0x10;

    /** Its bytes can only be appended to. */
    public static final int APPEND_ONLY = 0x20;

    /** Programs that dump file systems leave it out. */
    public static final int NO_DUMP = 0x40;

    /** All that are known here. */
    public static final int ALL = IMMUTABLE | APPEND_ONLY | NO_DUMP;

    /** Those that keep others from changing it. */
    public static final int LOCKING = IMMUTABLE | APPEND_ONLY;

    private FileFlags() {}
}
