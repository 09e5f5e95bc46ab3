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
        assertEquals("63c3bc21", hex(new CborWriter().text("\u00fc!")));
        assertEquals("80", hex(new CborWriter().array(0).end()));
        CborWriter nested = new CborWriter().array(3).integer(1);
        nested.array(2)
                .integer(2)
                .integer(3)
                .end()
                .array(2)
                .integer(4)
                .integer(5)
                .end()
                .end();
        assertEquals("8301820203820405", hex(nested));
        assertEquals(
                "a201020304",
                hex(new CborWriter().map(2).key(1).integer(2).key(3).integer(4).end()));
        assertEquals(
                "83f4f5f6",
                hex(new CborWriter().array(3).bool(false).bool(true).nothing().end()));
    }

    @Test
    void readsBackWhatItWroteHoweverLong() throws CorruptionException {
        String longText = "\u00e4x\ud83d\ude00".repeat(5000);
        byte[] longBytes = new byte[300_000];
        Arrays.fill(longBytes, (byte) 7);
        CborWriter writer =
                new CborWriter().map(6).key(0).array(0).end().key(1).map(0).end();
        writer.key(24).text(longText).key(25).bytes(longBytes);
        writer.key(300)
                .array(2)
                .nothing()
                .bool(true)
                .end()
                .key(70_000)
                .integer(-5)
                .end();
        byte[] bytes = writer.toBytes();
        CborReader reader = reader(bytes);
        assertEquals(6, reader.map());
        assertEquals(0, reader.keyAbove(-1));
        assertEquals(0, reader.array());
        assertEquals(1, reader.keyAbove(0));
        assertEquals(0, reader.map());
        assertEquals(24, reader.keyAbove(1));
        assertEquals(longText, reader.text());
        assertEquals(25, reader.keyAbove(24));
        assertArrayEquals(longBytes, reader.bytes(300_000));
        assertEquals(300, reader.keyAbove(25));
        reader.array(2);
        assertTrue(reader.nothing());
        assertFalse(reader.nothing());
        assertTrue(reader.bool());
        assertThrows(CorruptionException.class, () -> reader.keyAbove(70_000));
    }

    @Test
    void everyLengthOfTextStaysInOnePiece() throws CorruptionException {
        for (int length : new int[] {0, 1, 23, 24, 255, 256, 3995, 3996, 3997, 4100, 65_535, 65_536, 200_000}) {
            String text = "a".repeat(length);
            CborReader reader = reader(new CborWriter().text(text).toBytes());
            assertEquals(text, reader.text());
            reader.expectEnd();
        }
        assertThrows(IllegalArgumentException.class, () -> new CborWriter().text("\ud800"));
    }

    @Test
    void randomValuesAgreeWithAnotherReader() throws IOException {
        ObjectMapper mapper = new ObjectMapper(new CBORFactory());
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            CborWriter writer = new CborWriter().array(2);
            randomValue(writer, random, 0);
            writer.integer(seed).end();
            byte[] bytes = writer.toBytes();
            JsonNode tree = mapper.readTree(bytes);
            assertEquals(2, tree.size());
            assertEquals(seed, tree.get(1).asInt());
            CborReader reader = reader(bytes);
            reader.array(2);
            byte[] raw = reader.raw();
            assertEquals(seed, reader.integer());
            reader.expectEnd();
            assertArrayEquals(Arrays.copyOfRange(bytes, 1, 1 + raw.length), raw);
            for (int length = 0; length < bytes.length; length++) {
                CborReader shorter = new CborReader(bytes, 0, length, "x");
                assertThrows(CorruptionException.class, shorter::raw);
            }
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
                writer.end();
            }
            default -> {
                int count = random.nextInt(5);
                writer.map(count);
                for (int i = 0; i < count; i++) {
                    writer.key(100 * i + random.nextInt(100));
                    randomValue(writer, random, level + 1);
                }
                writer.end();
            }
        }
    }

    @Test
    void refusesEveryOtherFormOfAValue() {
        String[] refused = {
            "1817",
            "190017",
            "1900ff",
            "1a0000ffff",
            "1b00000000ffffffff",
            "1bffffffffffffffff",
            "3817",
            "3bffffffffffffffff",
            "5801aa",
            "780161",
            "9f01ff",
            "bf0102ff",
            "5f4101ff",
            "7f6161ff",
            "980101",
            "c001",
            "d9d9f701",
            "f90000",
            "fa00000000",
            "fb0000000000000000",
            "f7",
            "f0",
            "f8ff",
            "1c",
            "ff",
            "62c328",
            "63eda080",
            "",
            "81",
            "8201",
            "a101",
            "410100",
            "9bffffffffffffffff",
            "9a7fffffff",
            "ba7fffffff",
            "5a7fffffff",
            "5bffffffffffffffff",
            "81f7",
            "8162c328"
        };
        for (String hex : refused) {
            CborReader reader = reader(HexFormat.of().parseHex(hex));
            assertThrows(
                    CorruptionException.class,
                    () -> {
                        reader.raw();
                        reader.expectEnd();
                    },
                    hex);
        }
    }

    @Test
    void refusesTheWrongTypeCountOrRange() {
        byte[] integer = new CborWriter().integer(7).toBytes();
        assertThrows(CorruptionException.class, () -> reader(integer).text());
        assertThrows(CorruptionException.class, () -> reader(integer).bytes());
        assertThrows(CorruptionException.class, () -> reader(integer).bool());
        assertThrows(CorruptionException.class, () -> reader(integer).array());
        assertThrows(CorruptionException.class, () -> reader(integer).map());
        assertThrows(CorruptionException.class, () -> reader(integer).integer(8, 9));
        byte[] text = new CborWriter().text("abc").toBytes();
        assertThrows(CorruptionException.class, () -> reader(text).integer());
        assertThrows(CorruptionException.class, () -> reader(text).bytes());
        byte[] array = new CborWriter().array(2).integer(1).integer(2).end().toBytes();
        assertThrows(CorruptionException.class, () -> reader(array).array(3));
        byte[] bytes = new CborWriter().bytes(new byte[3]).toBytes();
        assertThrows(CorruptionException.class, () -> reader(bytes).bytes(4));
        assertThrows(CorruptionException.class, () -> reader(bytes).bytes(2));
    }

    @Test
    void refusesDeepNesting() throws CorruptionException {
        byte[] deep = new byte[17];
        Arrays.fill(deep, (byte) 0x81);
        deep[16] = 0;
        assertArrayEquals(deep, reader(deep).raw());
        byte[] deeper = new byte[5000];
        Arrays.fill(deeper, (byte) 0x81);
        assertThrows(CorruptionException.class, () -> reader(deeper).raw());
    }

    @Test
    void offsetsInErrorsCountFromTheStartOfTheRange() {
        byte[] bytes = HexFormat.of().parseHex("ffffffff8201f7");
        CborReader reader = new CborReader(bytes, 4, 3, "x");
        CorruptionException failure = assertThrows(CorruptionException.class, reader::raw);
        assertTrue(failure.getMessage().startsWith("x is damaged at offset 3"), failure.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new CborReader(bytes, 5, 3, "x"));
    }

    @Test
    void noiseNeverMakesAnythingButCorruption() {
        SplittableRandom random = new SplittableRandom(9);
        for (int round = 0; round < 50_000; round++) {
            byte[] noise = new byte[random.nextInt(24)];
            random.nextBytes(noise);
            try {
                byte[] raw = reader(noise).raw();
                assertArrayEquals(Arrays.copyOf(noise, raw.length), raw);
            } catch (CorruptionException e) {
                assertEquals("x", e.object());
            }
        }
    }

    private static CborReader reader(byte[] bytes) {
        return new CborReader(bytes, 0, bytes.length, "x");
    }

    private static String hex(CborWriter writer) {
        return HexFormat.of().formatHex(writer.toBytes());
    }

    @Test
    void nothingComesAfterTheHighestKey() throws CorruptionException {
        byte[] map = HexFormat.of().parseHex("a21a7fffffff0005f6");
        CborReader reader = new CborReader(map, 0, map.length, "x");
        assertEquals(2, reader.map());
        int highest = reader.keyAbove(-1);
        assertEquals(Integer.MAX_VALUE, highest);
        reader.raw();
        assertThrows(CorruptionException.class, () -> reader.keyAbove(highest));
    }
}
