package io.packstone.id;

/** Names an index segment: the SHA-256 of its bytes. */
public final class SegmentId extends Id256 {
    private SegmentId(byte[] bytes, int offset) {
        super(bytes, offset);
    }

    /** Copies {@link #LENGTH} bytes that start at {@code offset} of {@code bytes}. */
    public static SegmentId of(byte[] bytes, int offset) {
        return new SegmentId(bytes, offset);
    }

    /** Copies an array of exactly {@link #LENGTH} bytes. */
    public static SegmentId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("an id has " + LENGTH + " bytes, not " + bytes.length);
        }
        return new SegmentId(bytes, 0);
    }

    /**
     * Parses 64 lower-case hexadecimal digits.
     *
     * @throws IllegalArgumentException when {@code hex} is anything else
     */
    public static SegmentId parse(String hex) {
        return of(Words.parseHex(hex, LENGTH));
    }
}
