package io.packstone.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The test cases of RFC 4231 for SHA-256, and reuse. */
class HmacTest {
    @Test
    void vectorsOfTheStandard() {
        check(
                0x0b,
                20,
                "Hi There".getBytes(US_ASCII),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        assertEquals(
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                Hex.of(new Hmac("Jefe".getBytes(US_ASCII))
                        .update("what do ya want for nothing?".getBytes(US_ASCII))
                        .finish()));
        check(0xaa, 20, filled(0xdd, 50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
        assertEquals(
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
                Hex.of(new Hmac(Hex.range(1, 25)).update(filled(0xcd, 50)).finish()));
        check(
                0xaa,
                131,
                "Test Using Larger Than Block-Size Key - Hash Key First".getBytes(US_ASCII),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
        check(
                0xaa,
                131,
                ("This is a test using a larger than block-size key and a larger than block-size data. "
                                + "The key needs to be hashed before being used by the HMAC algorithm.")
                        .getBytes(US_ASCII),
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
    }

    @Test
    void messagesDoNotLeakIntoEachOther() {
        SecretKey key = SecretKey.copyOf(Hex.range(0, 32));
        Hmac hmac = new Hmac(key);
        String first = Hex.of(hmac.update(new byte[] {1, 2, 3}).finish());
        byte[] target = new byte[40];
        hmac.update(new byte[] {9, 1, 9}, 1, 1).update(new byte[] {2, 3}).finish(target, 8);
        assertEquals(first, Hex.of(Arrays.copyOfRange(target, 8, 40)));
        assertEquals(first, Hex.of(Hmac.of(key, new byte[] {1}, new byte[] {2, 3})));
        hmac.rekey(Hex.range(0, 64), 32, 32);
        assertEquals(
                Hex.of(Hmac.of(SecretKey.copyOf(Hex.range(32, 32)), new byte[] {5})),
                Hex.of(hmac.update(new byte[] {5}).finish()));
    }

    @Test
    void comparesWholeArrays() {
        byte[] tag = Hex.range(0, 32);
        assertTrue(Hmac.equal(tag, tag.clone()));
        assertFalse(Hmac.equal(tag, Arrays.copyOf(tag, 31)));
        for (int i = 0; i < 32; i++) {
            byte[] other = tag.clone();
            other[i] ^= (byte) 0x80;
            assertFalse(Hmac.equal(tag, other));
        }
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                Hex.of(Hmac.sha256("xabcx".getBytes(US_ASCII), 1, 3)));
    }

    private static void check(int keyByte, int keyLength, byte[] message, String expected) {
        assertEquals(
                expected,
                Hex.of(new Hmac(filled(keyByte, keyLength)).update(message).finish()));
    }

    private static byte[] filled(int value, int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
