package io.packstone.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** HKDF-SHA-256 (RFC 5869). */
public final class Hkdf {
    /** What every label of this format begins with. */
    public static final String CONTEXT = "packstone/1/";

    private static final int LENGTH_MAX = 255 * Hmac.LENGTH;

    private Hkdf() {}

    /** Extract, then expand to {@code length} bytes (at most 8,160). An empty salt stands for 32 zero bytes. */
    public static byte[] derive(byte[] secret, byte[] salt, byte[] info, int length) {
        if (length < 0 || length > LENGTH_MAX) {
            throw new IllegalArgumentException("HKDF gives at most " + LENGTH_MAX + " bytes, not " + length);
        }
        Hmac hmac = new Hmac(salt.length == 0 ? new byte[Hmac.LENGTH] : salt);
        byte[] pseudorandomKey = hmac.update(secret).finish();
        hmac.rekey(pseudorandomKey, 0, pseudorandomKey.length);
        byte[] output = new byte[length];
        byte[] block = new byte[0];
        byte[] counter = new byte[1];
        for (int done = 0; done < length; done += block.length) {
            counter[0]++;
            block = hmac.update(block).update(info).update(counter).finish();
            System.arraycopy(block, 0, output, done, Math.min(block.length, length - done));
        }
        Arrays.fill(pseudorandomKey, (byte) 0);
        return output;
    }

    /** A key of this format: the info is {@link #CONTEXT} and {@code label} in ASCII. */
    public static SecretKey key(SecretKey secret, byte[] salt, String label) {
        return SecretKey.copyOf(derive(secret.array(), salt, info(label), SecretKey.LENGTH));
    }

    /** {@link #CONTEXT} and {@code label} in ASCII. */
    public static byte[] info(String label) {
        return (CONTEXT + label).getBytes(StandardCharsets.US_ASCII);
    }
}
