package io.packstone.crypto;

import java.util.HexFormat;

/** Hexadecimal test vectors; spaces are for the eye. */
final class Hex {
    private Hex() {}

    static byte[] of(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** The bytes first, first + 1, ... */
    static byte[] range(int first, int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }
}
