package io.packstone.chunker;

import io.packstone.bytes.LittleEndian;
import io.packstone.crypto.SecretKey;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** 256 secret words, one for each byte value: the start of the AES-256-CTR key stream under the gear secret. */
public final class GearTable {
    private final long[] words;

    private GearTable(long[] words) {
        this.words = words;
    }

    /** Derives the table: 2,048 bytes of key stream from a zero counter block, as little-endian words. */
    public static GearTable of(SecretKey gear) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE, new SecretKeySpec(gear.toBytes(), "AES"), new IvParameterSpec(new byte[16]));
            byte[] stream = cipher.doFinal(new byte[2048]);
            long[] words = new long[256];
            for (int i = 0; i < words.length; i++) {
                words[i] = LittleEndian.getLong(stream, 8 * i);
            }
            return new GearTable(words);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-CTR", e);
        }
    }

    long[] words() {
        return words;
    }
}
