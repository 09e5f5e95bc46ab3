package io.packstone.id;

/** What a chunk holds; part of what its id is computed from. The number is the stored one. */
public enum ChunkType {
    /** Bytes of a file. */
    DATA,
    /** A piece of a file's list of chunks. */
    RECIPE,
    /** A node of a manifest. */
    NODE,
    /** A large attribute of a file. */
    ATTRIBUTE;

    private static final ChunkType[] ALL = values();

    /** The stored number. */
    public int number() {
        return ordinal();
    }

    /** The type with that number; an {@link IllegalArgumentException} when there is none. */
    public static ChunkType of(int number) {
        if (number < 0 || number >= ALL.length) {
            throw new IllegalArgumentException("no chunk type " + number);
        }
        return ALL[number];
    }
}
