package io.packstone.id;

/** Names one run of prune: 32 random bytes. */
public final class PruneId extends Id256 {
    private PruneId(byte[] bytes, int offset) {
        super(bytes, offset);
    }

    /** Copies {@link #LENGTH} bytes that start at {@code offset} of {@code bytes}. */
    public static PruneId of(byte[] bytes, int offset) {
        return new PruneId(bytes, offset);
    }

    /** Copies an array of exactly {@link #LENGTH} bytes. */
    public static PruneId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("an id has " + LENGTH + " bytes, not " + bytes.length);
        }
        return new PruneId(bytes, 0);
    }

    /**
     * Parses 64 lower-case hexadecimal digits.
     *
     * @throws IllegalArgumentException when {@code hex} is anything else
     */
    public static PruneId parse(String hex) {
        return of(Words.parseHex(hex, LENGTH));
    }
}
