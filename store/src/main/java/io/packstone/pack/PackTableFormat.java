package io.packstone.pack;

import io.packstone.bytes.ByteCursor;
import io.packstone.compress.Codec;
import io.packstone.crypto.Envelope;
import io.packstone.crypto.Hkdf;
import io.packstone.crypto.Sealer;
import io.packstone.error.CorruptionException;
import io.packstone.format.Frame;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.JobId;
import io.packstone.id.RepositoryId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The layout of packs and of their tables (docs/format.md, Packs). */
public final class PackTableFormat {
    /** Where the first block of a pack starts: after the header and the job id. */
    public static final int BLOCKS_OFFSET = Frame.HEADER_LENGTH + JobId.LENGTH;

    /** A pack has at most so many envelopes. */
    public static final int ENVELOPES_MAX = 64;

    static final int VERSION = 1;
    static final int BLOCKS_MAX = 65_536;
    static final int ROWS_MAX = 1 << 22;
    static final int REFS_MAX = 131_072;
    static final int BLOCK_LENGTH_MAX = 16 << 20;
    static final int STORED_LENGTH_MAX = Math.toIntExact(Sealer.sealedLength(BLOCK_LENGTH_MAX));
    static final int WRITER_LENGTH = 16;
    static final int DEAD = 8;
    private static final int SIGNATURE_LENGTH = 64;

    private PackTableFormat() {}

    /** What the seal of a table is bound to. */
    public static byte[] associatedData(RepositoryId repository) {
        byte[] label = Hkdf.info("table");
        byte[] data = Arrays.copyOf(label, label.length + RepositoryId.LENGTH);
        repository.copyTo(data, label.length);
        return data;
    }

    /**
     * Reads and validates a table; takes over {@code plain}. Memory is bounded by the length of {@code plain}, whatever
     * it says.
     *
     * @param tableOffset where in the pack the sealed table starts: the blocks must end there
     * @throws CorruptionException unless a writer could have written this for that pack
     */
    public static PackTable decode(byte[] plain, String name, long tableOffset) throws CorruptionException {
        ByteCursor cursor = new ByteCursor(plain, 0, plain.length, name);
        int version = cursor.getByte();
        int packClass = cursor.getByte();
        if (version != VERSION || packClass < 1 || packClass > 2) {
            throw cursor.corrupt("a table of version " + VERSION, "version " + version + ", class " + packClass);
        }
        List<Envelope> envelopes = new ArrayList<>();
        int envelopeCount = cursor.getCount(ENVELOPES_MAX);
        if (envelopeCount == 0) {
            throw cursor.corrupt("at least one envelope", "none");
        }
        for (int i = 0; i < envelopeCount; i++) {
            envelopes.add(Envelope.decode(cursor));
        }
        int blockCount = cursor.getCount(Math.min(BLOCKS_MAX, cursor.remaining()));
        PackTable.Layout layout = new PackTable.Layout(blockCount);
        long offset = BLOCKS_OFFSET;
        for (int block = 0; block < blockCount; block++) {
            offset = decodeBlock(cursor, layout, block, offset, envelopeCount);
        }
        cursor.expectEnd();
        if (offset != tableOffset) {
            throw cursor.corrupt("blocks that end at offset " + tableOffset, "offset " + offset);
        }
        layout.trim();
        return new PackTable(plain, packClass == 2 ? PackClass.TREE : PackClass.DATA, List.copyOf(envelopes), layout);
    }

    /** Reads one block with its rows and returns the offset at which the next one starts. */
    private static long decodeBlock(
            ByteCursor cursor, PackTable.Layout layout, int block, long offset, int envelopeCount)
            throws CorruptionException {
        int type = cursor.getByte();
        int codec = cursor.getByte();
        if (type > BlockType.PAD.number() || codec > Codec.ZSTD.number()) {
            throw cursor.corrupt("a block of known kind", "type " + type + ", codec " + codec);
        }
        int envelope = cursor.getCount(envelopeCount - 1);
        int storedLength = cursor.getCount(STORED_LENGTH_MAX);
        int plainLength = cursor.getCount(BLOCK_LENGTH_MAX);
        if (!fits(Codec.of(codec), storedLength, plainLength)) {
            throw cursor.corrupt(
                    "the stored length of a block of " + plainLength + " plain bytes", Integer.toString(storedLength));
        }
        layout.addBlock(block, BlockType.of(type), Codec.of(codec), envelope, offset, storedLength, plainLength);
        skipSignature(cursor);
        boolean pad = type == BlockType.PAD.number();
        int rows = cursor.getCount(pad ? 0 : Math.min(ROWS_MAX, cursor.remaining()));
        int plainOffset = 0;
        for (int row = 0; row < rows; row++) {
            plainOffset += decodeRow(cursor, layout, block, plainOffset, plainLength);
        }
        if (plainOffset != plainLength && !pad) {
            throw cursor.corrupt("rows of " + plainLength + " bytes", plainOffset + " bytes");
        }
        return offset + storedLength;
    }

    /** A block is stored compressed only when that made it shorter. */
    static boolean fits(Codec codec, int storedLength, int plainLength) {
        long compressedLength = Sealer.plainLength(storedLength);
        return codec == Codec.NONE
                ? compressedLength == plainLength
                : compressedLength >= 0 && compressedLength < plainLength;
    }

    private static void skipSignature(ByteCursor cursor) throws CorruptionException {
        cursor.advance(WRITER_LENGTH);
        int algorithm = cursor.getByte();
        if (algorithm > 1) {
            throw cursor.corrupt("a known signature algorithm", Integer.toString(algorithm));
        }
        cursor.advance(algorithm * SIGNATURE_LENGTH);
    }

    private static int decodeRow(
            ByteCursor cursor, PackTable.Layout layout, int block, int plainOffset, int plainLength)
            throws CorruptionException {
        int start = cursor.advance(ChunkId.LENGTH);
        int flags = cursor.getByte();
        int payloadLength = cursor.getCount(plainLength - plainOffset);
        if ((flags & 7) > ChunkType.ATTRIBUTE.number() || flags > 15) {
            throw cursor.corrupt("a chunk of known type", "flags " + flags);
        }
        int refCount = 0;
        if ((flags & 7) != ChunkType.DATA.number()) {
            refCount = cursor.getCount(REFS_MAX);
        }
        int refs = cursor.advance(refCount * ChunkId.LENGTH);
        layout.addRow(start, refs, refCount, block, plainOffset, payloadLength);
        return payloadLength;
    }
}
