package io.packstone.crypto;

import java.security.SecureRandom;

/** Where random bytes come from; tests put a seeded one in its place. Thread-safe. */
public interface Randomness {
    /** Fills {@code target}. */
    void fill(byte[] target);

    /** The operating system's, through {@link SecureRandom}. */
    static Randomness secure() {
        return new SecureRandom()::nextBytes;
    }
}
