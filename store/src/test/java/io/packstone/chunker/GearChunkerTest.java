package io.packstone.chunker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.crypto.SecretKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GearChunkerTest {
    private static final GearTable TABLE = GearTable.of(SecretKey.copyOf(range()));
    private static final ChunkerParameters SMALL = new ChunkerParameters(16 << 10);
    private static final GearChunker CHUNKER = new GearChunker(TABLE, SMALL);

    /** Cut by another implementation, written from docs/format.md in Python: the first megabyte of {@link #golden}. */
    private static final List<Integer> GOLDEN_16K = List.of(
            19088, 13111, 14048, 13468, 14609, 17567, 14517, 26084, 13135, 12696, 24999, 16449, 13742, 20031, 26952,
            14686, 14987, 12738, 18404, 13954, 13118, 12869, 14522, 24738, 13845, 15721, 19718, 13400, 19744, 13819,
            15114, 14073, 17129, 14735, 15061, 16445, 14544, 13900, 15553, 19743, 14344, 13258, 15454, 15744, 16587,
            12536, 15052, 15200, 16407, 22753, 28953, 12517, 15415, 15458, 12952, 16826, 20953, 22533, 13592, 18794,
            14179, 12348, 15666, 14666, 3333);

    private static final List<Integer> GOLDEN_64K = List.of(
            71730, 60762, 55923, 72081, 64399, 52396, 74779, 92837, 61693, 60800, 61454, 50998, 63184, 71785, 54769,
            71653, 7333);

    private static byte[] range() {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        return key;
    }

    /** The high bytes of a linear congruential generator: easy to repeat in any language. */
    private static byte[] golden(int length) {
        byte[] bytes = new byte[length];
        long x = 1;
        for (int i = 0; i < length; i++) {
            x = x * 6364136223846793005L + 1442695040888963407L;
            bytes[i] = (byte) (x >>> 56);
        }
        return bytes;
    }

    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static List<Integer> cuts(GearChunker chunker, byte[] bytes) {
        List<Integer> lengths = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int length = chunker.cut(bytes, at, bytes.length, true);
            lengths.add(length);
            at += length;
        }
        return lengths;
    }

    /** The chunker as the format tells it, byte by byte. */
    private static int plainCut(byte[] bytes, int from, int to, int average) {
        int bits = Integer.numberOfTrailingZeros(average);
        int end = Math.min(to - from, 8 * average);
        long hash = 0;
        for (int i = average / 4 * 3; i < end; i++) {
            hash = (hash << 1) + TABLE.words()[bytes[from + i] & 0xff];
            if (hash >>> 64 - (bits - 2) == 0) {
                return i + 1;
            }
        }
        return end;
    }

    @Test
    void cutsAreThoseOfTheFormat() {
        byte[] bytes = golden(1 << 20);
        assertEquals(GOLDEN_16K, cuts(CHUNKER, bytes));
        assertEquals(GOLDEN_64K, cuts(new GearChunker(TABLE, new ChunkerParameters(64 << 10)), bytes));
    }

    @Test
    void theTableIsTheKeyStream() {
        long[] words = TABLE.words();
        assertEquals(256, words.length);
        assertEquals(0xd09f492ab60090f2L, words[0]);
        assertEquals(0x80772edd6a9af3a9L, words[1]);
        assertEquals(0x99e3f8f9b6c57b1cL, words[255]);
    }

    @Test
    void agreesWithThePlainLoopForEveryLengthAndOffset() {
        Random random = new Random(7);
        byte[] bytes = random(8, 400_000);
        for (int i = 0; i < 2000; i++) {
            int from = random.nextInt(1000);
            // Around the minimum, and anywhere.
            int length = i % 2 == 0 ? SMALL.min() - 10 + random.nextInt(20) : 1 + random.nextInt(200_000);
            int start = from + random.nextInt(bytes.length - length - from);
            assertEquals(
                    plainCut(bytes, start, start + length, SMALL.average()),
                    CHUNKER.cut(bytes, start, start + length, true));
        }
    }

    @Test
    void chunksCoverEverythingWithinTheirBounds() {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            byte[] bytes = random(seed, random.nextInt(3_000_000));
            if (seed % 3 == 0) {
                // Runs of one byte never cut by themselves.
                Arrays.fill(bytes, bytes.length / 4, bytes.length / 2, (byte) seed);
            }
            List<Integer> lengths = cuts(CHUNKER, bytes);
            assertEquals(
                    bytes.length, lengths.stream().mapToInt(Integer::intValue).sum());
            for (int i = 0; i < lengths.size(); i++) {
                assertTrue(lengths.get(i) <= SMALL.max() && lengths.get(i) > 0);
                assertTrue(i == lengths.size() - 1 || lengths.get(i) > SMALL.min(), "a chunk too short");
            }
        }
    }

    @Test
    void theAverageIsWhatIsAskedFor() {
        byte[] bytes = random(1, 32 << 20);
        for (int average : new int[] {16 << 10, 64 << 10, 256 << 10}) {
            int count = cuts(new GearChunker(TABLE, new ChunkerParameters(average)), bytes)
                    .size();
            double found = (double) bytes.length / count / average;
            assertTrue(found > 0.94 && found < 1.06, average + ": " + found + " of it");
        }
    }

    @Test
    void itMakesNoDifferenceHowTheBytesArrive() {
        byte[] bytes = random(3, 2_000_000);
        List<Integer> expected = cuts(CHUNKER, bytes);
        for (int seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            List<Integer> found = new ArrayList<>();
            byte[] buffer = new byte[SMALL.max() + 50_000];
            int start = 0;
            int filled = 0;
            int read = 0;
            while (read < bytes.length || start < filled) {
                int length = start < filled ? CHUNKER.cut(buffer, start, filled, read == bytes.length) : -1;
                if (length >= 0) {
                    found.add(length);
                    start += length;
                    continue;
                }
                System.arraycopy(buffer, start, buffer, 0, filled - start);
                filled -= start;
                start = 0;
                int count = Math.min(bytes.length - read, 1 + random.nextInt(buffer.length - filled));
                System.arraycopy(bytes, read, buffer, filled, count);
                filled += count;
                read += count;
            }
            assertEquals(expected, found);
        }
    }

    @Test
    void anEditIsLocal() {
        byte[] before = random(11, 4_000_000);
        Set<Integer> endsBefore = ends(cuts(CHUNKER, before), 0);
        for (int seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            int at = 500_000 + random.nextInt(1_000_000);
            byte[] inserted = random(seed, 1 + random.nextInt(5000));
            byte[] after = new byte[before.length + inserted.length];
            System.arraycopy(before, 0, after, 0, at);
            System.arraycopy(inserted, 0, after, at, inserted.length);
            System.arraycopy(before, at, after, at + inserted.length, before.length - at);
            Set<Integer> endsAfter = ends(cuts(CHUNKER, after), inserted.length);
            // Nothing before the edit moves, and past a megabyte all is as it was.
            int edit = at;
            for (int end : endsBefore) {
                if (end < edit) {
                    assertTrue(endsAfter.contains(end - inserted.length), "a cut before the edit moved");
                } else if (end > edit + (1 << 20)) {
                    assertTrue(endsAfter.contains(end), "a cut far behind the edit moved");
                }
            }
        }
    }

    /** Where chunks end, counted so that ends behind an insertion of {@code shift} bytes are as before it. */
    private static Set<Integer> ends(List<Integer> lengths, int shift) {
        Set<Integer> ends = new HashSet<>();
        int at = -shift;
        for (int length : lengths) {
            at += length;
            ends.add(at);
        }
        return ends;
    }

    @Test
    void anotherSecretCutsElsewhere() {
        byte[] bytes = random(2, 2_000_000);
        GearTable other = GearTable.of(SecretKey.copyOf(new byte[32]));
        Set<Integer> shared = ends(cuts(CHUNKER, bytes), 0);
        shared.retainAll(ends(cuts(new GearChunker(other, SMALL), bytes), 0));
        assertTrue(shared.size() <= 3, shared.size() + " shared cuts");
        assertNotEquals(TABLE.words()[0], other.words()[0]);
    }

    @Test
    void asksForMoreUntilItCanTell() {
        byte[] bytes = random(4, SMALL.max());
        assertEquals(-1, CHUNKER.cut(bytes, 0, SMALL.max() - 1, false));
        assertTrue(CHUNKER.cut(bytes, 0, SMALL.max(), false) > SMALL.min());
        assertEquals(-1, CHUNKER.cut(bytes, 0, 0, false));
        assertEquals(0, CHUNKER.cut(bytes, 0, 0, true));
        for (int length : new int[] {1, SMALL.min() - 1, SMALL.min()}) {
            assertEquals(length, CHUNKER.cut(bytes, 5, 5 + length, true));
        }
        assertEquals(SMALL.max(), CHUNKER.cut(new byte[SMALL.max() + 9], 1, SMALL.max() + 9, false));
    }

    @Test
    void parametersHaveBounds() {
        for (int bad : new int[] {0, -1, 1, 8 << 10, 2 << 20, 65_535, 65_537, Integer.MIN_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> new ChunkerParameters(bad));
        }
        for (int good = 16 << 10; good <= 1 << 20; good *= 2) {
            ChunkerParameters parameters = new ChunkerParameters(good);
            assertEquals(good / 4 * 3, parameters.min());
            assertEquals(good * 8, parameters.max());
        }
        // A segment holds whole maximum chunks, so restarting costs no short chunk in a run of one byte.
        assertEquals(0, ChunkerParameters.SEGMENT_LENGTH % (8 << 20));
    }
}
