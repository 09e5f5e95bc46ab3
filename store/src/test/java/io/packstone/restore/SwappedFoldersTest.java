package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.error.RepositoryException;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * While a restore works in a target, somebody else puts links to a folder outside in the place of its folders, and takes
 * them away again, as fast as that goes: nothing outside is written, made, deleted, or given another mode or owner.
 */
class SwappedFoldersTest {
    private static final String[] NAMES = {"a", "b", "c", "d"};
    private static final int RESTORES_MIN = 6;

    private Path place;
    private Path asides;
    private RestoreFixture fixture;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong swaps = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();

    /** In memory where that goes: to force a disk while somebody renames without end takes seconds. */
    @BeforeEach
    void makeFixture() throws IOException {
        Path memory = Path.of("/dev/shm");
        place = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "packstone-test")
                : Files.createTempDirectory("packstone-test");
        asides = Files.createDirectory(place.resolve("asides"));
        fixture = new RestoreFixture(place);
    }

    @AfterEach
    void deleteAll() throws Exception {
        fixture.close();
        new ProcessBuilder("rm", "-rf", place.toString()).start().waitFor();
    }

    @Test
    void fourSecondsOfSwapping() throws Exception {
        swapWhileRestoring(4);
    }

    @Test
    @Tag("soak")
    void aMinuteOfSwapping() throws Exception {
        swapWhileRestoring(60);
    }

    private void swapWhileRestoring(int seconds) throws Exception {
        for (String name : NAMES) {
            for (String inner : NAMES) {
                fixture.file(name + "/" + inner, 3000, name.hashCode() + inner.hashCode());
                fixture.file(name + "/e/" + inner, 3000, inner.hashCode());
                Files.createSymbolicLink(fixture.source.resolve(name + "/link " + inner), Path.of("secret"));
            }
            Files.setAttribute(fixture.source.resolve(name), "unix:mode", 0711);
        }
        StoredSnapshot first = fixture.snapshot();
        change();
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot);
        Canary canary = new Canary(place.resolve("canary"), "a", "b", "c", "d", "e");
        ExecutorService swapper = Executors.newSingleThreadExecutor();
        Future<?> running = swapper.submit(() -> swap(canary.folder));
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        int restores = 0;
        int disturbed = 0;
        try {
            for (; System.nanoTime() < until || restores < RESTORES_MIN; restores++) {
                boolean delete = restores % 4 > 1;
                disturbed += restore(restores % 2 == 0 ? first : snapshot, delete) ? 0 : 1;
                canary.assertUntouched("after " + restores + " restores");
            }
        } finally {
            over.set(true);
            swapper.shutdown();
            assertTrue(swapper.awaitTermination(1, TimeUnit.MINUTES));
        }
        running.get();
        System.out.println("swapped folders: " + restores + " restores, " + disturbed + " of them told of it, " + swaps
                + " swaps");
        assertTrue(swaps.get() > 100, swaps + " swaps");
        fixture.restore(snapshot, options -> options.withDelete(true).withOverwrite(Overwrite.ALWAYS));
        assertEquals(List.of(), RestoreFixture.differences(fixture.source, fixture.target));
        canary.assertUntouched("in the end");
    }

    /** False when it could not restore all, and said so. */
    private boolean restore(StoredSnapshot snapshot, boolean delete) throws IOException {
        try {
            return fixture.restore(
                                    snapshot,
                                    options -> options.withDelete(delete).withOverwrite(Overwrite.ALWAYS))
                            .errors()
                    == 0;
        } catch (RepositoryException e) {
            assertTrue(String.valueOf(e.getMessage()).contains(fixture.target.toString()), e.toString());
            return false;
        }
    }

    /** So that each restore has something to write, to make, to delete and to set. */
    private void change() throws IOException {
        for (String name : NAMES) {
            for (String inner : NAMES) {
                fixture.file(name + "/" + inner, 4000, inner.hashCode());
                fixture.file(name + "/new " + inner, 4000, inner.hashCode());
                Files.setAttribute(fixture.source.resolve(name + "/e/" + inner), "unix:mode", 0640);
                Files.delete(fixture.source.resolve(name + "/link " + inner));
            }
            Files.setAttribute(fixture.source.resolve(name), "unix:mode", 0755);
        }
    }

    private void swap(Path outside) {
        for (int number = 0; !over.get(); number++) {
            Path folder = fixture.target.resolve(NAMES[number % NAMES.length]);
            Path aside = asides.resolve(folder.getFileName() + " " + number);
            attempt(() -> Files.move(folder, aside));
            attempt(() -> {
                Files.createSymbolicLink(folder, outside);
                swaps.incrementAndGet();
            });
            Thread.onSpinWait();
            attempt(() -> {
                if (Files.isSymbolicLink(folder)) {
                    Files.delete(folder);
                }
            });
            // A restore may have made the folder anew meanwhile; then this one stays aside.
            attempt(() -> Files.move(aside, folder));
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void attempt(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            refusals.incrementAndGet();
        }
    }
}
