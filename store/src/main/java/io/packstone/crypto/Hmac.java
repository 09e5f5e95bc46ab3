package io.packstone.crypto;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * HMAC-SHA-256 (RFC 2104) under one key, reused from message to message. For one thread.
 *
 * <p>Cost: Corretto's SHA-256 runs 1.8 GB/s a core from the first megabyte. The JDK's gets as fast only when the second
 * compiler has seen to it, so it takes the first few messages alone (docs/bench.md).
 */
public final class Hmac {
    /** The length of a result, in bytes. */
    public static final int LENGTH = 32;

    private final ProviderSwitch change = ProviderSwitch.fromAtHand();
    private Mac mac = CryptoProvider.hmacSha256(CryptoProvider.atHand());
    private @Nullable SecretKeySpec key;
    private long length;

    /** Under {@code key}. */
    public Hmac(SecretKey key) {
        this(key.array());
    }

    Hmac(byte[] key) {
        rekey(key, 0, key.length);
    }

    /** Has no key yet: {@link #rekey} comes first. */
    Hmac() {}

    /** Begins a message under another key: {@code length} bytes (copied), at least one. */
    void rekey(byte[] key, int offset, int length) {
        this.key = new SecretKeySpec(key, offset, length, "HmacSHA256");
        init();
    }

    private void init() {
        try {
            mac.init(key);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("HMAC-SHA-256 refused a key", e);
        }
    }

    /** After a message: the next one may be another provider's. */
    private void next() {
        if (change.isDue(length)) {
            mac = CryptoProvider.hmacSha256(CryptoProvider.provider());
            init();
        }
        length = 0;
    }

    /** Appends to the message. */
    public Hmac update(byte[] bytes) {
        return update(bytes, 0, bytes.length);
    }

    /** Appends {@code length} bytes from {@code offset} to the message. */
    public Hmac update(byte[] bytes, int offset, int length) {
        mac.update(bytes, offset, length);
        this.length += length;
        return this;
    }

    /** Ends the message: a fresh array of {@link #LENGTH} bytes; the next message may begin. */
    public byte[] finish() {
        byte[] result = mac.doFinal();
        next();
        return result;
    }

    /** Ends the message and writes the result at {@code offset} of {@code target}. */
    public void finish(byte[] target, int offset) {
        try {
            mac.doFinal(target, offset);
            next();
        } catch (ShortBufferException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The HMAC of one whole message. */
    public static byte[] of(SecretKey key, byte[]... parts) {
        Hmac hmac = new Hmac(key);
        for (byte[] part : parts) {
            hmac.update(part);
        }
        return hmac.finish();
    }

    /** True when both are equal, in a time that does not depend on where they differ. */
    public static boolean equal(byte[] a, byte[] b) {
        return MessageDigest.isEqual(a, b);
    }

    /** The SHA-256 of {@code bytes}. */
    public static byte[] sha256(byte[] bytes, int offset, int length) {
        MessageDigest digest = ProviderSwitch.isLong(length) ? sha256() : sha256AtHand();
        digest.update(bytes, offset, length);
        return digest.digest();
    }

    /** A fresh SHA-256, for bytes that come in pieces and may be few: the fast one where that has been loaded. */
    public static MessageDigest sha256AtHand() {
        return CryptoProvider.sha256(CryptoProvider.atHand());
    }

    /** A fresh SHA-256, for many bytes that come in pieces. */
    public static MessageDigest sha256() {
        return CryptoProvider.sha256(CryptoProvider.provider());
    }
}
