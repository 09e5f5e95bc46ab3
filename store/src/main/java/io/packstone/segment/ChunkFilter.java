package io.packstone.segment;

import io.packstone.bytes.LittleEndian;
import io.packstone.id.ChunkId;

/**
 * A Bloom filter over chunk ids: says of a chunk that is not in a segment so without reading an entry, 99 times in 100.
 *
 * <p>Ids are uniform already, so the bits come from them and nothing is hashed: with h1 and h2 the words at bytes 8 and 16
 * of the id, h2 made odd, bit i is the high half of h1 + i h2, scaled to the count of bits (Kirsch, Mitzenmacher: Less
 * Hashing, Same Performance, 2008).
 */
final class ChunkFilter {
    /** At ten bits a chunk, seven answers falsely once in 120. */
    static final int HASHES = 7;

    static final int HASHES_MAX = 16;
    static final int LENGTH_MAX = 16 << 20;
    private static final int BITS_PER_CHUNK = 10;

    private final byte[] bytes;
    private final int hashes;

    /** Takes over {@code bytes}, a positive multiple of eight. */
    ChunkFilter(byte[] bytes, int hashes) {
        this.bytes = bytes;
        this.hashes = hashes;
    }

    /** An empty one for {@code chunkCount} chunks. */
    static ChunkFilter forChunks(int chunkCount) {
        long words = Math.max(1, ((long) chunkCount * BITS_PER_CHUNK + 63) / 64);
        return new ChunkFilter(new byte[Math.toIntExact(words * 8)], HASHES);
    }

    /** The stored form, borrowed. */
    byte[] array() {
        return bytes;
    }

    void add(ChunkId id) {
        byte[] idBytes = id.toBytes();
        long position = LittleEndian.getLong(idBytes, 8);
        long step = LittleEndian.getLong(idBytes, 16) | 1;
        for (int i = 0; i < hashes; i++, position += step) {
            int bit = bit(position);
            bytes[bit >>> 3] |= (byte) (1 << (bit & 7));
        }
    }

    /** False when the chunk was certainly not added. */
    boolean mayHold(ChunkId id) {
        byte[] idBytes = id.toBytes();
        long position = LittleEndian.getLong(idBytes, 8);
        long step = LittleEndian.getLong(idBytes, 16) | 1;
        for (int i = 0; i < hashes; i++, position += step) {
            int bit = bit(position);
            if ((bytes[bit >>> 3] >>> (bit & 7) & 1) == 0) {
                return false;
            }
        }
        return true;
    }

    /** The high half of {@code position}, as a fraction of 2^32, of all bits. */
    private int bit(long position) {
        return (int) ((position >>> 32) * (bytes.length * 8L) >>> 32);
    }
}
