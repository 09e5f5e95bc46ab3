package io.packstone.pipeline;

import io.packstone.compress.Codec;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.pack.BlockType;
import java.util.Arrays;

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

    /** Copies the rows of {@code draft}; takes over {@code stored}, the sealed bytes. */
    public StoredBlock(BlockType type, Codec codec, byte[] stored, BlockDraft draft) {
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

    byte[] refs() {
        return refs;
    }
}
