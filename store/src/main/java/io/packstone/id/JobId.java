package io.packstone.id;

/** Names a write session or cluster job: the SHA-256 of the bytes that announced it. */
public final class JobId extends Id256 {
    private JobId(byte[] bytes, int offset) {
        super(bytes, offset);
    }

    /** Copies {@link #LENGTH} bytes that start at {@code offset} of {@code bytes}. */
    public static JobId of(byte[] bytes, int offset) {
        return new JobId(bytes, offset);
    }

    /** Copies an array of exactly {@link #LENGTH} bytes. */
    public static JobId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("an id has " + LENGTH + " bytes, not " + bytes.length);
        }
        return new JobId(bytes, 0);
    }

    /**
     * Parses 64 lower-case hexadecimal digits.
     *
     * @throws IllegalArgumentException when {@code hex} is anything else
     */
    public static JobId parse(String hex) {
        return of(Words.parseHex(hex, LENGTH));
    }
}
