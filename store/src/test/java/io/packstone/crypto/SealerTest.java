package io.packstone.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import io.packstone.error.CorruptionException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.Security;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SealerTest {
    private static final int[] LENGTHS = {
        0, 1, 16, 65_479, 65_480, 65_481, 131_000, 131_001, 65_480 + 65_520, 65_480 + 65_521, 1 << 20
    };

    private static byte[] random(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] seal(Sealer sealer, SecretKey key, byte[] aad, byte[] plain) {
        byte[] sealed = new byte[(int) Sealer.sealedLength(plain.length)];
        assertEquals(sealed.length, sealer.seal(key, aad, plain, 0, plain.length, sealed, 0));
        return sealed;
    }

    @Test
    void tinkOpensWhatWeSealAndWeOpenWhatTinkSeals() throws Exception {
        byte[] keyBytes = random(1, 32);
        SecretKey key = SecretKey.copyOf(keyBytes);
        byte[] aad = random(2, 40);
        AesGcmHkdfStreaming tink = new AesGcmHkdfStreaming(keyBytes, "HmacSha256", 32, 65_536, 0);
        for (int length : LENGTHS) {
            byte[] plain = random(length, length);
            byte[] ours = seal(new Sealer(), key, aad, plain);
            assertArrayEquals(
                    plain,
                    tink.newDecryptingStream(new ByteArrayInputStream(ours), aad).readAllBytes());
            ByteArrayOutputStream theirs = new ByteArrayOutputStream();
            try (var stream = tink.newEncryptingStream(theirs, aad)) {
                stream.write(plain);
            }
            byte[] opened = new byte[length];
            assertEquals(
                    length, new Sealer().open(key, aad, theirs.toByteArray(), 0, theirs.size(), opened, 0, "a test"));
            assertArrayEquals(plain, opened);
        }
    }

    @Test
    void everyProviderMakesTheSameBytes() {
        SecretKey key = SecretKey.copyOf(random(1, 32));
        Sealer chosen = new Sealer(target -> new Random(7).nextBytes(target));
        Sealer builtIn = new Sealer(target -> new Random(7).nextBytes(target), Security.getProvider("SunJCE"));
        for (int length : LENGTHS) {
            byte[] plain = random(3, length);
            assertArrayEquals(seal(chosen, key, plain, plain), seal(builtIn, key, plain, plain));
        }
    }

    @Test
    void anyChangeIsRefused() {
        SecretKey key = SecretKey.copyOf(random(1, 32));
        byte[] aad = {1, 2, 3};
        byte[] sealed = seal(new Sealer(), key, aad, random(4, 200));
        for (int at = 0; at < sealed.length; at++) {
            byte[] flipped = sealed.clone();
            flipped[at] ^= 1;
            assertThrows(
                    CorruptionException.class,
                    () -> new Sealer().open(key, aad, flipped, 0, flipped.length, new byte[400], 0, "a test"));
        }
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(sealed, Math.max(length, 1));
            assertThrows(
                    CorruptionException.class,
                    () -> new Sealer().open(key, aad, cut, 0, cut.length, new byte[400], 0, "a test"));
        }
        assertThrows(
                CorruptionException.class,
                () -> new Sealer().open(key, new byte[3], sealed, 0, sealed.length, new byte[400], 0, "a test"));
    }

    @Test
    void lengthsFitBothWays() {
        for (int length = 0; length < 200_000; length += 7) {
            assertEquals(length, Sealer.plainLength(Sealer.sealedLength(length)));
        }
        assertEquals(-1, Sealer.plainLength(55));
        assertEquals(0, Sealer.plainLength(56));
        assertEquals(-1, Sealer.plainLength(65_536 + 10));
    }
}
