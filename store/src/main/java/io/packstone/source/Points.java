package io.packstone.source;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Names and patterns as code points, also where they are no text. */
final class Points {
    private static final int NOT_UTF8 = 0x11_0000;

    private Points() {}

    /** Code points; each byte that is no part of well-formed UTF-8 becomes a number above them. */
    static int[] of(byte[] bytes, int offset, int length) {
        int[] points = new int[length];
        int count = 0;
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int size = sizeOf(bytes, at, end);
            int first = bytes[at] & 0xff;
            int point = size == 0 ? NOT_UTF8 + first : size == 1 ? first : first & (0x7f >> size);
            for (int i = 1; i < size; i++) {
                point = point << 6 | bytes[at + i] & 0x3f;
            }
            points[count++] = point;
            at += Math.max(1, size);
        }
        return Arrays.copyOf(points, count);
    }

    /** The length of the well-formed sequence at {@code at} (RFC 3629, section 4); 0 when there is none. */
    private static int sizeOf(byte[] bytes, int at, int end) {
        int first = bytes[at] & 0xff;
        if (first < 0x80) {
            return 1;
        }
        int size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || at + size > end) {
            return 0;
        }
        for (int i = 1; i < size; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int second = bytes[at + 1] & 0xff;
        boolean wellFormed = !(first == 0xe0 && second < 0xa0)
                && !(first == 0xed && second >= 0xa0)
                && !(first == 0xf0 && second < 0x90)
                && !(first == 0xf4 && second >= 0x90);
        return wellFormed ? size : 0;
    }

    /** The bytes that {@link #of} makes these points of. */
    static byte[] bytes(int[] points) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(points.length);
        for (int point : points) {
            if (point >= NOT_UTF8) {
                bytes.write(point - NOT_UTF8);
            } else {
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
