package io.packstone.crypto;

/** The keyed digest of a manifest entry's key, which decides where nodes end. For one thread. */
public final class BoundaryHash {
    private final Hmac hmac;

    /** Under a repository's boundary key. */
    public BoundaryHash(SecretKey boundaryKey) {
        hmac = new Hmac(boundaryKey);
    }

    /** Writes the 32 bytes of the digest of {@code length} bytes of {@code key} to {@code target}. */
    public void digest(byte[] key, int offset, int length, byte[] target) {
        hmac.update(key, offset, length);
        hmac.finish(target, 0);
    }
}
