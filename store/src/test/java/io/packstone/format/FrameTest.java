package io.packstone.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.packstone.bytes.Crc32c;
import io.packstone.bytes.LittleEndian;
import io.packstone.error.CorruptionException;
import io.packstone.error.LimitExceededException;
import io.packstone.error.StoreException;
import io.packstone.error.UnsupportedFormatException;
import io.packstone.id.RepositoryId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameTest {
    private static final RepositoryId REPOSITORY = RepositoryId.parse("000102030405060708090a0b0c0d0e0f");

    @Test
    void headerHasTheDocumentedBytes() {
        String expected = "89504b53540d0a1a" + "03" + "01" + "0000" + "000102030405060708090a0b0c0d0e0f";
        String header = HexFormat.of().formatHex(Frame.header(FrameKind.PACK, REPOSITORY));
        assertEquals(expected, header.substring(0, 56));
        byte[] covered = HexFormat.of().parseHex(expected);
        assertEquals(
                Crc32c.of(covered, 0, 28), LittleEndian.getInt(HexFormat.of().parseHex(header), 28));
    }

    @Test
    void smallObjectsRoundTrip() throws StoreException {
        Random random = new Random(1);
        for (FrameKind kind : FrameKind.values()) {
            byte[] body = new byte[random.nextInt(2000)];
            random.nextBytes(body);
            Frame.Opened opened = Frame.unwrap(kind, Frame.wrap(kind, REPOSITORY, body), "x");
            assertEquals(REPOSITORY, opened.repository());
            assertArrayEquals(Frame.header(kind, REPOSITORY), opened.header());
            assertArrayEquals(body, opened.body());
        }
    }

    @Test
    void everyFlippedBitAndEveryLengthIsNoticed() {
        byte[] object = Frame.wrap(FrameKind.JOB, REPOSITORY, "some body".getBytes(StandardCharsets.US_ASCII));
        for (int bit = 0; bit < 8 * object.length; bit++) {
            byte[] damaged = object.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(StoreException.class, () -> Frame.unwrap(FrameKind.JOB, damaged, "x"), "bit " + bit);
        }
        for (int length = 0; length < object.length + 5; length++) {
            byte[] cut = Arrays.copyOf(object, length);
            if (length != object.length) {
                assertThrows(
                        CorruptionException.class, () -> Frame.unwrap(FrameKind.JOB, cut, "x"), "length " + length);
            }
        }
    }

    @Test
    void newerVersionsAndOtherKindsAreToldApartFromDamage() {
        byte[] object = Frame.wrap(FrameKind.STATE, REPOSITORY, new byte[3]);
        CorruptionException kind =
                assertThrows(CorruptionException.class, () -> Frame.unwrap(FrameKind.JOB, object, "jobs/ab"));
        assertEquals("jobs/ab is damaged at offset 8: expected an object of kind JOB, found kind 6", kind.getMessage());
        byte[] newer = object.clone();
        newer[9] = 2;
        LittleEndian.putInt(newer, 28, Crc32c.of(newer, 0, 28));
        assertThrows(UnsupportedFormatException.class, () -> Frame.unwrap(FrameKind.STATE, newer, "x"));
        byte[] older = object.clone();
        older[9] = 0;
        LittleEndian.putInt(older, 28, Crc32c.of(older, 0, 28));
        assertThrows(CorruptionException.class, () -> Frame.unwrap(FrameKind.STATE, older, "x"));
    }

    @Test
    void limitsHoldBothWays() {
        int tooLong = FrameKind.STATE.maxLength() - Frame.OVERHEAD + 1;
        assertThrows(IllegalArgumentException.class, () -> Frame.wrap(FrameKind.STATE, REPOSITORY, new byte[tooLong]));
        byte[] object = Frame.wrap(FrameKind.CONFIG, REPOSITORY, new byte[tooLong]);
        assertThrows(LimitExceededException.class, () -> Frame.unwrap(FrameKind.STATE, object, "x"));
    }

    @Test
    void otherRepositoriesAreRefused() {
        RepositoryId other = new RepositoryId(1, 2);
        assertThrows(CorruptionException.class, () -> Frame.expectRepository(REPOSITORY, other, "x"));
    }

    @Test
    void footersRoundTripAndRefuseEveryFlippedBit() throws StoreException {
        Footer footer = new Footer(1000, 500, 444, 1564, REPOSITORY);
        byte[] bytes = footer.encode();
        assertEquals(footer, Footer.decode(bytes, 0, 1564, "x"));
        byte[] shifted = new byte[70];
        System.arraycopy(bytes, 0, shifted, 6, 64);
        assertEquals(footer, Footer.decode(shifted, 6, 1564, "x"));
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(CorruptionException.class, () -> Footer.decode(damaged, 0, 1564, "x"), "bit " + bit);
        }
        assertThrows(CorruptionException.class, () -> Footer.decode(bytes, 0, 1565, "x"));
        assertThrows(CorruptionException.class, () -> Footer.decode(bytes, 1, 1564, "x"));
    }

    @Test
    void footersWithHostileLengthsAreRefusedThoughTheirChecksumFits() {
        long[][] hostile = {
            {31, 1469, 0},
            {-1, 1501, 0},
            {1000, -1, 0},
            {1000, 500, -1},
            {1000, 500, 501},
            {Long.MAX_VALUE, 500, 1},
            {1000, 500, 443},
            {1000, 500, 460},
            {1000, 499, 1},
            {1501, -1, -1},
            {Long.MIN_VALUE, Long.MIN_VALUE, 1}
        };
        for (long[] lengths : hostile) {
            byte[] bytes = new Footer(1000, 500, 444, 1564, REPOSITORY).encode();
            for (int i = 0; i < 3; i++) {
                LittleEndian.putLong(bytes, 8 * i, lengths[i]);
            }
            LittleEndian.putInt(bytes, 60, Crc32c.of(bytes, 0, 60));
            assertThrows(CorruptionException.class, () -> Footer.decode(bytes, 0, 1564, "x"), Arrays.toString(lengths));
        }
    }
}
