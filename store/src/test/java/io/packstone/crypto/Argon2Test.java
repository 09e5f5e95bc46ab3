package io.packstone.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.packstone.error.ErrorKind;
import io.packstone.error.LimitExceededException;
import io.packstone.error.RepositoryException;
import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.Test;

class Argon2Test {
    /** From the reference implementation's test.c, version 0x13, Argon2id. */
    @Test
    void vectorsOfTheReferenceImplementation() throws IOException {
        check("password", "somesalt", 256, 2, 1, "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe");
        check("password", "somesalt", 256, 2, 2, "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037");
        check("password", "somesalt", 65536, 2, 1, "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
    }

    /** RFC 9106, section 5.3: with a secret and associated data, which we do not use, hence straight to the library. */
    @Test
    void vectorOfTheStandard() {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(32)
                .withIterations(3)
                .withParallelism(4)
                .withSalt(filled(16, 2))
                .withSecret(filled(8, 3))
                .withAdditional(filled(12, 4))
                .build());
        byte[] tag = new byte[32];
        generator.generateBytes(filled(32, 1), tag);
        assertEquals("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659", Hex.of(tag));
    }

    @Test
    void hostileCostsAreRefusedBeforeAnythingIsAllocated() {
        int[][] costs = {
            {(4 << 20) + 1, 1, 1},
            {Integer.MAX_VALUE, 1, 1},
            {-1, 1, 1},
            {7, 1, 1},
            {0, 1, 1},
            {1024, 0, 1},
            {1024, -1, 1},
            {1024, 65, 1},
            {1024, 1, 0},
            {1024, 1, 17},
            {1024, 1, 255},
            {4 << 20, 64, 4}
        };
        for (int[] cost : costs) {
            long start = System.nanoTime();
            LimitExceededException refused = assertThrows(
                    LimitExceededException.class,
                    () -> Argon2.derive(new byte[1], new byte[32], cost[0], cost[1], cost[2], 64, "keys/ab"),
                    Arrays.toString(cost));
            assertTrue(refused.getMessage().contains("keys/ab"), refused.getMessage());
            assertTrue(System.nanoTime() - start < 2_000_000_000L, "refusing took too long");
        }
    }

    @Test
    void moreMemoryThanTheHeapIsAClearError() {
        long heapKiB = Runtime.getRuntime().maxMemory() >> 10;
        assumeTrue(heapKiB < 4 << 20, "this test's own heap is too large");
        RepositoryException refused = assertThrows(
                RepositoryException.class,
                () -> Argon2.derive(new byte[1], new byte[32], (int) heapKiB, 1, 1, 64, "keys/ab"));
        assertEquals(ErrorKind.LIMIT, refused.kind());
        assertTrue(refused.getMessage().contains("-Xmx"), refused.getMessage());
    }

    private static void check(String password, String salt, int memoryKiB, int passes, int lanes, String expected)
            throws IOException {
        byte[] tag =
                Argon2.derive(password.getBytes(US_ASCII), salt.getBytes(US_ASCII), memoryKiB, passes, lanes, 32, "x");
        assertEquals(expected, Hex.of(tag));
    }

    private static byte[] filled(int count, int value) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
