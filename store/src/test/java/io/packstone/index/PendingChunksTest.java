package io.packstone.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.id.ChunkId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PendingChunksTest {
    /** Ids that differ in few bits, so that probing meets clusters. */
    private static ChunkId crowded(int number) {
        byte[] bytes = new byte[ChunkId.LENGTH];
        bytes[number % 5 * 7] = (byte) (number >>> 8);
        bytes[ChunkId.LENGTH - 1] = (byte) number;
        return ChunkId.of(bytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void agreesWithASet(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        PendingChunks pending = new PendingChunks();
        Set<ChunkId> model = new HashSet<>();
        int range = 50 + random.nextInt(8000);
        for (int step = 0; step < 100_000; step++) {
            ChunkId id = crowded(random.nextInt(range));
            boolean removing = random.nextInt(100) < (step / 20_000 % 2 == 0 ? 30 : 70);
            if (removing) {
                model.remove(id);
                pending.remove(id);
                assertFalse(pending.contains(id));
            } else {
                assertEquals(model.add(id), pending.claim(id), () -> "claiming " + id);
            }
            assertEquals(model.size(), pending.count());
        }
        for (int number = 0; number < range; number++) {
            assertEquals(model.contains(crowded(number)), pending.contains(crowded(number)));
        }
        pending.clear();
        assertEquals(0, pending.count());
        assertTrue(pending.claim(crowded(1)));
    }

    @Test
    void theIdOfZerosIsAnIdLikeAnyOther() {
        PendingChunks pending = new PendingChunks();
        ChunkId zeros = ChunkId.of(new byte[ChunkId.LENGTH]);
        assertFalse(pending.contains(zeros));
        assertTrue(pending.claim(zeros));
        assertFalse(pending.claim(zeros));
        assertEquals(1, pending.count());
        pending.remove(zeros);
        assertTrue(pending.claim(zeros));
    }

    @Test
    void ofManyThreadsOneClaimsEachChunk() throws Exception {
        PendingChunks pending = new PendingChunks();
        int threadCount = 4;
        int chunkCount = 50_000;
        List<Callable<Integer>> claimers = new ArrayList<>();
        for (int thread = 0; thread < threadCount; thread++) {
            int start = thread * 1237;
            claimers.add(() -> {
                int claimed = 0;
                byte[] bytes = new byte[ChunkId.LENGTH];
                for (int i = 0; i < chunkCount; i++) {
                    new SplittableRandom((start + i) % chunkCount).nextBytes(bytes);
                    claimed += pending.claim(ChunkId.of(bytes)) ? 1 : 0;
                }
                return claimed;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(threadCount);
        try {
            int claimed = 0;
            for (Future<Integer> result : threads.invokeAll(claimers)) {
                claimed += result.get();
            }
            assertEquals(chunkCount, claimed);
            assertEquals(chunkCount, pending.count());
        } finally {
            threads.shutdownNow();
        }
    }
}
