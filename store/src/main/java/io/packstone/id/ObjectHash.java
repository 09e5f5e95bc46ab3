package io.packstone.id;

/** The SHA-256 of an object's bytes: what packs and index segments are named by, whichever of the two it is. */
public final class ObjectHash extends Id256 {
    private ObjectHash(byte[] bytes, int offset) {
        super(bytes, offset);
    }

    /** Copies {@link #LENGTH} bytes that start at {@code offset} of {@code bytes}. */
    public static ObjectHash of(byte[] bytes, int offset) {
        return new ObjectHash(bytes, offset);
    }

    /** Copies an array of exactly {@link #LENGTH} bytes. */
    public static ObjectHash of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("an id has " + LENGTH + " bytes, not " + bytes.length);
        }
        return new ObjectHash(bytes, 0);
    }

    /**
     * Parses 64 lower-case hexadecimal digits.
     *
     * @throws IllegalArgumentException when {@code hex} is anything else
     */
    public static ObjectHash parse(String hex) {
        return of(Words.parseHex(hex, LENGTH));
    }
}
