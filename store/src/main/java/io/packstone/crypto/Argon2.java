package io.packstone.crypto;

import io.packstone.error.ErrorKind;
import io.packstone.error.LimitExceededException;
import io.packstone.error.RepositoryException;
import java.io.IOException;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id version 1.3 (RFC 9106), by BouncyCastle; its memory is taken from the heap. */
public final class Argon2 {
    private static final int MEMORY_KIB_MAX = 4 << 20;
    private static final int ITERATIONS_MAX = 64;
    private static final int PARALLELISM_MAX = 16;

    private Argon2() {}

    /**
     * Derives {@code length} bytes.
     *
     * @param name the key slot, for errors
     * @throws LimitExceededException when a slot asks for more than any honest one would; nothing is allocated then
     * @throws RepositoryException when this JVM's heap is too small for the memory asked for
     */
    public static byte[] derive(
            byte[] password, byte[] salt, int memoryKiB, int iterations, int parallelism, int length, String name)
            throws IOException {
        limit(name, "Argon2 memory in KiB", memoryKiB, 8, MEMORY_KIB_MAX);
        limit(name, "Argon2 iterations", iterations, 1, ITERATIONS_MAX);
        limit(name, "Argon2 parallelism", parallelism, 1, PARALLELISM_MAX);
        limit(name, "Argon2 work", (long) memoryKiB * iterations, 1, 16L << 20);
        if (memoryKiB * 1024L > Runtime.getRuntime().maxMemory() * 3 / 4) {
            throw new RepositoryException(
                    ErrorKind.LIMIT,
                    name,
                    name + " needs " + memoryKiB / 1024 + " MiB of memory to open, more than this program was given; "
                            + "set PACKSTONE_JAVA_OPTS=-Xmx" + (memoryKiB / 512 + 256) + "m and try again");
        }
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withSalt(salt)
                .withMemoryAsKB(memoryKiB)
                .withIterations(iterations)
                .withParallelism(parallelism)
                .build());
        byte[] output = new byte[length];
        generator.generateBytes(password, output);
        return output;
    }

    private static void limit(String name, String which, long value, long min, long max) throws LimitExceededException {
        if (value < min || value > max) {
            throw new LimitExceededException(name, which, value, max);
        }
    }
}
