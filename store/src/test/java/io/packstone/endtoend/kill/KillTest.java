package io.packstone.endtoend.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.endtoend.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A hundred processes that take a snapshot are killed, in every stage. After each: nothing acknowledged is lost, the check
 * finds nothing wrong, the next snapshot stores nothing twice and is restored to the last bit.
 */
final class KillTest {
    private static final int AT_ONCE = 2;

    @Test
    void aHundredKills() throws Exception {
        kill(Long.getLong("packstone.seed", 20), 100);
    }

    @Test
    @Tag("soak")
    void aThousandKills() throws Exception {
        kill(Long.getLong("packstone.seed", 21), 1000);
    }

    /** Several repositories at once, each with a life of its own. */
    private static void kill(long seed, int kills) throws IOException, InterruptedException {
        Map<Stage, Integer> killed = new EnumMap<>(Stage.class);
        Arrays.stream(Stage.values()).forEach(stage -> killed.put(stage, 0));
        ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE);
        try (Scratch scratch = new Scratch()) {
            List<Future<List<Stage>>> lives = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                HardLife life =
                        new HardLife(Files.createDirectory(scratch.path().resolve("life" + i)), seed + i * 1000L);
                lives.add(executor.submit(() -> life.live(kills / AT_ONCE)));
            }
            for (Future<List<Stage>> life : lives) {
                life.get().forEach(stage -> killed.merge(stage, 1, Integer::sum));
            }
        } catch (ExecutionException e) {
            throw new AssertionError("to repeat: -Dpackstone.seed=" + seed, e.getCause());
        } finally {
            executor.shutdownNow();
        }
        System.out.println("seed " + seed + ", kills by stage: " + killed);
        assertEquals(kills, killed.values().stream().mapToInt(Integer::intValue).sum());
        killed.forEach((stage, count) -> assertTrue(count > 0, "nobody was killed in stage " + stage));
    }
}
