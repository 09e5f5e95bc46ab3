package io.packstone.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.Provider;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** AES-256 vectors of the GCM submission to NIST (McGrew and Viega, test cases 13 to 15), for each provider. */
class GcmCipherTest {
    private static final String PLAIN_15 = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
    private static final String SEALED_15 = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
            + "b094dac5d93471bdec1a502270e3cc6c";

    @Test
    void vectors() {
        byte[] zeroKey = new byte[32];
        byte[] zeroNonce = new byte[12];
        byte[] key = Hex.of("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
        for (Provider provider : Providers.all()) {
            check(provider, zeroKey, zeroNonce, "", "530f8afbc74536b9a963b4f1c4cb738b");
            check(
                    provider,
                    zeroKey,
                    zeroNonce,
                    "00000000000000000000000000000000",
                    "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
            check(provider, key, Hex.of("cafebabefacedbaddecaf888"), PLAIN_15, SEALED_15);
        }
    }

    private static void check(Provider provider, byte[] keyBytes, byte[] nonce, String plainHex, String sealedHex) {
        GcmCipher cipher = new GcmCipher(provider);
        SecretKeySpec key = new SecretKeySpec(keyBytes, "AES");
        byte[] plain = Hex.of(plainHex);
        byte[] sealed = new byte[plain.length + GcmCipher.TAG_LENGTH + 3];
        cipher.seal(key, nonce, plain, 0, plain.length, sealed, 3);
        assertEquals(sealedHex, Hex.of(Arrays.copyOfRange(sealed, 3, sealed.length)), provider.getName());
        byte[] opened = new byte[plain.length + 1];
        assertTrue(cipher.open(key, nonce, sealed, 3, sealed.length - 3, opened, 1));
        assertArrayEquals(plain, Arrays.copyOfRange(opened, 1, opened.length));
        sealed[sealed.length - 1] ^= 1;
        assertFalse(cipher.open(key, nonce, sealed, 3, sealed.length - 3, opened, 1));
    }

    @Test
    void theChosenProviderIsOneOfThem() {
        CryptoProvider.warmUp();
        assertTrue(
                Providers.all().stream().anyMatch(provider -> provider.getName().equals(CryptoProvider.name())));
    }
}
