package io.packstone.id;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** Big-endian words in byte arrays, and the hexadecimal form that ids are read from. */
final class Words {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Words() {}

    static long get(byte[] bytes, int offset) {
        return (long) LONG.get(bytes, offset);
    }

    static void put(byte[] bytes, int offset, long word) {
        LONG.set(bytes, offset, word);
    }

    /** @throws IllegalArgumentException unless {@code hex} is exactly {@code length} bytes of lower-case digits */
    static byte[] parseHex(String hex, int length) {
        if (hex.length() != 2 * length || !hex.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
            throw new IllegalArgumentException("not " + 2 * length + " lower-case hexadecimal digits: " + hex);
        }
        return HexFormat.of().parseHex(hex);
    }
}
