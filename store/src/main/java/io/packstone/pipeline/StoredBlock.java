package io.packstone.pipeline;

import io.packstone.bytes.ByteSink;
import io.packstone.compress.Codec;
import io.packstone.crypto.Envelope;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.pack.BlockType;
import io.packstone.pack.PackTable;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A sealed block with the rows of its chunks, owned by whoever holds it; the draft it came from is free again. */
public final class StoredBlock {
    private final BlockType type;
    private final Codec codec;
    private final byte[] stored;
    private final int plainLength;
    private final int rowCount;
    private final byte[] ids;
    private final ChunkType[] types;
    private final int[] payloadLengths;
    private final int[] refCounts;
    private final byte[] refs;
    private final Envelope envelope;
    private final @Nullable BitSet dead;

    /**
     * A block of a pack, sealed as it stands there, for another pack: {@code stored} (taken over) is not opened. Rows in
     * {@code dead}, counted within the block, are flagged so.
     */
    public StoredBlock(PackTable table, int block, byte[] stored, BitSet dead) {
        this.type = table.blockType(block);
        this.codec = table.codec(block);
        this.stored = stored;
        this.envelope = table.envelope(block);
        this.dead = dead;
        plainLength = table.blockPlainLength(block);
        int first = table.blockFirstRow(block);
        rowCount = table.blockFirstRow(block + 1) - first;
        ids = new byte[rowCount * ChunkId.LENGTH];
        types = new ChunkType[rowCount];
        payloadLengths = new int[rowCount];
        refCounts = new int[rowCount];
        ByteSink allRefs = new ByteSink(1 << 10);
        for (int row = 0; row < rowCount; row++) {
            table.rowId(first + row).copyTo(ids, row * ChunkId.LENGTH);
            types[row] = table.rowType(first + row);
            payloadLengths[row] = table.rowPayloadLength(first + row);
            refCounts[row] = table.rowRefCount(first + row);
            allRefs.putBytes(table.rowRefs(first + row));
        }
        refs = allRefs.toBytes();
    }

    /** Copies the rows of {@code draft}; takes over {@code stored}, the bytes sealed under {@code envelope}. */
    public StoredBlock(BlockType type, Codec codec, byte[] stored, BlockDraft draft, Envelope envelope) {
        this.envelope = envelope;
        this.dead = null;
        this.type = type;
        this.codec = codec;
        this.stored = stored;
        plainLength = draft.length();
        rowCount = draft.rowCount();
        ids = new byte[rowCount * ChunkId.LENGTH];
        types = new ChunkType[rowCount];
        payloadLengths = new int[rowCount];
        refCounts = new int[rowCount];
        int allRefs = 0;
        for (int row = 0; row < rowCount; row++) {
            draft.id(row).copyTo(ids, row * ChunkId.LENGTH);
            types[row] = draft.type(row);
            payloadLengths[row] = draft.payloadLength(row);
            refCounts[row] = draft.refCount(row);
            allRefs += refCounts[row];
        }
        refs = Arrays.copyOf(draft.refs(), allRefs * ChunkId.LENGTH);
    }

    BlockType type() {
        return type;
    }

    Codec codec() {
        return codec;
    }

    byte[] stored() {
        return stored;
    }

    int plainLength() {
        return plainLength;
    }

    int rowCount() {
        return rowCount;
    }

    ChunkId id(int row) {
        return ChunkId.of(ids, row * ChunkId.LENGTH);
    }

    ChunkType chunkType(int row) {
        return types[row];
    }

    int payloadLength(int row) {
        return payloadLengths[row];
    }

    int refCount(int row) {
        return refCounts[row];
    }

    boolean isDead(int row) {
        return dead != null && dead.get(row);
    }

    Envelope envelope() {
        return envelope;
    }

    byte[] refs() {
        return refs;
    }
}
