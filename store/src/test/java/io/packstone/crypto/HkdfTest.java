package io.packstone.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The test cases of RFC 5869, appendix A, for SHA-256. */
class HkdfTest {
    @Test
    void basicCase() {
        byte[] secret = filled(22, 0x0b);
        assertEquals(
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
                Hex.of(Hkdf.derive(secret, Hex.range(0, 13), Hex.range(0xf0, 10), 42)));
    }

    @Test
    void longInputs() {
        assertEquals(
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                        + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                        + "cc30c58179ec3e87c14c01d5c1f3434f1d87",
                Hex.of(Hkdf.derive(Hex.range(0, 80), Hex.range(0x60, 80), Hex.range(0xb0, 80), 82)));
    }

    @Test
    void noSaltAndNoInfo() {
        byte[] secret = filled(22, 0x0b);
        assertEquals(
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
                Hex.of(Hkdf.derive(secret, new byte[0], new byte[0], 42)));
    }

    @Test
    void lengthsAreCutsOfTheLongestAndNoLonger() {
        byte[] secret = Hex.range(1, 32);
        byte[] salt = Hex.range(9, 16);
        byte[] longest = Hkdf.derive(secret, salt, Hkdf.info("x"), 255 * 32);
        for (int length : new int[] {0, 1, 31, 32, 33, 64, 8159}) {
            assertArrayEquals(Arrays.copyOf(longest, length), Hkdf.derive(secret, salt, Hkdf.info("x"), length));
        }
        assertThrows(IllegalArgumentException.class, () -> Hkdf.derive(secret, salt, Hkdf.info("x"), 255 * 32 + 1));
        assertEquals("packstone/1/x", new String(Hkdf.info("x"), java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static byte[] filled(int count, int value) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
