package io.packstone.id;

/** Names a pack: the SHA-256 of its bytes. */
public final class PackId extends Id256 {
    private PackId(byte[] bytes, int offset) {
        super(bytes, offset);
    }

    /** Copies {@link #LENGTH} bytes that start at {@code offset} of {@code bytes}. */
    public static PackId of(byte[] bytes, int offset) {
        return new PackId(bytes, offset);
    }

    /** Copies an array of exactly {@link #LENGTH} bytes. */
    public static PackId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("an id has " + LENGTH + " bytes, not " + bytes.length);
        }
        return new PackId(bytes, 0);
    }

    /**
     * Parses 64 lower-case hexadecimal digits.
     *
     * @throws IllegalArgumentException when {@code hex} is anything else
     */
    public static PackId parse(String hex) {
        return of(Words.parseHex(hex, LENGTH));
    }
}
