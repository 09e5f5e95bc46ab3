package io.packstone.id;

/** Names a snapshot: the SHA-256 of its sealed record. */
public final class SnapshotId extends Id256 {
    private SnapshotId(byte[] bytes, int offset) {
        super(bytes, offset);
    }

    /** Copies {@link #LENGTH} bytes that start at {@code offset} of {@code bytes}. */
    public static SnapshotId of(byte[] bytes, int offset) {
        return new SnapshotId(bytes, offset);
    }

    /** Copies an array of exactly {@link #LENGTH} bytes. */
    public static SnapshotId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("an id has " + LENGTH + " bytes, not " + bytes.length);
        }
        return new SnapshotId(bytes, 0);
    }

    /**
     * Parses 64 lower-case hexadecimal digits.
     *
     * @throws IllegalArgumentException when {@code hex} is anything else
     */
    public static SnapshotId parse(String hex) {
        return of(Words.parseHex(hex, LENGTH));
    }
}
