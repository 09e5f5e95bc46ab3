package io.packstone.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.packstone.error.CorruptionException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CborTest {
    @Test
    void writesTheExamplesOfTheStandard() {
        // RFC 8949, appendix A.
        assertEquals("00", hex(new CborWriter().integer(0)));
        assertEquals("17", hex(new CborWriter().integer(23)));
        assertEquals("1818", hex(new CborWriter().integer(24)));
        assertEquals("1903e8", hex(new CborWriter().integer(1000)));
        assertEquals("1a000f4240", hex(new CborWriter().integer(1_000_000)));
        assertEquals("1b000000e8d4a51000", hex(new CborWriter().integer(1_000_000_000_000L)));
        assertEquals("3903e7", hex(new CborWriter().integer(-1000)));
        assertEquals("3b7fffffffffffffff", hex(new CborWriter().integer(Long.MIN_VALUE)));
        assertEquals("4401020304", hex(new CborWriter().bytes(new byte[] {1, 2, 3, 4})));
        assertEquals("62c3bc21", hex(new CborWriter().text("\u00fc!")));
        assertEquals("80", hex(new CborWriter().array(0)));
        assertEquals("8301820203820405", hex(new CborWriter()
                .array(3).integer(1).array(2).integer(2).integer(3).array(2).integer(4).integer(5)));
        assertEquals("a201020304", hex(new CborWriter().map(2).key(1).integer(2).key(3).integer(4)));
        assertEquals("83f4f5f6", hex(new CborWriter().array(3).bool(false).bool(true).nothing()));
    }

    @Test
    void readsBackWhatItWrote() throws CorruptionException {
        String longText = "\u00e4x\ud83d\ude00".repeat(5000);
        byte[] longBytes = new byte[300_000];
        Arrays.fill(longBytes, (byte) 7);
        CborWriter writer = new CborWriter();
        writer.map(7).key(0).array(0).key(1).map(0).key(24).text(longText).key(25).bytes(longBytes);
        writer.key(300).array(2).nothing().bool(true).key(70_000).integer(-5).key(Long.MAX_VALUE).text("");
        byte[] bytes = writer.toBytes();
        CborReader reader = reader(bytes);
        assertEquals(7, reader.map(7));
        assertEquals(0, reader.key());
        assertEquals(0, reader.array(0));
        assertEquals(1, reader.key());
        assertEquals(0, reader.map(0));
        assertEquals(24, reader.key());
        assertEquals(longText, reader.text(1 << 20));
        assertEquals(25, reader.key());
        assertArrayEquals(longBytes, reader.bytesOf(300_000));
        assertEquals(300, reader.key());
        reader.arrayOf(2);
        assertTrue(reader.nothing());
        assertFalse(reader.nothing());
        assertTrue(reader.bool());
        assertEquals(70_000, reader.key());
        assertEquals(-5, reader.integer());
        assertEquals(Long.MAX_VALUE, reader.key());
        assertEquals("", reader.text(0));
        reader.expectEnd();
    }

    @Test
    void randomValuesAgreeWithJacksonAndSurviveCapture() throws IOException {
        ObjectMapper mapper = new ObjectMapper(new CBORFactory());
        for (int seed = 0; seed < 2000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            CborWriter writer = new CborWriter();
            writer.array(2);
            randomValue(writer, random, 0);
            writer.integer(seed);
            byte[] bytes = writer.toBytes();
            JsonNode tree = mapper.readTree(bytes);
            assertEquals(2, tree.size());
            assertEquals(seed, tree.get(1).asInt());
            CborReader reader = reader(bytes);
            reader.arrayOf(2);
            byte[] captured = reader.captureValue();
            assertEquals(seed, reader.integer());
            reader.expectEnd();
            assertArrayEquals(Arrays.copyOfRange(bytes, 1, 1 + captured.length), captured);
            assertArrayEquals(bytes, new CborWriter().array(2).captured(captured).integer(seed).toBytes());
            CborReader skipping = reader(bytes);
            skipping.skipValue();
            skipping.expectEnd();
        }
    }

    private static void randomValue(CborWriter writer, SplittableRandom random, int level) {
        switch (random.nextInt(level > 4 ? 5 : 7)) {
            case 0 -> writer.integer(random.nextLong() >> random.nextInt(64));
            case 1 -> writer.bool(random.nextBoolean());
            case 2 -> writer.nothing();
            case 3 -> writer.bytes(new byte[random.nextInt(300)]);
            case 4 -> writer.text("\u00e9".repeat(random.nextInt(40)));
            case 5 -> {
                int count = random.nextInt(5);
                writer.array(count);
                for (int i = 0; i < count; i++) {
                    randomValue(writer, random, level + 1);
                }
            }
            default -> {
                int count = random.nextInt(5);
                writer.map(count);
                for (int i = 0; i < count; i++) {
                    writer.key(100L * i + random.nextInt(100));
                    randomValue(writer, random, level + 1);
                }
            }
        }
    }

    @Test
    void refusesEveryOtherFormOfAValue() {
        String[] refused = {
            "1817", "190017", "1900ff", "1a0000ffff", "1b00000000ffffffff", "1bffffffffffffffff", "3817",
            "3bffffffffffffffff", "5801aa", "7801" + "61", "9f01ff", "bf0102ff", "5f4101ff", "7f6161ff", "9801" + "01",
            "c001", "d9d9f7" + "01", "f90000", "fa00000000", "fb0000000000000000", "f7", "f0", "f8ff", "1c", "ff",
            "a2010201" + "03", "a20201" + "0102", "a1616101", "a1200" + "1", "62c328", "63eda080", "", "81", "8201",
            "a101", "4101" + "00", "9bffffffffffffffff", "9a7fffffff", "ba7fffffff", "5a7fffffff", "5bffffffffffffffff"
        };
        for (String hex : refused) {
            assertThrows(
                    CorruptionException.class,
                    () -> {
                        CborReader reader = reader(HexFormat.of().parseHex(hex));
                        reader.skipValue();
                        reader.expectEnd();
                    },
                    hex);
        }
    }

    @Test
    void refusesTheWrongTypeCountOrRange() {
        byte[] integer = new CborWriter().integer(7).toBytes();
        assertThrows(CorruptionException.class, () -> reader(integer).text(9));
        assertThrows(CorruptionException.class, () -> reader(integer).bytes(9));
        assertThrows(CorruptionException.class, () -> reader(integer).bool());
        assertThrows(CorruptionException.class, () -> reader(integer).array(9));
        assertThrows(CorruptionException.class, () -> reader(integer).map(9));
        assertThrows(CorruptionException.class, () -> reader(integer).integer(8, 9));
        byte[] text = new CborWriter().text("abc").toBytes();
        assertThrows(CorruptionException.class, () -> reader(text).text(2));
        assertThrows(CorruptionException.class, () -> reader(text).integer());
        byte[] array = new CborWriter().array(2).integer(1).integer(2).toBytes();
        assertThrows(CorruptionException.class, () -> reader(array).array(1));
        assertThrows(CorruptionException.class, () -> reader(array).arrayOf(3));
        byte[] bytes = new CborWriter().bytes(new byte[3]).toBytes();
        assertThrows(CorruptionException.class, () -> reader(bytes).bytesOf(4));
        assertThrows(CorruptionException.class, () -> reader(bytes).bytes(2));
    }

    @Test
    void refusesDeepNesting() throws CorruptionException {
        byte[] deep = new byte[CborReader.MAX_DEPTH + 1];
        Arrays.fill(deep, (byte) 0x81);
        deep[CborReader.MAX_DEPTH] = 0;
        reader(deep).skipValue();
        byte[] deeper = new byte[5000];
        Arrays.fill(deeper, (byte) 0x81);
        deeper[4999] = 0;
        assertThrows(CorruptionException.class, () -> reader(deeper).skipValue());
    }

    @Test
    void noiseNeverMakesAnythingButCorruption() {
        SplittableRandom random = new SplittableRandom(9);
        for (int round = 0; round < 100_000; round++) {
            byte[] noise = new byte[random.nextInt(24)];
            random.nextBytes(noise);
            CborReader reader = reader(noise);
            try {
                byte[] captured = reader.captureValue();
                assertArrayEquals(captured, new CborWriter().captured(captured).toBytes());
            } catch (CorruptionException e) {
                assertEquals("x", e.object());
            }
        }
    }

    @Test
    void misuseOfTheWriterIsRefused() {
        assertThrows(IllegalStateException.class, () -> new CborWriter().array(1).toBytes());
        assertThrows(IllegalStateException.class, () -> new CborWriter().map(1).integer(1));
        assertThrows(IllegalStateException.class, () -> new CborWriter().map(2).key(1).integer(1).key(1));
        assertThrows(IllegalStateException.class, () -> new CborWriter().map(1).key(-1));
        assertThrows(IllegalStateException.class, () -> new CborWriter().array(1).key(1));
        assertThrows(IllegalArgumentException.class, () -> new CborWriter().text("\ud800"));
        assertThrows(IllegalArgumentException.class, () -> new CborWriter().captured(new byte[] {0x18, 1}));
    }

    private static CborReader reader(byte[] bytes) {
        return new CborReader(bytes, 0, bytes.length, "x");
    }

    private static String hex(CborWriter writer) {
        return HexFormat.of().formatHex(writer.toBytes());
    }
}
