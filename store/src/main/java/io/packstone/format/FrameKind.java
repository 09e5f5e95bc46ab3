package io.packstone.format;

/** What an object is; the number stands in its header. */
public enum FrameKind {
    /** A config. */
    CONFIG(1, 64 << 10),
    /** A key slot. */
    KEY_SLOT(2, 8 << 10),
    /** A pack. */
    PACK(3, 1 << 30),
    /** An index segment. */
    INDEX_SEGMENT(4, 1 << 30),
    /** A snapshot record. */
    SNAPSHOT(5, 16 << 20),
    /** The state of a snapshot. */
    STATE(6, 4 << 10),
    /** The announcement of a job. */
    JOB(7, 4 << 10),
    /** A marker of the removal of garbage. */
    MARKER(8, 32 << 20),
    /** The parity of a pack or index segment. */
    PARITY(9, 320 << 20),
    /** A record that forgets a snapshot. */
    FORGET(10, 64 << 10),
    /** A note on a snapshot: tags, protection. */
    NOTE(11, 64 << 10),
    /** What a repair could not bring back. */
    REPAIR(12, 16 << 20),
    /** A bundle, which is no object but a file to be carried, of any length. */
    BUNDLE(13, Integer.MAX_VALUE);

    private final int number;
    private final int maxLength;

    FrameKind(int number, int maxLength) {
        this.number = number;
        this.maxLength = maxLength;
    }

    /** The stored number. */
    public int number() {
        return number;
    }

    /** The longest such an object may be, in bytes. */
    public int maxLength() {
        return maxLength;
    }
}
