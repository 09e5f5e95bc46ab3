package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.local.LocalBackend;
import io.packstone.backup.BackupReport;
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
            assertEquals(before + 1, opened.snapshots().list().snapshots().size());
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
        for (String where : List.of("index/", "snapshots/")) {
            try (Repository opened = Workplace.open(new FailingBackend(new LocalBackend(place.repository), where))) {
                assertThrows(StoreException.class, () -> place.snapshot(opened));
            }
        }
        BackupReport report = place.snapshot();
        assertEquals(0, report.bytesNew(), report.toString());
        assertEquals(60, report.filesNew() - 7, report.toString());
    }
}
