package io.packstone.manifest;

import io.packstone.id.ChunkId;
import java.util.Arrays;

/**
 * What a regular file's bytes are made of: its pieces in order, each an id and the count of the file's bytes it covers.
 * At depth 0 the pieces are data chunks, above that recipes of that depth. Immutable, held as two flat arrays.
 */
public final class FileBody {
    /** The most pieces that stand in an entry; longer lists become recipes. */
    public static final int MAX_INLINE = 64;
    /** The most pieces of one recipe. */
    public static final int MAX_RECIPE = 1024;
    /** How deep recipes may nest. */
    public static final int MAX_DEPTH = 16;
    /** The longest data chunk that a file may list. */
    public static final int MAX_CHUNK = 16 << 20;
    /** Of a file without bytes. */
    public static final FileBody EMPTY = new FileBody(0, 0, new long[0], new byte[0]);

    private final int crc32c;
    private final int depth;
    private final long[] lengths;
    private final byte[] refs;
    private final long plainLength;

    private FileBody(int crc32c, int depth, long[] lengths, byte[] refs) {
        this.crc32c = crc32c;
        this.depth = depth;
        this.lengths = lengths;
        this.refs = refs;
        this.plainLength = sum(lengths);
    }

    /**
     * Takes over both arrays: {@code refs} holds as many ids as there are {@code lengths}.
     *
     * @param crc32c the CRC-32C of all the file's bytes
     * @throws IllegalArgumentException when depth, counts or lengths are out of range
     */
    public static FileBody of(int crc32c, int depth, long[] lengths, byte[] refs) {
        if (depth < 0 || depth > MAX_DEPTH || lengths.length > MAX_RECIPE) {
            throw new IllegalArgumentException("no body of depth " + depth + " with " + lengths.length + " pieces");
        }
        if (refs.length != lengths.length * ChunkId.LENGTH) {
            throw new IllegalArgumentException(lengths.length + " pieces, but " + refs.length + " bytes of ids");
        }
        return new FileBody(crc32c, depth, lengths, refs);
    }

    private static long sum(long[] lengths) {
        long sum = 0;
        for (long each : lengths) {
            sum += each;
            if (each <= 0 || sum < 0) {
                throw new IllegalArgumentException("no sum of lengths with " + each);
            }
        }
        return sum;
    }

    /** The CRC-32C of all the file's bytes. */
    public int crc32c() {
        return crc32c;
    }

    /** 0 when the pieces are data chunks, else how many recipes stand above those. */
    public int depth() {
        return depth;
    }

    /** The count of pieces. */
    public int count() {
        return lengths.length;
    }

    /** The count of the file's bytes. */
    public long plainLength() {
        return plainLength;
    }

    /** How many of the file's bytes a piece covers. */
    public long length(int index) {
        return lengths[index];
    }

    /** The id of a piece: a data chunk at depth 0, else a recipe. */
    public ChunkId id(int index) {
        return ChunkId.of(refs, index * ChunkId.LENGTH);
    }

    /** The ids back to back, borrowed. */
    byte[] refs() {
        return refs;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileBody that
                && crc32c == that.crc32c
                && depth == that.depth
                && Arrays.equals(lengths, that.lengths)
                && Arrays.equals(refs, that.refs);
    }

    @Override
    public int hashCode() {
        return 31 * crc32c + Arrays.hashCode(lengths);
    }

    @Override
    public String toString() {
        return plainLength + " bytes in " + lengths.length + " pieces of depth " + depth;
    }
}
