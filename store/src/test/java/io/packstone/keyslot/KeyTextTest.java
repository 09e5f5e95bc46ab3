package io.packstone.keyslot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.crypto.SecretKey;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class KeyTextTest {
    private static SecretKey key(int seed) {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        return SecretKey.copyOf(bytes);
    }

    @Test
    void bothFormsComeBack() {
        for (int seed = 0; seed < 200; seed++) {
            assertEquals(new Secret.KeyFile(key(seed)), KeyText.parse(KeyText.formatKeyFile(key(seed))));
            String sheet = KeyText.formatSheet(key(seed));
            assertEquals(new Secret.RecoverySheet(key(seed)), KeyText.parse(sheet));
            assertEquals(new Secret.RecoverySheet(key(seed)), KeyText.parse(sheet.toLowerCase(Locale.ROOT)));
        }
    }

    @Test
    void aSlipOfThePenIsNamed() {
        String sheet = KeyText.formatSheet(key(1));
        for (int at = 0; at < sheet.length(); at++) {
            if (Character.isLetterOrDigit(sheet.charAt(at))) {
                char other = sheet.charAt(at) == '7' ? '8' : '7';
                String wrong = sheet.substring(0, at) + other + sheet.substring(at + 1);
                IllegalArgumentException thrown =
                        assertThrows(IllegalArgumentException.class, () -> KeyText.parse(wrong));
                assertTrue(String.valueOf(thrown.getMessage()).contains("group"));
            }
        }
        assertThrows(IllegalArgumentException.class, () -> KeyText.parse("nonsense"));
    }
}
