package io.packstone.crypto;

import java.security.MessageDigest;
import java.util.Arrays;

/** 32 secret bytes. Copies on the way in and out; compares in constant time; has no text form. */
public final class SecretKey {
    /** The length of every key, in bytes. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private SecretKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies exactly {@link #LENGTH} bytes. */
    public static SecretKey copyOf(byte[] bytes) {
        return copyOf(bytes, 0, bytes.length);
    }

    /** Copies {@code length} bytes, which must be {@link #LENGTH}, from {@code offset}. */
    public static SecretKey copyOf(byte[] bytes, int offset, int length) {
        if (length != LENGTH) {
            throw new IllegalArgumentException("a key has " + LENGTH + " bytes, not " + length);
        }
        return new SecretKey(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    /** A fresh random key. */
    public static SecretKey random(Randomness randomness) {
        byte[] bytes = new byte[LENGTH];
        randomness.fill(bytes);
        return new SecretKey(bytes);
    }

    /** A fresh copy of the bytes. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The bytes themselves, for this package only. */
    byte[] array() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecretKey that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "SecretKey";
    }
}
