package io.packstone.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.packstone.bytes.ByteSink;
import io.packstone.compress.Codec;
import io.packstone.crypto.Envelope;
import io.packstone.crypto.Sealer;
import io.packstone.error.CorruptionException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PackTableTest {
    private static final int SEALING = (int) Sealer.sealedLength(0);

    private record Row(ChunkId id, ChunkType type, boolean dead, int block, int offset, int length, byte[] refs) {}

    @Test
    void randomTablesRoundTrip() throws CorruptionException {
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Row> rows = new ArrayList<>();
            List<Envelope> envelopes = new ArrayList<>();
            PackTableBuilder builder = new PackTableBuilder(seed % 2 == 0 ? PackClass.DATA : PackClass.TREE);
            int envelopeCount = 1 + random.nextInt(5);
            for (int i = 0; i < envelopeCount; i++) {
                envelopes.add(SamplePacks.keys().newEnvelope(SamplePacks.seeded(random.nextLong())));
                builder.addEnvelope(envelopes.get(i));
            }
            int blockCount = random.nextInt(6);
            long offset = PackTableFormat.BLOCKS_OFFSET;
            long[] offsets = new long[blockCount];
            int[] envelopeOf = new int[blockCount];
            for (int block = 0; block < blockCount; block++) {
                int plainLength = addRows(builder, random, rows, block);
                boolean compressed = plainLength > 0 && random.nextBoolean();
                int stored = (int) Sealer.sealedLength(compressed ? random.nextInt(plainLength) : plainLength);
                Codec codec = !compressed ? Codec.NONE : random.nextBoolean() ? Codec.LZ4 : Codec.ZSTD;
                offsets[block] = offset;
                envelopeOf[block] = random.nextInt(envelopeCount);
                builder.endBlock(BlockType.DATA, codec, envelopeOf[block], stored, plainLength);
                offset += stored;
            }
            PackTable table = PackTableFormat.decode(builder.toBytes(), "x", offset);
            assertEquals(seed % 2 == 0 ? PackClass.DATA : PackClass.TREE, table.packClass());
            assertEquals(blockCount, table.blockCount());
            for (int block = 0; block < blockCount; block++) {
                assertEquals(offsets[block], table.blockOffset(block));
                assertEquals(envelopes.get(envelopeOf[block]), table.envelope(block));
            }
            assertRows(rows, table);
        }
    }

    private static int addRows(PackTableBuilder builder, SplittableRandom random, List<Row> rows, int block) {
        int offset = 0;
        int count = random.nextInt(100);
        for (int i = 0; i < count; i++) {
            ChunkType type = ChunkType.of(random.nextInt(4));
            byte[] refs = new byte[type == ChunkType.DATA ? 0 : ChunkId.LENGTH * random.nextInt(5)];
            random.nextBytes(refs);
            int length = random.nextInt(5000);
            // Every fourth id is one that stands in this pack already.
            ChunkId id = rows.isEmpty() || i % 4 != 3
                    ? SamplePacks.id(random)
                    : rows.get(0).id();
            rows.add(new Row(id, type, random.nextInt(5) == 0, block, offset, length, refs));
            byte[] shifted = new byte[refs.length + 7];
            System.arraycopy(refs, 0, shifted, 7, refs.length);
            Row row = rows.get(rows.size() - 1);
            builder.addRow(row.id(), type, row.dead(), length, shifted, 7, refs.length / ChunkId.LENGTH);
            offset += length;
        }
        return offset;
    }

    private static void assertRows(List<Row> rows, PackTable table) {
        assertEquals(rows.size(), table.rowCount());
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            assertEquals(row.id(), table.rowId(i));
            assertEquals(row.type(), table.rowType(i));
            assertEquals(row.dead(), table.rowDead(i));
            assertEquals(row.block(), table.rowBlock(i));
            assertEquals(row.offset(), table.rowPlainOffset(i));
            assertEquals(row.length(), table.rowPayloadLength(i));
            assertEquals(row.refs().length / ChunkId.LENGTH, table.rowRefCount(i));
            assertArrayEquals(row.refs(), table.rowRefs(i));
            for (int ref = 0; ref < table.rowRefCount(i); ref++) {
                assertEquals(ChunkId.of(row.refs(), ref * ChunkId.LENGTH), table.rowRef(i, ref));
            }
        }
    }

    @Test
    void everyChangedByteIsRefusedOrReadsWithoutHarm() throws CorruptionException {
        PackTable table = SamplePacks.table(3, 3, 5, 4);
        byte[] plain = table.plainBytes();
        long tableOffset = tableOffset(table);
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 20 * plain.length; round++) {
            byte[] changed = plain.clone();
            changed[round % plain.length] = (byte) random.nextInt(256);
            try {
                PackTable read = PackTableFormat.decode(changed, "x", tableOffset);
                for (int row = 0; row < read.rowCount(); row++) {
                    int end = read.rowPlainOffset(row) + read.rowPayloadLength(row);
                    assertEquals(true, end <= read.blockPlainLength(read.rowBlock(row)));
                    read.rowType(row).number();
                    read.rowRefs(row);
                }
            } catch (CorruptionException e) {
                assertEquals("x", e.object());
            }
        }
    }

    @Test
    void everyShorterOrLongerTableIsRefused() throws CorruptionException {
        PackTable table = SamplePacks.table(3, 3, 5, 4);
        byte[] plain = table.plainBytes();
        for (int length = 0; length < plain.length + 3; length++) {
            byte[] cut = Arrays.copyOf(plain, length);
            if (length != plain.length) {
                assertThrows(
                        CorruptionException.class,
                        () -> PackTableFormat.decode(cut, "x", tableOffset(table)),
                        "length " + length);
            }
        }
        assertThrows(CorruptionException.class, () -> PackTableFormat.decode(plain, "x", tableOffset(table) + 1));
        assertThrows(CorruptionException.class, () -> PackTableFormat.decode(plain, "x", Long.MIN_VALUE));
    }

    private static long tableOffset(PackTable table) {
        int last = table.blockCount() - 1;
        return table.blockOffset(last) + table.blockStoredLength(last);
    }

    @Test
    void hostileCountsAreRefusedBeforeAnythingIsAllocatedForThem() {
        Envelope envelope = SamplePacks.keys().newEnvelope(SamplePacks.seeded(1));
        ByteSink head = new ByteSink(200).putByte(1).putByte(1).putVarint(1);
        envelope.encode(head);
        refuse("version", new ByteSink(9).putByte(2).putByte(1).putVarint(0).putVarint(0));
        refuse("class", new ByteSink(9).putByte(1).putByte(3).putVarint(0).putVarint(0));
        refuse("no envelope", new ByteSink(9).putByte(1).putByte(1).putVarint(0).putVarint(0));
        refuse("envelopes", new ByteSink(9).putByte(1).putByte(1).putVarint(65));
        refuse("envelopes", new ByteSink(9).putByte(1).putByte(1).putVarint(-1));
        refuse("blocks", copy(head).putVarint(65_537));
        refuse("blocks", copy(head).putVarint(65_536));
        refuse("blocks", copy(head).putVarint(Long.MAX_VALUE));
        refuse("type", block(head, 3, 0, 0, SEALING, 0).putVarint(0));
        refuse("codec", block(head, 0, 3, 0, SEALING, 0).putVarint(0));
        refuse("envelope", block(head, 0, 0, 1, SEALING, 0).putVarint(0));
        refuse(
                "plain length",
                block(head, 0, 0, 0, SEALING + (17L << 20), 17 << 20).putVarint(0));
        refuse("stored length", block(head, 0, 0, 0, SEALING + 1, 0).putVarint(0));
        refuse("stored length", block(head, 0, 2, 0, SEALING + 100, 100).putVarint(1));
        refuse("stored length", block(head, 0, 2, 0, SEALING - 1, 100).putVarint(1));
        refuse("rows", block(head, 0, 0, 0, SEALING, 0).putVarint(1L << 40));
        refuse("rows", block(head, 0, 0, 0, SEALING, 0).putVarint(5));
        refuse("rows of a pad", row(block(head, 2, 0, 0, SEALING, 0).putVarint(1), 0, 0));
        refuse("flags", row(block(head, 0, 0, 0, SEALING, 0).putVarint(1), 16, 0));
        refuse("chunk type", row(block(head, 0, 0, 0, SEALING, 0).putVarint(1), 4, 0));
        refuse(
                "payload beyond the block",
                row(block(head, 0, 0, 0, SEALING + 9, 9).putVarint(1), 0, 10));
        refuse(
                "payload below the block",
                row(block(head, 0, 0, 0, SEALING + 9, 9).putVarint(1), 0, 8));
        refuse("refs", row(block(head, 0, 0, 0, SEALING, 0).putVarint(1), 1, 0).putVarint(131_073));
        refuse("refs", row(block(head, 0, 0, 0, SEALING, 0).putVarint(1), 1, 0).putVarint(131_072));
    }

    private static ByteSink copy(ByteSink sink) {
        return new ByteSink(300).putBytes(sink.toBytes());
    }

    private static ByteSink block(ByteSink head, int type, int codec, int envelope, long stored, long plain) {
        ByteSink table = copy(head).putVarint(1).putByte(type).putByte(codec).putVarint(envelope);
        return table.putVarint(stored).putVarint(plain).putBytes(new byte[16]).putByte(0);
    }

    private static ByteSink row(ByteSink table, int flags, int payloadLength) {
        return table.putBytes(new byte[ChunkId.LENGTH]).putByte(flags).putVarint(payloadLength);
    }

    private static void refuse(String what, ByteSink table) {
        // Whatever the blocks come to, no offset makes the table right.
        for (int offset : new int[] {64, 64 + SEALING, 64 + SEALING + 9, 64 + SEALING + 1}) {
            assertThrows(CorruptionException.class, () -> PackTableFormat.decode(table.toBytes(), "x", offset), what);
        }
    }

    @Test
    void emptyTablesAndSignedBlocksAndPadsRead() throws CorruptionException {
        PackTableBuilder empty = new PackTableBuilder(PackClass.TREE);
        empty.addEnvelope(SamplePacks.keys().newEnvelope(SamplePacks.seeded(1)));
        PackTable table = PackTableFormat.decode(empty.toBytes(), "x", PackTableFormat.BLOCKS_OFFSET);
        assertEquals(0, table.rowCount());
        assertEquals(0, table.blockCount());
        ByteSink signed = new ByteSink(300).putByte(1).putByte(1).putVarint(1);
        SamplePacks.keys().newEnvelope(SamplePacks.seeded(1)).encode(signed);
        signed.putVarint(2)
                .putByte(0)
                .putByte(0)
                .putVarint(0)
                .putVarint(SEALING + 5)
                .putVarint(5);
        signed.putBytes(new byte[16]).putByte(1).putBytes(new byte[64]).putVarint(1);
        row(signed, 8, 5);
        signed.putByte(2).putByte(0).putVarint(0).putVarint(SEALING + 700).putVarint(700);
        signed.putBytes(new byte[16]).putByte(0).putVarint(0);
        PackTable read = PackTableFormat.decode(signed.toBytes(), "x", 64 + 2 * SEALING + 705);
        assertEquals(1, read.rowCount());
        assertEquals(BlockType.PAD, read.blockType(1));
        assertEquals(true, read.rowDead(0));
    }

    @Test
    void theBuilderRefusesWhatNobodyCouldRead() {
        PackTableBuilder builder = new PackTableBuilder(PackClass.DATA);
        assertThrows(IllegalStateException.class, builder::toBytes);
        builder.addEnvelope(SamplePacks.keys().newEnvelope(SamplePacks.seeded(1)));
        ChunkId id = ChunkId.of(new byte[32]);
        byte[] refs = new byte[32];
        assertThrows(IllegalArgumentException.class, () -> builder.addRow(id, ChunkType.DATA, false, 9, refs, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> builder.addRow(id, ChunkType.DATA, false, -1, refs, 0, 0));
        builder.addRow(id, ChunkType.NODE, false, 9, refs, 0, 1);
        assertThrows(IllegalStateException.class, builder::toBytes);
        assertThrows(
                IllegalArgumentException.class, () -> builder.endBlock(BlockType.TREE, Codec.NONE, 0, SEALING + 8, 8));
        assertThrows(
                IllegalArgumentException.class, () -> builder.endBlock(BlockType.TREE, Codec.NONE, 1, SEALING + 9, 9));
        assertThrows(
                IllegalArgumentException.class, () -> builder.endBlock(BlockType.TREE, Codec.ZSTD, 0, SEALING + 9, 9));
        assertThrows(
                IllegalArgumentException.class, () -> builder.endBlock(BlockType.PAD, Codec.NONE, 0, SEALING + 9, 9));
        builder.endBlock(BlockType.TREE, Codec.NONE, 0, SEALING + 9, 9);
        for (int i = 1; i < PackTableFormat.ENVELOPES_MAX; i++) {
            builder.addEnvelope(SamplePacks.keys().newEnvelope(SamplePacks.seeded(i)));
        }
        assertThrows(
                IllegalStateException.class,
                () -> builder.addEnvelope(SamplePacks.keys().newEnvelope(SamplePacks.seeded(0))));
    }
}
