package io.packstone.id;

/** Names a key slot: the SHA-256 of its bytes. */
public final class SlotId extends Id256 {
    private SlotId(byte[] bytes, int offset) {
        super(bytes, offset);
    }

    /** Copies {@link #LENGTH} bytes that start at {@code offset} of {@code bytes}. */
    public static SlotId of(byte[] bytes, int offset) {
        return new SlotId(bytes, offset);
    }

    /** Copies an array of exactly {@link #LENGTH} bytes. */
    public static SlotId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("an id has " + LENGTH + " bytes, not " + bytes.length);
        }
        return new SlotId(bytes, 0);
    }

    /**
     * Parses 64 lower-case hexadecimal digits.
     *
     * @throws IllegalArgumentException when {@code hex} is anything else
     */
    public static SlotId parse(String hex) {
        return of(Words.parseHex(hex, LENGTH));
    }
}
