package io.packstone.pack;

import io.packstone.compress.Codec;
import io.packstone.crypto.ChunkHasher;
import io.packstone.crypto.Envelope;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import java.util.Arrays;
import java.util.List;

/**
 * What a pack says of itself: its blocks, and for each chunk in them a row. Rows are numbered from 0 through the whole
 * table. Immutable; no object per row.
 */
public final class PackTable {
    private final byte[] plain;
    private final PackClass packClass;
    private final List<Envelope> envelopes;
    private final Layout layout;

    PackTable(byte[] plain, PackClass packClass, List<Envelope> envelopes, Layout layout) {
        this.plain = plain;
        this.packClass = packClass;
        this.envelopes = envelopes;
        this.layout = layout;
    }

    /** Where everything stands; filled while a table is decoded. */
    static final class Layout {
        private final BlockType[] types;
        private final Codec[] codecs;
        private final int[] envelopes;
        private final long[] offsets;
        private final int[] storedLengths;
        private final int[] plainLengths;
        private int rows;
        private int[] starts = new int[64];
        private int[] refStarts = new int[64];
        private int[] refCounts = new int[64];
        private int[] blocks = new int[64];
        private int[] plainOffsets = new int[64];
        private int[] payloadLengths = new int[64];

        Layout(int blockCount) {
            types = new BlockType[blockCount];
            codecs = new Codec[blockCount];
            envelopes = new int[blockCount];
            offsets = new long[blockCount];
            storedLengths = new int[blockCount];
            plainLengths = new int[blockCount];
        }

        void addBlock(
                int block, BlockType type, Codec codec, int envelope, long offset, int storedLength, int plainLength) {
            types[block] = type;
            codecs[block] = codec;
            envelopes[block] = envelope;
            offsets[block] = offset;
            storedLengths[block] = storedLength;
            plainLengths[block] = plainLength;
        }

        void addRow(int start, int refStart, int refCount, int block, int plainOffset, int payloadLength) {
            if (rows == starts.length) {
                resize(rows * 2);
            }
            starts[rows] = start;
            refStarts[rows] = refStart;
            refCounts[rows] = refCount;
            blocks[rows] = block;
            plainOffsets[rows] = plainOffset;
            payloadLengths[rows] = payloadLength;
            rows++;
        }

        void trim() {
            resize(rows);
        }

        private void resize(int length) {
            starts = Arrays.copyOf(starts, length);
            refStarts = Arrays.copyOf(refStarts, length);
            refCounts = Arrays.copyOf(refCounts, length);
            blocks = Arrays.copyOf(blocks, length);
            plainOffsets = Arrays.copyOf(plainOffsets, length);
            payloadLengths = Arrays.copyOf(payloadLengths, length);
        }
    }

    /** Data or tree. */
    public PackClass packClass() {
        return packClass;
    }

    /** The decoded bytes, borrowed: never to be changed. */
    public byte[] plainBytes() {
        return plain;
    }

    /** About how much memory this table takes, in bytes. */
    public int footprint() {
        return plain.length + layout.rows * 24 + layout.offsets.length * 32 + 200;
    }

    /** The count of blocks. */
    public int blockCount() {
        return layout.offsets.length;
    }

    /** What a block holds. */
    public BlockType blockType(int block) {
        return layout.types[block];
    }

    /** How a block is compressed. */
    public Codec codec(int block) {
        return layout.codecs[block];
    }

    /** Who may open a block. */
    public Envelope envelope(int block) {
        return envelopes.get(layout.envelopes[block]);
    }

    /** Where in the pack a block's sealed bytes start. */
    public long blockOffset(int block) {
        return layout.offsets[block];
    }

    /** The length of a block's sealed bytes. */
    public int blockStoredLength(int block) {
        return layout.storedLengths[block];
    }

    /** The length of a block, decompressed. */
    public int blockPlainLength(int block) {
        return layout.plainLengths[block];
    }

    /** The first row of a block; for the count of blocks, the count of rows. */
    public int blockFirstRow(int block) {
        int low = 0;
        int high = layout.rows;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (layout.blocks[middle] < block) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The count of rows. */
    public int rowCount() {
        return layout.rows;
    }

    /** The id of a row's chunk. */
    public ChunkId rowId(int row) {
        return ChunkId.of(plain, layout.starts[row]);
    }

    /** True when {@link #rowId} would be {@code id}. */
    public boolean isRow(int row, ChunkId id) {
        return id.isAt(plain, layout.starts[row]);
    }

    /** True when the chunk of a row, where it stands in its block's {@code plain} bytes, has that row's id. */
    public boolean proves(int row, byte[] plain, ChunkHasher hasher) {
        ChunkId id = hasher.id(
                rowType(row), rowRefs(row), rowRefCount(row), plain, rowPlainOffset(row), rowPayloadLength(row));
        return isRow(row, id);
    }

    /** The type of a row's chunk. */
    public ChunkType rowType(int row) {
        return ChunkType.of(flags(row) & 7);
    }

    /** True for a row that only slices its block and is never offered. */
    public boolean rowDead(int row) {
        return (flags(row) & PackTableFormat.DEAD) != 0;
    }

    private int flags(int row) {
        return plain[layout.starts[row] + ChunkId.LENGTH];
    }

    /** The block a row's payload is in. */
    public int rowBlock(int row) {
        return layout.blocks[row];
    }

    /** Where in the decompressed block a row's payload starts. */
    public int rowPlainOffset(int row) {
        return layout.plainOffsets[row];
    }

    /** The length of a row's payload. */
    public int rowPayloadLength(int row) {
        return layout.payloadLengths[row];
    }

    /** The count of a row's references. */
    public int rowRefCount(int row) {
        return layout.refCounts[row];
    }

    /** One reference of a row. */
    public ChunkId rowRef(int row, int index) {
        return ChunkId.of(plain, layout.refStarts[row] + index * ChunkId.LENGTH);
    }

    /** A fresh array of a row's references, 32 bytes each. */
    public byte[] rowRefs(int row) {
        int start = layout.refStarts[row];
        return Arrays.copyOfRange(plain, start, start + layout.refCounts[row] * ChunkId.LENGTH);
    }
}
