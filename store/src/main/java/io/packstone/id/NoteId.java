package io.packstone.id;

/** Names a note on a snapshot: the SHA-256 of the object's bytes. */
public final class NoteId extends Id256 {
    private NoteId(byte[] bytes, int offset) {
        super(bytes, offset);
    }

    /** Copies {@link #LENGTH} bytes that start at {@code offset} of {@code bytes}. */
    public static NoteId of(byte[] bytes, int offset) {
        return new NoteId(bytes, offset);
    }

    /** Copies an array of exactly {@link #LENGTH} bytes. */
    public static NoteId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("an id has " + LENGTH + " bytes, not " + bytes.length);
        }
        return new NoteId(bytes, 0);
    }

    /**
     * Parses 64 lower-case hexadecimal digits.
     *
     * @throws IllegalArgumentException when {@code hex} is anything else
     */
    public static NoteId parse(String hex) {
        return of(Words.parseHex(hex, LENGTH));
    }
}
