package io.packstone.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.bytes.ByteSink;
import io.packstone.crypto.Sealer;
import io.packstone.error.CorruptionException;
import io.packstone.id.ChunkId;
import io.packstone.pack.PackTable;
import io.packstone.pack.SamplePacks;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SegmentDirectoryTest {
    private static ByteSink sealed(ByteSink sink, int plainLength) {
        return sink.putVarint(Sealer.sealedLength(plainLength)).putVarint(plainLength);
    }

    private static void refuse(String what, ByteSink sink, long tableOffset) {
        assertThrows(CorruptionException.class, () -> SegmentDirectory.decode(sink.toBytes(), tableOffset, "x"), what);
    }

    private static ByteSink start() {
        return new ByteSink(64).putByte(1);
    }

    @Test
    void hostileDirectoriesAreRefused() throws CorruptionException {
        ByteSink right = sealed(start().putVarint(0).putVarint(0).putVarint(0), 8)
                .putByte(7)
                .putVarint(0);
        long offset = 32 + Sealer.sealedLength(8);
        assertEquals(0, SegmentDirectory.decode(right.toBytes(), offset, "x").entryCount());
        refuse("offset", right, offset + 1);
        refuse("more", right.putByte(0), offset);
        refuse("version", new ByteSink(9).putByte(2), offset);
        refuse("runs", start().putVarint(65_536), offset);
        refuse("runs", start().putVarint(65_535), offset);
        refuse("runs", start().putVarint(-1), offset);
        refuse("length of a run", start().putVarint(1).putVarint(100).putVarint(45), offset);
        refuse("length of a run", start().putVarint(1).putVarint(1L << 40).putVarint(1L << 40), offset);
        refuse("entries", start().putVarint(0).putVarint((1 << 22) + 1), offset);
        refuse("pieces", start().putVarint(0).putVarint(3).putVarint(4), offset);
        refuse("pieces", start().putVarint(0).putVarint(1 << 22).putVarint(1 << 22), offset);
        refuse(
                "piece",
                tail(sealed(start().putVarint(0).putVarint(1).putVarint(1).putLong(0), 13)),
                offset(13));
        refuse(
                "piece",
                tail(sealed(start().putVarint(0).putVarint(1).putVarint(1).putLong(0), 28)),
                offset(28));
        refuse(
                "piece",
                tail(sealed(start().putVarint(0).putVarint(1).putVarint(1).putLong(0), 0)),
                offset(0));
        ByteSink falling = sealed(start().putVarint(0).putVarint(2).putVarint(2).putLong(0xff), 14);
        refuse("order", tail(sealed(falling.putLong(0xfe), 14)), offset(14) + Sealer.sealedLength(14));
        ByteSink filter = start().putVarint(0).putVarint(0).putVarint(0);
        refuse("filter", sealed(filter, 9).putByte(7).putVarint(0), 32 + Sealer.sealedLength(9));
        filter = start().putVarint(0).putVarint(0).putVarint(0);
        refuse("filter", sealed(filter, 0).putByte(7).putVarint(0), 32 + Sealer.sealedLength(0));
        filter = start().putVarint(0).putVarint(0).putVarint(0);
        refuse("hashes", sealed(filter, 8).putByte(17).putVarint(0), offset);
        filter = start().putVarint(0).putVarint(0).putVarint(0);
        refuse("superseded", sealed(filter, 8).putByte(7).putVarint(65_535), offset);
    }

    private static ByteSink tail(ByteSink sink) {
        return sealed(sink, 8).putByte(7).putVarint(0);
    }

    private static long offset(int pieceLength) {
        return 32 + Sealer.sealedLength(pieceLength) + Sealer.sealedLength(8);
    }

    @Test
    void noiseIsDamageAndNothingElse() {
        SplittableRandom random = new SplittableRandom(2);
        for (int round = 0; round < 50_000; round++) {
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            if (noise.length > 0) {
                noise[0] = 1;
            }
            assertThrows(CorruptionException.class, () -> SegmentDirectory.decode(noise, 5, "x"));
        }
    }

    @Test
    void theFilterForgetsNobodyAndRarelyInvents() {
        for (int count : new int[] {0, 1, 10, 1000, 100_000}) {
            SplittableRandom random = new SplittableRandom(count);
            ChunkFilter filter = ChunkFilter.forChunks(count);
            ChunkId[] ids = new ChunkId[count];
            for (int i = 0; i < count; i++) {
                ids[i] = SamplePacks.id(random);
                filter.add(ids[i]);
            }
            for (ChunkId id : ids) {
                assertTrue(filter.mayHold(id));
            }
            int invented = 0;
            for (int i = 0; i < 100_000; i++) {
                invented += filter.mayHold(SamplePacks.id(random)) ? 1 : 0;
            }
            assertTrue(invented < 2000, count + " chunks: " + invented + " of 100,000 invented");
        }
    }

    /** By the words of docs/format.md: one id, an 8-byte filter, bits worked out by hand. */
    @Test
    void theFilterSetsTheDocumentedBits() {
        byte[] bytes = new byte[ChunkId.LENGTH];
        bytes[15] = 0x40;
        bytes[23] = 0x20;
        // h1 = 0x40 << 56, h2 = (0x20 << 56) + 1, 64 bits: bit i = (2 + i) mod 8, times 8.
        ChunkFilter filter = ChunkFilter.forChunks(1);
        filter.add(ChunkId.of(bytes));
        TreeMap<Integer, Boolean> expected = new TreeMap<>();
        for (int i = 0; i < 7; i++) {
            expected.put((2 + i) % 8 * 8, true);
        }
        for (int bit = 0; bit < 64; bit++) {
            boolean set = (filter.array()[bit / 8] >>> bit % 8 & 1) != 0;
            assertEquals(expected.getOrDefault(bit, false), set, "bit " + bit);
        }
    }

    @Test
    void sortedRowsAreSortedWithTiesByTableAndRow() throws CorruptionException {
        PackTable table = SamplePacks.table(5, 3, 333, 10);
        SortedRows rows = SortedRows.of(List.of(table, SamplePacks.table(6, 1, 17, 99), table));
        EntryTally tally = new EntryTally();
        for (int i = 0; i < rows.count(); i++) {
            tally.entry(rows.prefix(i), rows.table(i), rows.row(i));
        }
        assertTrue(tally.isSorted());
        assertEquals(2 * 900 + 17, rows.count());
    }
}
