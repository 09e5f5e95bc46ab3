package io.packstone.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SecretKeyTest {
    @Test
    void copiesInAndOut() {
        byte[] bytes = Hex.range(1, 32);
        SecretKey key = SecretKey.copyOf(bytes);
        bytes[0] = 99;
        key.toBytes()[1] = 99;
        assertArrayEquals(Hex.range(1, 32), key.toBytes());
        assertEquals(key, SecretKey.copyOf(Hex.range(0, 64), 1, 32));
        for (int i = 0; i < 32; i++) {
            byte[] other = Hex.range(1, 32);
            other[i] ^= 1;
            assertNotEquals(key, SecretKey.copyOf(other));
        }
        assertThrows(IllegalArgumentException.class, () -> SecretKey.copyOf(new byte[31]));
        assertThrows(IllegalArgumentException.class, () -> SecretKey.copyOf(new byte[64], 0, 33));
    }

    @Test
    void tellsNothing() {
        SecretKey key = SecretKey.copyOf(Hex.range(1, 32));
        assertEquals(key.hashCode(), SecretKey.copyOf(new byte[32]).hashCode());
        assertFalse(key.toString().matches(".*[0-9].*"), key.toString());
    }
}
