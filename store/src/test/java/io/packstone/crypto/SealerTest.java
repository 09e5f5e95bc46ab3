package io.packstone.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import io.packstone.error.CorruptionException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SealerTest {
    private static final int FIRST = 65536 - 40 - 16;
    private static final int NEXT = 65536 - 16;
    private static final SecretKey KEY = SecretKey.copyOf(Hex.range(100, 32));
    private static final byte[] AAD = "packstone/1/test".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    /** Lengths around every end of a segment, up to a megabyte. */
    private static int[] lengths() {
        int[] lengths = new int[2 + 17 * 5];
        int count = 0;
        lengths[count++] = 0;
        lengths[count++] = 1;
        for (int segments = 0; segments < 17; segments++) {
            for (int delta = -2; delta <= 2; delta++) {
                lengths[count++] = FIRST + segments * NEXT + delta;
            }
        }
        return lengths;
    }

    private static byte[] plain(int length) {
        byte[] plain = new byte[length];
        new Random(length).nextBytes(plain);
        return plain;
    }

    private static byte[] seal(Sealer sealer, byte[] plain) {
        byte[] sealed = new byte[(int) Sealer.sealedLength(plain.length)];
        assertEquals(sealed.length, sealer.seal(KEY, AAD, plain, 0, plain.length, sealed, 0));
        return sealed;
    }

    private static byte[] open(Sealer sealer, SecretKey key, byte[] aad, byte[] sealed) throws CorruptionException {
        byte[] plain = new byte[Math.max(0, (int) Sealer.plainLength(sealed.length))];
        assertEquals(plain.length, sealer.open(key, aad, sealed, 0, sealed.length, plain, 0, "it"));
        return plain;
    }

    private static void assertRefused(byte[] sealed, String why) {
        CorruptionException refused =
                assertThrows(CorruptionException.class, () -> open(new Sealer(), KEY, AAD, sealed), why);
        assertTrue(refused.getMessage().startsWith("it is damaged"), refused.getMessage());
    }

    @Test
    void everySegmentLengthComesBackAndProvidersAgree() throws CorruptionException {
        for (int length : lengths()) {
            byte[] plain = plain(length);
            byte[] first = null;
            for (Provider provider : Providers.all()) {
                byte[] sealed = seal(new Sealer(new SeededRandomness(length), provider), plain);
                first = first == null ? sealed : first;
                assertArrayEquals(first, sealed, provider.getName() + " " + length);
                assertArrayEquals(plain, open(new Sealer(new SeededRandomness(1), provider), KEY, AAD, sealed));
            }
        }
    }

    @Test
    void lengthsAgreeBothWays() {
        for (int length : lengths()) {
            assertEquals(length, Sealer.plainLength(Sealer.sealedLength(length)));
        }
        long previous = Sealer.sealedLength(0);
        assertEquals(56, previous);
        for (int length = 1; length < 300_000; length++) {
            long sealed = Sealer.sealedLength(length);
            for (long between = previous + 1; between < sealed; between++) {
                assertEquals(-1, Sealer.plainLength(between), "nothing has sealed length " + between);
            }
            previous = sealed;
        }
        for (long none : new long[] {Long.MIN_VALUE, -1, 0, 1, 39, 40, 55}) {
            assertEquals(-1, Sealer.plainLength(none));
        }
        long huge = 1L << 45;
        assertEquals(huge, Sealer.plainLength(Sealer.sealedLength(huge)));
    }

    @Test
    void tinkOpensWhatWeSealAndWeOpenWhatItSeals() throws GeneralSecurityException, IOException {
        AesGcmHkdfStreaming tink = new AesGcmHkdfStreaming(KEY.toBytes(), "HmacSha256", 32, 65536, 0);
        for (int length :
                new int[] {0, 1, 1000, FIRST - 1, FIRST, FIRST + 1, FIRST + NEXT, FIRST + NEXT + 1, 1 << 20}) {
            byte[] plain = plain(length);
            byte[] ours = seal(new Sealer(), plain);
            assertArrayEquals(
                    plain,
                    tink.newDecryptingStream(new ByteArrayInputStream(ours), AAD)
                            .readAllBytes());
            ByteArrayOutputStream theirs = new ByteArrayOutputStream();
            try (OutputStream stream = tink.newEncryptingStream(theirs, AAD)) {
                stream.write(plain);
            }
            assertArrayEquals(plain, open(new Sealer(), KEY, AAD, theirs.toByteArray()), "length " + length);
        }
    }

    @Test
    void everyFlippedByteIsSeen() {
        byte[] sealed = seal(new Sealer(), plain(300));
        for (int at = 0; at < sealed.length; at++) {
            for (int bit : new int[] {0x01, 0x80}) {
                byte[] flipped = sealed.clone();
                flipped[at] ^= (byte) bit;
                assertRefused(flipped, "byte " + at);
            }
        }
        byte[] large = seal(new Sealer(), plain(FIRST + NEXT + 77));
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            byte[] flipped = large.clone();
            flipped[random.nextInt(large.length)] ^= (byte) (1 + random.nextInt(255));
            assertRefused(flipped, "flip " + i);
        }
    }

    @Test
    void cutExtendedOrReorderedSegmentsAreRefused() {
        byte[] sealed = seal(new Sealer(), plain(FIRST + 3 * NEXT + 500));
        for (int cut :
                new int[] {0, 1, 39, 40, 56, 65535, 65536, 65537, 2 * 65536, 3 * 65536, 4 * 65536, sealed.length - 1}) {
            assertRefused(Arrays.copyOf(sealed, cut), "cut to " + cut);
        }
        for (int more : new int[] {1, 16, 17, 65536}) {
            assertRefused(Arrays.copyOf(sealed, sealed.length + more), "longer by " + more);
        }
        byte[] swapped = sealed.clone();
        System.arraycopy(sealed, 65536, swapped, 2 * 65536, 65536);
        System.arraycopy(sealed, 2 * 65536, swapped, 65536, 65536);
        assertRefused(swapped, "two segments swapped");
        byte[] dropped = new byte[sealed.length - 65536];
        System.arraycopy(sealed, 0, dropped, 0, 65536);
        System.arraycopy(sealed, 2 * 65536, dropped, 65536, dropped.length - 65536);
        assertRefused(dropped, "a segment dropped");
        byte[] repeated = sealed.clone();
        System.arraycopy(sealed, 65536, repeated, 2 * 65536, 65536);
        assertRefused(repeated, "a segment twice");
    }

    @Test
    void segmentsOfTwoStringsDoNotMix() {
        Sealer sealer = new Sealer();
        byte[] one = seal(sealer, plain(FIRST + NEXT + 10));
        byte[] other = seal(sealer, plain(FIRST + NEXT + 10));
        System.arraycopy(other, 65536, one, 65536, 65536);
        assertRefused(one, "a segment of another string");
    }

    @Test
    void keyAndAssociatedDataMustFit() {
        byte[] sealed = seal(new Sealer(), plain(100));
        SecretKey otherKey = SecretKey.copyOf(Hex.range(101, 32));
        assertThrows(CorruptionException.class, () -> open(new Sealer(), otherKey, AAD, sealed));
        byte[] longer = Arrays.copyOf(AAD, AAD.length + 1);
        assertThrows(CorruptionException.class, () -> open(new Sealer(), KEY, longer, sealed));
        assertThrows(CorruptionException.class, () -> open(new Sealer(), KEY, new byte[0], sealed));
    }

    @Test
    void offsetsAreKeptAndNothingElseIsTouched() throws CorruptionException {
        byte[] plain = plain(70_000);
        byte[] source = new byte[plain.length + 20];
        System.arraycopy(plain, 0, source, 7, plain.length);
        int sealedLength = (int) Sealer.sealedLength(plain.length);
        byte[] target = new byte[sealedLength + 30];
        Arrays.fill(target, (byte) 0x55);
        Sealer sealer = new Sealer();
        assertEquals(sealedLength, sealer.seal(KEY, AAD, source, 7, plain.length, target, 11));
        for (int i = 0; i < 30; i++) {
            assertEquals(0x55, target[i < 11 ? i : sealedLength + i]);
        }
        byte[] back = new byte[plain.length + 9];
        assertEquals(plain.length, sealer.open(KEY, AAD, target, 11, sealedLength, back, 5, "it"));
        assertArrayEquals(plain, Arrays.copyOfRange(back, 5, 5 + plain.length));
        for (int i : new int[] {0, 4, plain.length + 5, plain.length + 8}) {
            assertEquals(0, back[i]);
        }
    }

    /** The switch from the JDK's cipher to the chosen one falls into this run. */
    @Test
    void oneSealerServesManyStrings() throws CorruptionException {
        Sealer sealer = new Sealer(new SeededRandomness(3));
        Random random = new Random(4);
        for (int i = 0; i < 60; i++) {
            byte[] plain = plain(random.nextInt(200_000));
            byte[] sealed = seal(sealer, plain);
            assertArrayEquals(plain, open(sealer, KEY, AAD, sealed));
            sealed[sealed.length - 1] ^= 1;
            assertThrows(CorruptionException.class, () -> open(sealer, KEY, AAD, sealed));
        }
    }

    @Test
    void equalStringsSealedTwiceDiffer() {
        Sealer sealer = new Sealer();
        byte[] one = seal(sealer, plain(1000));
        byte[] other = seal(sealer, plain(1000));
        int equal = 0;
        for (int i = 1; i < one.length; i++) {
            equal += one[i] == other[i] ? 1 : 0;
        }
        assertTrue(equal < 40, equal + " equal bytes of " + one.length);
    }
}
