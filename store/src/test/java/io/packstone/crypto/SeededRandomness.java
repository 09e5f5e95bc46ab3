package io.packstone.crypto;

import java.util.Random;

/** Bytes of a seeded generator: the same in each run. */
final class SeededRandomness implements Randomness {
    private final Random random;

    SeededRandomness(long seed) {
        random = new Random(seed);
    }

    @Override
    public synchronized void fill(byte[] target) {
        random.nextBytes(target);
    }
}
