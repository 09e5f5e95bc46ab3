package io.packstone.repository.objects;

import io.packstone.backend.Backend;
import io.packstone.crypto.Hmac;
import io.packstone.id.ObjectHash;
import java.io.IOException;
import java.security.MessageDigest;

/** Reads objects of any length through, in slices, and computes their SHA-256. For one thread. */
public final class ObjectReader {
    private static final int SLICE_LENGTH = 1 << 20;

    private final Backend backend;
    private final byte[] slice = new byte[SLICE_LENGTH];
    private final MessageDigest digest = Hmac.sha256();

    /** Reads from {@code backend}. */
    public ObjectReader(Backend backend) {
        this.backend = backend;
    }

    /** Takes slices in order. */
    @FunctionalInterface
    public interface Sink {
        /** Takes nothing. */
        Sink NONE = (bytes, length) -> {};

        /** {@code bytes} is borrowed; the first {@code length} of it count. */
        void take(byte[] bytes, int length) throws IOException;
    }

    /**
     * Reads {@code length} bytes from an object's start.
     *
     * @throws io.packstone.error.CorruptionException when the object is shorter
     */
    public ObjectHash read(String name, long length, Sink sink) throws IOException {
        digest.reset();
        for (long at = 0; at < length; at += SLICE_LENGTH) {
            int count = (int) Math.min(SLICE_LENGTH, length - at);
            backend.read(name, at, slice, 0, count);
            digest.update(slice, 0, count);
            sink.take(slice, count);
        }
        return ObjectHash.of(digest.digest());
    }
}
