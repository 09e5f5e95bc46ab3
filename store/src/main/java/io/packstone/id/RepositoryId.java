package io.packstone.id;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Names a repository: 16 random bytes drawn at {@code init}; every key and every sealed byte depends on them. */
public record RepositoryId(long word0, long word1) {
    /** The length in bytes. */
    public static final int LENGTH = 16;

    /** Copies {@link #LENGTH} bytes that start at {@code offset}. */
    public static RepositoryId of(byte[] bytes, int offset) {
        return new RepositoryId(Words.get(bytes, offset), Words.get(bytes, offset + 8));
    }

    /** Parses 32 lower-case hexadecimal digits; anything else is an {@link IllegalArgumentException}. */
    public static RepositoryId parse(String hex) {
        return of(Words.parseHex(hex, LENGTH), 0);
    }

    /** Writes the id at {@code offset} of {@code target}. */
    public void copyTo(byte[] target, int offset) {
        Words.put(target, offset, word0);
        Words.put(target, offset + 8, word1);
    }

    /** A fresh array of {@link #LENGTH} bytes. */
    public byte[] toBytes() {
        byte[] bytes = new byte[LENGTH];
        copyTo(bytes, 0);
        return bytes;
    }

    // A record's own equals and hashCode are linked at first use, which every start would wait for.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RepositoryId that && word0 == that.word0 && word1 == that.word1;
    }

    @Override
    public int hashCode() {
        return (int) (word0 ^ word0 >>> 32);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }
}
