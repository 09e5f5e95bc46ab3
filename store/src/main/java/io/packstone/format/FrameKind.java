package io.packstone.format;

import org.jspecify.annotations.Nullable;

/** What a stored object is; the number stands in its header. */
public enum FrameKind {
    /** The repository's settings. */
    CONFIG(1, 64 << 10, "config"),
    /** One way to unlock the repository. */
    KEY_SLOT(2, 8 << 10, "key slot"),
    /** Sealed blocks and their table. */
    PACK(3, 1L << 31, "pack"),
    /** The tables of many packs, and a sorted list over them. */
    INDEX_SEGMENT(4, 1L << 33, "index segment"),
    /** A snapshot's record. */
    SNAPSHOT(5, 16 << 20, "snapshot"),
    /** What became of a snapshot's record. */
    STATE(6, 8 << 10, "snapshot state"),
    /** The announcement of a write session. */
    JOB(7, 8 << 10, "job"),
    /** A mark of the prune protocol. */
    MARKER(8, 1 << 20, "marker");

    private static final FrameKind[] ALL = values();

    private final int number;
    private final long maxLength;
    private final String words;

    FrameKind(int number, long maxLength, String words) {
        this.number = number;
        this.maxLength = maxLength;
        this.words = words;
    }

    /** The stored number. */
    public int number() {
        return number;
    }

    /** The most bytes an object of this kind has, frame included. */
    public long maxLength() {
        return maxLength;
    }

    /** How messages call it. */
    public String words() {
        return words;
    }

    static @Nullable FrameKind of(int number) {
        return number >= 1 && number <= ALL.length ? ALL[number - 1] : null;
    }
}
