package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.local.LocalBackend;
import io.packstone.error.StoreException;
import io.packstone.maintenance.Check;
import io.packstone.maintenance.CheckOptions;
import io.packstone.maintenance.CheckReport;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.restore.RestoreReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Flips, cuts and losses on a disk, with the index in a database as the command line has it: each is found, and nothing
 * wrong is ever restored. Every byte and every object in memory: {@link FlipTest}, {@link ObjectFaultTest}.
 */
final class DamageTest {
    /** Every so many bytes of each object one is flipped; a prime, so that all offsets of all fields come up. */
    private static final int STRIDE = 61;

    private Scratch scratch;
    private Workplace place;
    private Map<String, String> wanted;

    @BeforeEach
    void init() throws IOException {
        scratch = new Scratch();
        place = new Workplace(scratch.path());
        place.fill(3, 8, 1500);
        place.init();
        place.snapshot();
        wanted = Workplace.describe(place.source);
    }

    @AfterEach
    void clear() throws IOException {
        scratch.close();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> below = Files.walk(place.repository)) {
            return below.filter(Files::isRegularFile)
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    @Test
    void everyFlippedByteIsFound() throws IOException {
        int cases = 0;
        int shift = 0;
        for (Path file : files()) {
            byte[] whole = Files.readAllBytes(file);
            for (int at = shift++ % STRIDE; at < whole.length; at += STRIDE) {
                byte[] flipped = whole.clone();
                flipped[at] ^= 0x10;
                Files.write(file, flipped);
                assertFound(file + " flipped at " + at);
                cases++;
            }
            Files.write(file, whole);
        }
        assertTrue(cases > 100, "only " + cases + " cases");
    }

    @Test
    void everyCutOrLostObjectIsFound() throws IOException {
        for (Path file : files()) {
            byte[] whole = Files.readAllBytes(file);
            for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
                Files.write(file, java.util.Arrays.copyOf(whole, length));
                assertFound(file + " cut to " + length);
            }
            Files.delete(file);
            assertFound(file + " deleted");
            Files.write(file, whole);
        }
    }

    /** Opening fails, or the check finds it; and what is restored, if anything, is right. */
    private void assertFound(String what) throws IOException {
        Path cache = Files.createTempDirectory(scratch.path(), "cache");
        RepositoryOptions options = RepositoryOptions.defaults().withCacheDirectory(cache);
        try (Repository opened = Repository.open(new LocalBackend(place.repository), Workplace.SECRET, options)) {
            opened.loadIndex();
            CheckReport report = new Check(opened).run(CheckOptions.ALL_DATA, ProgressListener.NONE);
            assertFalse(report.errors().isEmpty(), what + " was not found");
            if (!opened.snapshots().list().snapshots().isEmpty()) {
                Path target = place.newTarget();
                RestoreReport restored = place.restore(opened, Workplace.newest(opened), target);
                if (restored.errors() == 0) {
                    assertEquals(wanted, Workplace.describe(target), what);
                }
            }
        } catch (StoreException e) {
            assertFalse(String.valueOf(e.getMessage()).isEmpty());
        } finally {
            Scratch.delete(cache);
        }
    }
}
