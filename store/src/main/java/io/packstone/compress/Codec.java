package io.packstone.compress;

/** How a block's bytes are compressed; the number is the stored one. */
public enum Codec {
    /** Stored as they are. */
    NONE,
    /** LZ4 block format. */
    LZ4,
    /** One Zstandard frame (RFC 8878). */
    ZSTD;

    private static final Codec[] ALL = values();

    /** The stored number. */
    public int number() {
        return ordinal();
    }

    /** The codec with that number; an {@link IllegalArgumentException} when there is none. */
    public static Codec of(int number) {
        if (number < 0 || number >= ALL.length) {
            throw new IllegalArgumentException("no codec " + number);
        }
        return ALL[number];
    }
}
