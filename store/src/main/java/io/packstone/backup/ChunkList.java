package io.packstone.backup;

import io.packstone.id.ChunkId;
import java.util.Arrays;

/** The chunks of a file or of one of its segments, in order: ids and lengths, without an object per chunk. */
final class ChunkList {
    private byte[] ids = new byte[ChunkId.LENGTH];
    private int[] lengths = new int[1];
    private int count;
    private long plainLength;

    void add(ChunkId id, int length) {
        if (count == lengths.length) {
            lengths = Arrays.copyOf(lengths, count * 2);
            ids = Arrays.copyOf(ids, count * 2 * ChunkId.LENGTH);
        }
        id.copyTo(ids, count * ChunkId.LENGTH);
        lengths[count++] = length;
        plainLength += length;
    }

    int count() {
        return count;
    }

    ChunkId id(int index) {
        return ChunkId.of(ids, index * ChunkId.LENGTH);
    }

    int length(int index) {
        return lengths[index];
    }

    /** The sum of the lengths, in bytes. */
    long plainLength() {
        return plainLength;
    }
}
