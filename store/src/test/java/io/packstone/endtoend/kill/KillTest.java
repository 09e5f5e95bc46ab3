package io.packstone.endtoend.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.endtoend.Scratch;
import io.packstone.testkit.FastJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Processes are killed in every stage of what they do; what has to be true after each, the lives say. */
final class KillTest {
    private static final int AT_ONCE = 2;

    /** With fewer kills than that a stage, it is no wonder that one has none. */
    private static final int KILLS_OF_A_STAGE = 9;

    /** How a life is made. */
    private interface Birth {
        HardLife begin(FastJvm jvm, Path folder, long seed) throws IOException;
    }

    private static Scratch scratch;
    private static FastJvm jvm;

    @BeforeAll
    static void prepare() throws IOException {
        scratch = new Scratch();
        jvm = new FastJvm(Files.createDirectory(scratch.path().resolve("jvm")));
    }

    @AfterAll
    static void clear() throws IOException {
        scratch.close();
    }

    @Test
    void aHundredSnapshotsAreKilled() throws Exception {
        kill(SnapshotLife::new, Stage.SNAPSHOT, 20, 100);
    }

    @Test
    void twentySnapshotsWithPartialOnesAreKilled() throws Exception {
        kill(CheckpointLife::new, Stage.SNAPSHOT, 25, 20);
    }

    @Test
    void sixPrunesAreKilled() throws Exception {
        kill(PruneLife::new, Stage.PRUNE, 30, 6);
    }

    @Test
    void sixRepairsAreKilled() throws Exception {
        kill(RepairLife::new, Stage.REPAIR, 40, 6);
    }

    @Test
    void sixChangesOfKeysAreKilled() throws Exception {
        kill(KeyLife::new, Stage.KEYS, 50, 6);
    }

    @Test
    void tenImportsAndExportsAreKilled() throws Exception {
        kill(BundleLife::new, Stage.SNAPSHOT, 60, 10);
    }

    @Test
    @Tag("soak")
    void fiveHundredImportsAndExportsAreKilled() throws Exception {
        kill(BundleLife::new, Stage.SNAPSHOT, 61, Integer.getInteger("packstone.kills", 500));
    }

    @Test
    @Tag("soak")
    void aThousandSnapshotsAreKilled() throws Exception {
        kill(SnapshotLife::new, Stage.SNAPSHOT, 21, Integer.getInteger("packstone.kills", 1000));
    }

    @Test
    @Tag("soak")
    void fiveHundredSnapshotsWithPartialOnesAreKilled() throws Exception {
        kill(CheckpointLife::new, Stage.SNAPSHOT, 26, Integer.getInteger("packstone.kills", 500));
    }

    @Test
    @Tag("soak")
    void fiveHundredPrunesAreKilled() throws Exception {
        kill(PruneLife::new, Stage.PRUNE, 31, Integer.getInteger("packstone.kills", 500));
    }

    @Test
    @Tag("soak")
    void fiveHundredRepairsAreKilled() throws Exception {
        kill(RepairLife::new, Stage.REPAIR, 41, Integer.getInteger("packstone.kills", 500));
    }

    @Test
    @Tag("soak")
    void fiveHundredChangesOfKeysAreKilled() throws Exception {
        kill(KeyLife::new, Stage.KEYS, 51, Integer.getInteger("packstone.kills", 500));
    }

    /** Several repositories at once, each with a life of its own. */
    private static void kill(Birth birth, Set<Stage> stages, long usualSeed, int kills)
            throws IOException, InterruptedException {
        long seed = Long.getLong("packstone.seed", usualSeed);
        long begun = System.nanoTime();
        Map<Stage, Integer> killed = new EnumMap<>(Stage.class);
        stages.forEach(stage -> killed.put(stage, 0));
        List<HardLife> lives = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            lives.add(birth.begin(jvm, Files.createTempDirectory(scratch.path(), "life"), seed + i * 1000L));
        }
        try {
            live(lives, kills / AT_ONCE).forEach(stage -> killed.merge(stage, 1, Integer::sum));
        } catch (ExecutionException e) {
            throw new AssertionError("to repeat: -Dpackstone.seed=" + seed, e.getCause());
        }
        System.out.printf(
                "seed %d, %.0f seconds, kills by stage: %s%n", seed, (System.nanoTime() - begun) / 1e9, killed);
        assertEquals(kills, killed.values().stream().mapToInt(Integer::intValue).sum());
        if (kills >= KILLS_OF_A_STAGE * stages.size()) {
            killed.forEach((stage, count) -> assertTrue(count > 0, "nobody was killed in stage " + stage));
        }
    }

    /** The stages in which processes were killed. Nobody lives any more when this returns. */
    private static List<Stage> live(List<HardLife> lives, int kills) throws InterruptedException, ExecutionException {
        ExecutorService executor = Executors.newFixedThreadPool(lives.size());
        try {
            List<Future<List<Stage>>> ends = new ArrayList<>();
            lives.forEach(life -> ends.add(executor.submit(() -> life.live(kills))));
            List<Stage> killed = new ArrayList<>();
            for (Future<List<Stage>> end : ends) {
                killed.addAll(end.get());
            }
            return killed;
        } finally {
            executor.shutdownNow();
            executor.awaitTermination(1, TimeUnit.MINUTES);
        }
    }
}
