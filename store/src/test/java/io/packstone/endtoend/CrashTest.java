package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.local.LocalBackend;
import io.packstone.error.StoreException;
import io.packstone.maintenance.Check;
import io.packstone.maintenance.CheckOptions;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crash before every changing call of a snapshot: nothing acknowledged is lost, and the next run needs no repair. */
final class CrashTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void aCrashAtAnyStepLeavesARepositoryThatWorks() throws IOException {
        boolean crashed = true;
        int steps = 0;
        for (int step = 1; crashed; step++) {
            Workplace place = new Workplace(java.nio.file.Files.createDirectory(folder.resolve("at" + step)));
            place.fill(step, 12, 50_000);
            place.init();
            FailingBackend backend = new FailingBackend(new LocalBackend(place.repository), step);
            try (Repository opened = Workplace.open(backend)) {
                place.snapshot(opened);
                crashed = backend.reached();
            } catch (StoreException e) {
                assertTrue(backend.reached(), "crash at step " + step + " told as " + e);
            }
            afterwards(place);
            steps = step;
        }
        assertTrue(steps > 10, "only " + steps + " steps were seen");
    }

    private static void afterwards(Workplace place) throws IOException {
        try (Repository opened = place.open()) {
            int before = opened.loadIndex().snapshots().list().snapshots().size();
            place.snapshot(opened);
            assertEquals(
                    before + 1, opened.snapshots().list().snapshots().size());
            Path target = place.restore(opened, Workplace.newest(opened));
            assertEquals(Workplace.describe(place.source), Workplace.describe(target));
            assertEquals(
                    List.of(),
                    new Check(opened)
                            .run(CheckOptions.ALL_DATA, ProgressListener.NONE).errors().stream()
                                    .filter(damage -> !damage.message().contains("two copies"))
                                    .toList());
        }
    }

    @Test
    void afterACrashNothingStoredIsUploadedAgain() throws IOException {
        Workplace place = new Workplace(folder);
        place.fill(5, 60, 300_000);
        place.init();
        place.snapshot();
        long whole = size(place);
        Workplace again = new Workplace(java.nio.file.Files.createDirectory(folder.resolve("again")));
        again.fill(5, 60, 300_000);
        again.init();
        int claim = 0;
        try (Repository opened = Workplace.open(new FailingBackend(new LocalBackend(again.repository), 1 << 30))) {
            assertEquals(0, opened.snapshots().list().snapshots().size());
        }
        for (int step = 2; claim == 0; step++) {
            FailingBackend backend = new FailingBackend(new LocalBackend(again.repository), 40 + step);
            try (Repository opened = Workplace.open(backend)) {
                assertThrows(StoreException.class, () -> again.snapshot(opened));
            }
            claim = step;
        }
        again.snapshot();
        assertTrue(size(again) < whole * 2, "stored " + size(again) + " bytes instead of " + whole);
    }

    private static long size(Workplace place) throws IOException {
        long[] size = new long[1];
        try (LocalBackend backend = new LocalBackend(place.repository)) {
            backend.list("packs/", (name, length) -> size[0] += length);
        }
        return size[0];
    }
}
