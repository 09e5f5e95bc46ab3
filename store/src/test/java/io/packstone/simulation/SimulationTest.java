package io.packstone.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.packstone.repository.Flaw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SimulationTest {
    private static final String SEED = "packstone.seed";
    private static final int FOUND_WITHIN = 5_000;

    private static World world;
    private static ExecutorService threads;

    /** Not in the system's temporary folder: its time of change would be in every snapshot, and no run like another. */
    private static Path place;

    @BeforeAll
    static void makeWorld() throws IOException {
        place = Files.createTempDirectory(Path.of("target").toRealPath(), "simulation");
        world = new World(place);
        threads = Executors.newCachedThreadPool();
    }

    @AfterAll
    static void stop() throws IOException {
        threads.shutdownNow();
        try (java.util.stream.Stream<Path> files = Files.walk(place)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void nothingIsLost() throws InterruptedException {
        assertNull(failure(Flaw.NONE, Integer.getInteger("packstone.simulations", 10_000)));
    }

    @Test
    @Tag("soak")
    void nothingIsLostInAMillion() throws InterruptedException {
        assertNull(failure(Flaw.NONE, Integer.getInteger("packstone.simulations", 1_000_000)));
    }

    @ParameterizedTest
    @EnumSource(value = Flaw.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyKnownMistakeIsFound(Flaw flaw) throws InterruptedException {
        assertNotNull(failure(flaw, FOUND_WITHIN), flaw + " was not found");
    }

    @Test
    void aSeedGivesTheSameStepsAgain() throws IOException, InterruptedException {
        for (long seed = 0; seed < 50; seed++) {
            Simulation first = new Simulation(world, Flaw.NONE, seed);
            first.run(threads);
            Simulation second = new Simulation(world, Flaw.NONE, seed);
            second.run(threads);
            assertEquals(first.trace(), second.trace(), "seed " + seed);
        }
    }

    /** What goes wrong with one of {@code count} seeds, with the steps that lead there; null when nothing does. */
    private static @Nullable String failure(Flaw flaw, int count) throws InterruptedException {
        long first = Long.getLong(SEED, 0);
        AtomicLong seeds = new AtomicLong(first);
        AtomicReference<@Nullable String> found = new AtomicReference<>();
        List<Future<?>> searches = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            searches.add(threads.submit(() -> {
                for (long seed = seeds.getAndIncrement();
                        seed < first + count && found.get() == null;
                        seed = seeds.getAndIncrement()) {
                    String wrong = wrong(flaw, seed);
                    if (!wrong.isEmpty()) {
                        found.compareAndSet(null, wrong);
                    }
                }
                return null;
            }));
        }
        for (Future<?> search : searches) {
            try {
                search.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
        return found.get();
    }

    /** A flawed actor may also fail, which is no finding; one without flaws may not. Empty when all is well. */
    private static String wrong(Flaw flaw, long seed) throws IOException, InterruptedException {
        Simulation simulation = new Simulation(world, flaw, seed);
        simulation.run(threads);
        String wrong = simulation.loss() + (flaw == Flaw.NONE ? simulation.failures() : "");
        return wrong.isEmpty()
                ? ""
                : "seed " + seed + ": " + wrong + "\nThe same again: mvn -B -pl store test -Dtest=SimulationTest -D"
                        + SEED + "=" + seed + " -Dpackstone.simulations=1\n" + String.join("\n", simulation.trace());
    }
}
