package io.packstone.id;

import java.util.HexFormat;

/**
 * 256 bits that name something; each subclass names one kind of thing, so two kinds can't be mixed up.
 *
 * <p>Immutable. Held as four big-endian words; ordered as unsigned bytes.
 */
public abstract sealed class Id256 implements Comparable<Id256>
        permits ChunkId, PackId, SegmentId, SnapshotId, SlotId, JobId, PruneId, NoteId, ObjectHash {
    /** The length of an id in bytes. */
    public static final int LENGTH = 32;

    private final long word0;
    private final long word1;
    private final long word2;
    private final long word3;

    /** Copies {@link #LENGTH} bytes that start at {@code offset}. */
    Id256(byte[] bytes, int offset) {
        word0 = Words.get(bytes, offset);
        word1 = Words.get(bytes, offset + 8);
        word2 = Words.get(bytes, offset + 16);
        word3 = Words.get(bytes, offset + 24);
    }

    /** The first eight bytes as a big-endian word: what sorted lists are ordered by. */
    public final long prefix() {
        return word0;
    }

    /** The last byte, unsigned. */
    public final int lastByte() {
        return (int) (word3 & 0xff);
    }

    /** True when the {@link #LENGTH} bytes that start at {@code offset} are this id's. */
    public final boolean isAt(byte[] bytes, int offset) {
        return bytes[offset + LENGTH - 1] == (byte) word3 // of another id nearly always false, and the cheapest to ask
                && word0 == Words.get(bytes, offset)
                && word1 == Words.get(bytes, offset + 8)
                && word2 == Words.get(bytes, offset + 16)
                && word3 == Words.get(bytes, offset + 24);
    }

    /** Writes the id at {@code offset} of {@code target}. */
    public final void copyTo(byte[] target, int offset) {
        Words.put(target, offset, word0);
        Words.put(target, offset + 8, word1);
        Words.put(target, offset + 16, word2);
        Words.put(target, offset + 24, word3);
    }

    /** A fresh array of {@link #LENGTH} bytes. */
    public final byte[] toBytes() {
        byte[] bytes = new byte[LENGTH];
        copyTo(bytes, 0);
        return bytes;
    }

    /** 64 lower-case hexadecimal digits. */
    public final String toHex() {
        return HexFormat.of().formatHex(toBytes());
    }

    /** The first ten hexadecimal digits: enough for a person to tell ids apart. */
    public final String toShortHex() {
        return toHex().substring(0, 10);
    }

    @Override
    public final int compareTo(Id256 other) {
        int order = Long.compareUnsigned(word0, other.word0);
        if (order == 0) {
            order = Long.compareUnsigned(word1, other.word1);
        }
        if (order == 0) {
            order = Long.compareUnsigned(word2, other.word2);
        }
        return order == 0 ? Long.compareUnsigned(word3, other.word3) : order;
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof Id256 that
                && getClass() == that.getClass()
                && word0 == that.word0
                && word1 == that.word1
                && word2 == that.word2
                && word3 == that.word3;
    }

    @Override
    public final int hashCode() {
        return (int) (word0 ^ (word0 >>> 32));
    }

    @Override
    public final String toString() {
        return toHex();
    }
}
