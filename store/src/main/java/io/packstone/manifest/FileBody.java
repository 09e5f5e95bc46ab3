package io.packstone.manifest;

import io.packstone.id.ChunkId;
import java.util.Arrays;

/**
 * What a file's bytes are made of: data chunks in order (depth 0), or recipes that list them (depth 1 and more).
 * Immutable; no object per chunk.
 */
public final class FileBody {
    /** No bytes. */
    public static final FileBody EMPTY = new FileBody(0, 0, new byte[0], new long[0]);

    private final int crc32c;
    private final int depth;
    private final byte[] ids;
    private final long[] lengths;

    FileBody(int crc32c, int depth, byte[] ids, long[] lengths) {
        this.crc32c = crc32c;
        this.depth = depth;
        this.ids = ids;
        this.lengths = lengths;
    }

    /** The CRC-32C of all bytes. */
    public int crc32c() {
        return crc32c;
    }

    /** 0 when the parts are data chunks; else they are recipes of that depth. */
    public int depth() {
        return depth;
    }

    /** The count of parts. */
    public int count() {
        return lengths.length;
    }

    /** The id of one part. */
    public ChunkId id(int index) {
        return ChunkId.of(ids, index * ChunkId.LENGTH);
    }

    /** The plain bytes that one part stands for. */
    public long length(int index) {
        return lengths[index];
    }

    /** The sum of the lengths. */
    public long plainLength() {
        return Arrays.stream(lengths).sum();
    }

    byte[] ids() {
        return ids;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileBody that
                && crc32c == that.crc32c
                && depth == that.depth
                && Arrays.equals(ids, that.ids)
                && Arrays.equals(lengths, that.lengths);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }
}
