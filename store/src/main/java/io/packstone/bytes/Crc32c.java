package io.packstone.bytes;

import java.util.zip.CRC32C;

/** CRC-32C (Castagnoli) of byte ranges, and of two ranges put together. */
public final class Crc32c {
    /** The reflected polynomial. */
    private static final int POLYNOMIAL = 0x82F63B78;

    private Crc32c() {}

    /** The CRC-32C of {@code length} bytes from {@code offset}. */
    public static int of(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /**
     * The CRC-32C of A followed by B, from theirs and the length of B: multiplies by x^(8 length) modulo the
     * polynomial (M. Adler's crc32_combine in zlib).
     */
    public static int combine(int crcA, int crcB, long lengthB) {
        if (crcA == 0) {
            return crcB;
        }
        return lengthB == 0 ? crcA : multiply(crcA, powerOfX(lengthB * 8)) ^ crcB;
    }

    /** x^exponent modulo the polynomial, by squaring; bit 31 is x^0. */
    private static int powerOfX(long exponent) {
        int result = 0x80000000;
        int square = 0x40000000;
        for (long rest = exponent; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                result = multiply(result, square);
            }
            square = multiply(square, square);
        }
        return result;
    }

    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int bit = 31; bit >= 0; bit--) {
            if ((a >>> bit & 1) != 0) {
                product ^= shifted;
            }
            shifted = (shifted & 1) != 0 ? shifted >>> 1 ^ POLYNOMIAL : shifted >>> 1;
        }
        return product;
    }
}
