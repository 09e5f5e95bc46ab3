package io.packstone.pack;

import io.packstone.bytes.ByteSink;
import io.packstone.compress.Codec;
import io.packstone.crypto.Envelope;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;

/**
 * Writes a pack table, block after block in the order of the pack. For one thread. What {@link PackTableFormat#decode}
 * would refuse is refused here, as an {@link IllegalStateException} or {@link IllegalArgumentException}.
 */
public final class PackTableBuilder {
    private final PackClass packClass;
    private final ByteSink envelopes = new ByteSink(128);
    private final ByteSink blocks = new ByteSink(1 << 16);
    private final ByteSink rows = new ByteSink(1 << 12);
    private int envelopeCount;
    private int blockCount;
    private int rowCount;
    private long payloadSum;

    /** An empty table. */
    public PackTableBuilder(PackClass packClass) {
        this.packClass = packClass;
    }

    /** Adds an envelope; blocks name it by its number, counted from 0. */
    public void addEnvelope(Envelope envelope) {
        if (envelopeCount == PackTableFormat.ENVELOPES_MAX) {
            throw new IllegalStateException("a pack holds at most " + envelopeCount + " envelopes");
        }
        envelope.encode(envelopes);
        envelopeCount++;
    }

    /** Adds a row to the block that {@link #endBlock} ends; {@code refs} is borrowed, 32 bytes a reference. */
    public void addRow(
            ChunkId id, ChunkType type, boolean dead, int payloadLength, byte[] refs, int refsOffset, int refCount) {
        boolean refsFit =
                type == ChunkType.DATA ? refCount == 0 : refCount >= 0 && refCount <= PackTableFormat.REFS_MAX;
        if (!refsFit || payloadLength < 0 || payloadLength > PackTableFormat.BLOCK_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "no row: " + type + " of " + payloadLength + " bytes with " + refCount + " references");
        }
        payloadSum += payloadLength;
        int start = rows.skip(ChunkId.LENGTH);
        id.copyTo(rows.array(), start);
        rows.putByte(type.number() | (dead ? PackTableFormat.DEAD : 0)).putVarint(payloadLength);
        if (type != ChunkType.DATA) {
            rows.putVarint(refCount).putBytes(refs, refsOffset, refCount * ChunkId.LENGTH);
        }
        rowCount++;
    }

    /** Ends a block: its rows are those added since the last one. */
    public void endBlock(BlockType type, Codec codec, int envelope, int storedLength, int plainLength) {
        if (blockCount == PackTableFormat.BLOCKS_MAX || rowCount > PackTableFormat.ROWS_MAX) {
            throw new IllegalStateException("a pack holds at most " + PackTableFormat.BLOCKS_MAX + " blocks");
        }
        boolean rowsFit = type == BlockType.PAD ? rowCount == 0 : payloadSum == plainLength;
        boolean lengthsFit = plainLength >= 0
                && plainLength <= PackTableFormat.BLOCK_LENGTH_MAX
                && PackTableFormat.fits(codec, storedLength, plainLength);
        if (!rowsFit || !lengthsFit || envelope < 0 || envelope >= envelopeCount) {
            throw new IllegalArgumentException(
                    "no block: " + rowCount + " rows of " + payloadSum + " bytes, plain length " + plainLength
                            + ", stored length " + storedLength + ", envelope " + envelope);
        }
        blocks.putByte(type.number()).putByte(codec.number()).putVarint(envelope);
        blocks.putVarint(storedLength).putVarint(plainLength);
        blocks.putBytes(new byte[PackTableFormat.WRITER_LENGTH]).putByte(0);
        blocks.putVarint(rowCount).putBytes(rows.array(), 0, rows.length());
        rows.clear();
        rowCount = 0;
        payloadSum = 0;
        blockCount++;
    }

    /** The length of the stored form so far, all blocks that ended included. */
    public int length() {
        return envelopes.length() + blocks.length();
    }

    /** The stored form, before it is sealed: a fresh array. */
    public byte[] toBytes() {
        if (envelopeCount == 0 || rowCount != 0) {
            throw new IllegalStateException("a table needs an envelope, and every row a block");
        }
        ByteSink table = new ByteSink(envelopes.length() + blocks.length() + 16);
        table.putByte(PackTableFormat.VERSION).putByte(packClass.number());
        table.putVarint(envelopeCount).putBytes(envelopes.array(), 0, envelopes.length());
        return table.putVarint(blockCount)
                .putBytes(blocks.array(), 0, blocks.length())
                .toBytes();
    }
}
