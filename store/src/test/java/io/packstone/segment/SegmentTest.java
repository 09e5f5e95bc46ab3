package io.packstone.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.compress.Codec;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Sealer;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.pack.BlockType;
import io.packstone.pack.PackClass;
import io.packstone.pack.PackTable;
import io.packstone.pack.PackTableBuilder;
import io.packstone.pack.PackTableFormat;
import io.packstone.pack.SamplePacks;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SegmentTest {
    private static final KeyRing KEYS = SamplePacks.keys();

    private static PackId pack(int number) {
        byte[] bytes = new byte[PackId.LENGTH];
        bytes[0] = (byte) (number >> 8);
        bytes[1] = (byte) number;
        return PackId.of(bytes);
    }

    private static SegmentBuilder add(SegmentBuilder builder, int number, PackTable table) {
        builder.add(pack(number), SamplePacks.packLength(table), table);
        return builder;
    }

    private static SegmentReader open(byte[] segment) throws IOException {
        return SegmentReader.open(RandomBytes.of(segment), KEYS, "x");
    }

    @Test
    void aHundredThousandEntriesAgreeWithAMap() throws IOException {
        SegmentBuilder builder = new SegmentBuilder(KEYS, SamplePacks.seeded(1));
        Map<ChunkId, String> live = new HashMap<>();
        Map<ChunkId, String> dead = new HashMap<>();
        for (int number = 0; number < 50; number++) {
            PackTable table = SamplePacks.table(number, 20, 100, 9);
            for (int row = 0; row < table.rowCount(); row++) {
                (table.rowDead(row) ? dead : live).put(table.rowId(row), pack(number) + " " + row);
            }
            add(builder, number, table);
        }
        CountingBytes object = new CountingBytes(builder.toBytes());
        SegmentReader reader = SegmentReader.open(object, KEYS, "x");
        reader.verifyAll();
        assertEquals(50, reader.tableCount());
        assertEquals(live.size(), reader.entryCount());
        SplittableRandom random = new SplittableRandom(12_345);
        int asked = 0;
        for (Map.Entry<ChunkId, String> entry : live.entrySet()) {
            // Every look-up of another table opens it anew: a sample is enough.
            if (asked++ % 29 == 0) {
                SegmentReader.Hit hit = reader.find(entry.getKey(), ChunkType.DATA);
                assertNotNull(hit);
                assertEquals(entry.getValue(), hit.pack() + " " + hit.row());
                assertEquals(entry.getKey(), hit.table().rowId(hit.row()));
            }
        }
        for (ChunkId id : dead.keySet()) {
            assertNull(reader.find(id, ChunkType.DATA));
        }
        long before = object.reads;
        for (int i = 0; i < 20_000; i++) {
            assertNull(reader.find(SamplePacks.id(random), ChunkType.DATA));
        }
        assertTrue(object.reads - before < 400, "the filter let " + (object.reads - before) + " of 20,000 through");
    }

    @Test
    void entriesComeSortedAndNameTheirRows() throws IOException {
        SegmentBuilder builder = new SegmentBuilder(KEYS);
        PackTable[] tables = new PackTable[5];
        for (int number = 0; number < tables.length; number++) {
            tables[number] = SamplePacks.table(number + 100, 3, 300, 7);
            add(builder, number, tables[number]);
        }
        SegmentReader reader = open(builder.toBytes());
        long[] last = new long[1];
        int[] count = new int[1];
        reader.forEachEntry((prefix, table, row) -> {
            assertTrue(count[0]++ == 0 || Long.compareUnsigned(last[0], prefix) <= 0);
            last[0] = prefix;
            assertEquals(prefix, tables[table].rowId(row).prefix());
            assertEquals(false, tables[table].rowDead(row));
        });
        assertEquals(reader.entryCount(), count[0]);
        for (int i = 0; i < tables.length; i++) {
            assertEquals(pack(i), reader.run(i).pack());
            assertEquals(SamplePacks.packLength(tables[i]), reader.run(i).packLength());
            assertEquals(
                    Arrays.hashCode(tables[i].plainBytes()),
                    Arrays.hashCode(reader.run(i).table().plainBytes()));
        }
    }

    /** One id 3,000 times: alive and dead, of two types, in one pack and in several, over several pieces. */
    @Test
    void oneIdManyTimesIsFoundOfTheTypeAskedFor() throws IOException {
        byte[] bytes = new byte[ChunkId.LENGTH];
        Arrays.fill(bytes, (byte) 0x7f);
        ChunkId id = ChunkId.of(bytes);
        bytes[31] = 0;
        ChunkId samePrefix = ChunkId.of(bytes);
        SegmentBuilder builder = new SegmentBuilder(KEYS);
        for (int number = 0; number < 3; number++) {
            PackTableBuilder table = new PackTableBuilder(PackClass.TREE);
            table.addEnvelope(KEYS.newEnvelope(SamplePacks.seeded(number)));
            for (int i = 0; i < 1000; i++) {
                table.addRow(id, ChunkType.DATA, true, 1, new byte[0], 0, 0);
            }
            for (int i = 0; i < 1000; i++) {
                table.addRow(samePrefix, ChunkType.DATA, false, 1, new byte[0], 0, 0);
            }
            if (number == 2) {
                table.addRow(id, ChunkType.NODE, false, 1, new byte[0], 0, 0);
            }
            int length = number == 2 ? 2001 : 2000;
            int stored = (int) Sealer.sealedLength(length);
            table.endBlock(BlockType.TREE, Codec.NONE, 0, stored, length);
            add(builder, number, PackTableFormat.decode(table.toBytes(), "x", PackTableFormat.BLOCKS_OFFSET + stored));
        }
        SegmentReader reader = open(builder.toBytes());
        reader.verifyAll();
        SegmentReader.Hit hit = reader.find(id, ChunkType.NODE);
        assertNotNull(hit);
        assertEquals(pack(2), hit.pack());
        assertEquals(2000, hit.row());
        assertNull(reader.find(id, ChunkType.DATA));
        assertNull(reader.find(id, ChunkType.RECIPE));
        SegmentReader.Hit other = reader.find(samePrefix, ChunkType.DATA);
        assertNotNull(other);
        assertEquals(pack(0), other.pack());
        assertEquals(1000, other.row());
    }

    @Test
    void theSameTableTwiceUnderOneOrTwoPacksIsNoContradiction() throws IOException {
        PackTable table = SamplePacks.table(1, 2, 10, 3);
        SegmentBuilder builder = new SegmentBuilder(KEYS);
        byte[] segment = add(add(add(builder, 1, table), 1, table), 2, table).toBytes();
        SegmentReader reader = open(segment);
        reader.verifyAll();
        assertEquals(3, reader.tableCount());
        SegmentReader.Hit hit = reader.find(table.rowId(0), ChunkType.DATA);
        assertNotNull(hit);
        assertEquals(pack(1), hit.pack());
    }

    @Test
    void emptySegmentsAndEmptyTablesRead() throws IOException {
        SegmentReader empty = open(new SegmentBuilder(KEYS).toBytes());
        empty.verifyAll();
        assertEquals(0, empty.tableCount());
        assertNull(empty.find(SamplePacks.id(new SplittableRandom(1)), ChunkType.DATA));
        SegmentBuilder builder = new SegmentBuilder(KEYS);
        SegmentId older = SegmentId.of(pack(7).toBytes());
        builder.supersede(older);
        SegmentReader reader =
                open(add(builder, 1, SamplePacks.table(1, 0, 0, 1)).toBytes());
        reader.verifyAll();
        assertEquals(1, reader.tableCount());
        assertEquals(0, reader.entryCount());
        assertEquals(List.of(older), reader.superseded());
    }

    @Test
    void everyFlippedByteIsNoticedAndEveryTruncation() throws IOException {
        byte[] segment = add(
                        add(new SegmentBuilder(KEYS), 1, SamplePacks.table(1, 1, 8, 3)),
                        2,
                        SamplePacks.table(2, 1, 9, 4))
                .toBytes();
        open(segment).verifyAll();
        for (int i = 0; i < segment.length; i++) {
            byte[] damaged = segment.clone();
            damaged[i] ^= (byte) 0x10;
            assertThrows(StoreException.class, () -> open(damaged).verifyAll(), "byte " + i);
        }
        for (int length = 0; length < segment.length; length++) {
            byte[] cut = Arrays.copyOf(segment, length);
            assertThrows(StoreException.class, () -> open(cut).verifyAll(), "length " + length);
        }
        KeyRing strangers = new KeyRing(SamplePacks.REPOSITORY, SamplePacks.key(7), SamplePacks.key(2));
        assertThrows(CorruptionException.class, () -> SegmentReader.open(RandomBytes.of(segment), strangers, "x"));
    }

    @Test
    void theCommittedSegmentStillReads() throws IOException {
        SegmentReader reader = open(SamplePacks.golden(SegmentTest.class, "segment.hex"));
        reader.verifyAll();
        assertEquals(2, reader.tableCount());
        assertEquals(6, reader.entryCount());
        assertEquals(List.of(SegmentId.of(pack(3).toBytes())), reader.superseded());
        PackTable table = SamplePacks.table(1, 1, 6, 3);
        SegmentReader.Hit hit = reader.find(table.rowId(4), ChunkType.DATA);
        assertNotNull(hit);
        assertEquals(pack(1), hit.pack());
        assertEquals(4, hit.row());
        assertNull(reader.find(table.rowId(2), ChunkType.DATA));
    }

    @Test
    void fullSegmentsSaySo() throws IOException {
        SegmentBuilder builder = new SegmentBuilder(KEYS);
        PackTable table = SamplePacks.table(1, 1, 2, 3);
        assertEquals(false, builder.isFull());
        for (int i = 0; i < SegmentFormat.TABLES_MAX; i++) {
            builder.add(pack(1), SamplePacks.packLength(table), table);
        }
        assertEquals(true, builder.isFull());
        assertThrows(IllegalStateException.class, () -> builder.add(pack(1), 5, table));
    }

    /** Counts how often it is read. */
    private static final class CountingBytes implements RandomBytes {
        private final byte[] bytes;
        private long reads;

        CountingBytes(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void read(long offset, byte[] target, int targetOffset, int count) {
            reads++;
            System.arraycopy(bytes, (int) offset, target, targetOffset, count);
        }

        @Override
        public long length() {
            return bytes.length;
        }
    }
}
