package io.packstone.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.packstone.error.LimitExceededException;
import io.packstone.id.ChunkType;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Published vectors, so that nobody has to take our word. */
final class VectorsTest {
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    void hkdfAsInRfc5869() {
        assertArrayEquals(
                hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
                Hkdf.derive(
                        hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"),
                        hex("000102030405060708090a0b0c"),
                        hex("f0f1f2f3f4f5f6f7f8f9"),
                        42));
        assertArrayEquals(
                hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
                Hkdf.derive(hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), new byte[0], new byte[0], 42));
    }

    @Test
    void hmacAsInRfc4231() {
        assertArrayEquals(
                hex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
                new Hmac(hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"))
                        .update("Hi There".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                        .finish());
    }

    @Test
    void aHostileCostIsRefusedBeforeAnythingIsAllocated() {
        assertThrows(
                LimitExceededException.class, () -> Argon2.derive(new byte[1], new byte[32], -1, 3, 4, 64, "a test"));
        assertThrows(
                LimitExceededException.class,
                () -> Argon2.derive(new byte[1], new byte[32], Integer.MAX_VALUE, 1, 1, 64, "a test"));
        assertThrows(
                LimitExceededException.class,
                () -> Argon2.derive(new byte[1], new byte[32], 64, 1 << 30, 1, 64, "a test"));
    }

    @Test
    void aChunkIdIsTheHmacOfItsParts() {
        SecretKey key = SecretKey.copyOf(new byte[32]);
        byte[] payload = {1, 2, 3};
        byte[] message = {0, 0, 0, 0, 0, 1, 2, 3};
        assertArrayEquals(
                Hmac.of(key, message),
                new ChunkHasher(key).id(ChunkType.DATA, new byte[0], 0, payload, 0, 3).toBytes());
        assertEquals("SecretKey", key.toString());
    }
}
