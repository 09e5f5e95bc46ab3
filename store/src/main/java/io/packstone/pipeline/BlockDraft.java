package io.packstone.pipeline;

import io.packstone.bytes.ByteSink;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import java.util.Arrays;

/**
 * The chunks of one block to be: their plain bytes back to back, and a row for each. For one thread at a time; reused
 * after {@link #clear()}.
 */
public final class BlockDraft {
    /** Plain bytes that a data block aims at: what one compression window shares (docs/bench.md). */
    public static final int DATA_LENGTH = 4 << 20;

    /** As above, of a block of manifest nodes and recipes, which are read one by one. */
    public static final int TREE_LENGTH = 128 << 10;

    /** Rows at most: where files are tiny, what is known of chunks takes more room than they do. */
    private static final int ROWS_MAX = 1 << 14;

    private static final int ROOM_FIRST = 32 << 10;

    private final int capacity;
    private byte[] plain;
    private int length;
    private int rows;
    private byte[] ids = new byte[64 * ChunkId.LENGTH];
    private ChunkType[] types = new ChunkType[64];
    private int[] payloadLengths = new int[64];
    private int[] refCounts = new int[64];
    private final ByteSink refs = new ByteSink(256);

    /** An empty draft that is to hold {@code capacity} plain bytes; room is made as they come. */
    public BlockDraft(int capacity) {
        this.capacity = capacity;
        plain = new byte[Math.min(capacity, ROOM_FIRST)];
    }

    /** Whether as many bytes in as many rows still fit a block that aims at {@code lengthTarget}; an empty one takes any. */
    public boolean fits(int moreBytes, int moreRows, int lengthTarget) {
        return rows == 0 || length + moreBytes <= lengthTarget && rows + moreRows <= ROWS_MAX;
    }

    /** Appends one chunk; {@code refBytes} and {@code payload} are copied. */
    public void add(
            ChunkId id, ChunkType type, byte[] refBytes, int refCount, byte[] payload, int offset, int payloadLength) {
        if (rows == types.length) {
            int room = rows * 2;
            ids = Arrays.copyOf(ids, room * ChunkId.LENGTH);
            types = Arrays.copyOf(types, room);
            payloadLengths = Arrays.copyOf(payloadLengths, room);
            refCounts = Arrays.copyOf(refCounts, room);
        }
        if (plain.length - length < payloadLength) {
            int enough = Math.addExact(length, payloadLength);
            int wanted = plain.length * 4 < capacity ? plain.length * 4 : Math.max(capacity, plain.length * 2);
            plain = Arrays.copyOf(plain, Math.max(enough, wanted));
        }
        System.arraycopy(payload, offset, plain, length, payloadLength);
        length += payloadLength;
        id.copyTo(ids, rows * ChunkId.LENGTH);
        types[rows] = type;
        payloadLengths[rows] = payloadLength;
        refCounts[rows] = refCount;
        refs.putBytes(refBytes, 0, refCount * ChunkId.LENGTH);
        rows++;
    }

    /** Appends every chunk of {@code other} (copied). */
    public void addAll(BlockDraft other) {
        int at = 0;
        int ref = 0;
        for (int row = 0; row < other.rows; row++) {
            byte[] rowRefs = Arrays.copyOfRange(other.refs.array(), ref, ref + other.refCounts[row] * ChunkId.LENGTH);
            add(
                    other.id(row),
                    other.types[row],
                    rowRefs,
                    other.refCounts[row],
                    other.plain,
                    at,
                    other.payloadLengths[row]);
            at += other.payloadLengths[row];
            ref += rowRefs.length;
        }
    }

    /** Forgets every chunk; keeps the room. */
    public void clear() {
        length = 0;
        rows = 0;
        refs.clear();
    }

    /** The plain bytes, borrowed; the first {@link #length()} count. */
    public byte[] plain() {
        return plain;
    }

    /** The count of plain bytes. */
    public int length() {
        return length;
    }

    /** The count of chunks. */
    public int rowCount() {
        return rows;
    }

    /** The id of one chunk. */
    public ChunkId id(int row) {
        return ChunkId.of(ids, row * ChunkId.LENGTH);
    }

    /** The type of one chunk. */
    public ChunkType type(int row) {
        return types[row];
    }

    /** The payload's length of one chunk, in bytes. */
    public int payloadLength(int row) {
        return payloadLengths[row];
    }

    /** The count of references of one chunk. */
    public int refCount(int row) {
        return refCounts[row];
    }

    /** The references of all chunks, in order, borrowed. */
    public byte[] refs() {
        return refs.array();
    }
}
