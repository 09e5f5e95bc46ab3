package io.packstone.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.repository.Flaw;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SimulationTest {
    @TempDir
    static Path place;

    private static World world;
    private static ExecutorService threads;

    @BeforeAll
    static void makeWorld() throws IOException {
        world = new World(place.toRealPath());
        threads = Executors.newCachedThreadPool();
    }

    @AfterAll
    static void stop() {
        threads.shutdownNow();
    }

    @Test
    void nothingIsLost() throws IOException, InterruptedException {
        long n = Long.getLong("seeds", 200);
        long from = Long.getLong("from", 0);
        long t = System.nanoTime();
        for (long seed = from; seed < from + n; seed++) {
            assertEquals("", new Simulation(world, Flaw.NONE, seed).run(threads), "seed " + seed);
        }
        System.out.println(n + " seeds " + (System.nanoTime() - t) / 1e9);
    }

    @ParameterizedTest
    @EnumSource(value = Flaw.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyKnownMistakeIsFound(Flaw flaw) throws IOException, InterruptedException {
        long seed = 0;
        String lost = "";
        while (!lost.contains("lost") && seed < Long.getLong("flawseeds", 300)) {
            lost = new Simulation(world, flaw, seed++).run(threads);
        }
        System.out.println(flaw + " " + seed + " " + lost.lines().findFirst().orElse("NOT FOUND"));
        assertTrue(lost.contains("lost"), flaw + " was not found");
    }
}
