package io.packstone.id;

/** Names a chunk: HMAC-SHA-256 over its type, references and payload (docs/format.md, Chunks). */
public final class ChunkId extends Id256 {
    private ChunkId(byte[] bytes, int offset) {
        super(bytes, offset);
    }

    /** Copies {@link #LENGTH} bytes that start at {@code offset} of {@code bytes}. */
    public static ChunkId of(byte[] bytes, int offset) {
        return new ChunkId(bytes, offset);
    }

    /** Copies an array of exactly {@link #LENGTH} bytes. */
    public static ChunkId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("an id has " + LENGTH + " bytes, not " + bytes.length);
        }
        return new ChunkId(bytes, 0);
    }

    /**
     * Parses 64 lower-case hexadecimal digits.
     *
     * @throws IllegalArgumentException when {@code hex} is anything else
     */
    public static ChunkId parse(String hex) {
        return of(Words.parseHex(hex, LENGTH));
    }
}
