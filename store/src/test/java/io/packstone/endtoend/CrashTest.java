package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.local.LocalBackend;
import io.packstone.backup.BackupReport;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.Secret;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.testkit.FaultyBackend;
import io.packstone.testkit.FaultyBackend.Fault;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A crash before every changing call of a snapshot: nothing acknowledged is lost, and the next run needs no repair. */
final class CrashTest {
    static final InitOptions CHEAP = InitOptions.defaults().withKeyCost(KeyCost.TEST);

    private Scratch scratch;
    private Path folder;

    @BeforeEach
    void open() throws IOException {
        scratch = new Scratch();
        folder = scratch.path();
    }

    @AfterEach
    void clear() throws IOException {
        scratch.close();
    }

    @Test
    void aCrashAtAnyStepLeavesARepositoryThatWorks() throws IOException {
        boolean crashed = true;
        int steps = 0;
        for (int step = 1; crashed; step++) {
            Workplace place = new Workplace(Files.createDirectory(folder.resolve("at" + step)));
            place.fill(step, 12, 50_000);
            place.init();
            FailingBackend backend = new FailingBackend(new LocalBackend(place.repository), step);
            try (Repository opened = Workplace.openPlainly(backend)) {
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
        try (Repository opened = Workplace.openPlainly(new LocalBackend(place.repository))) {
            int before = opened.loadIndex().snapshots().list().snapshots().size();
            place.snapshot(opened);
            assertEquals(before + 1, opened.snapshots().list().snapshots().size());
        }
        try (Repository opened = Workplace.openPlainly(new LocalBackend(place.repository))) {
            Path target = place.restore(opened.loadIndex(), Workplace.newest(opened));
            assertEquals(Workplace.describe(place.source), Workplace.describe(target));
            assertEquals(List.of(), Workplace.check(opened));
        }
    }

    /** Nothing of it stands in the way of the next one, which leaves nothing of it behind. */
    @Test
    void aKilledInitIsDoneAgain() throws IOException {
        boolean crashed = true;
        for (int step = 1; crashed; step++) {
            for (Fault fault : new Fault[] {Fault.CRASH_BEFORE, Fault.CRASH_AFTER}) {
                MemoryBackend stored = new MemoryBackend();
                FaultyBackend faulty = new FaultyBackend(stored);
                faulty.arm(fault, step, FaultyBackend.CHANGES);
                try {
                    Repository.init(faulty, CHEAP, Workplace.SECRET, Clock.systemUTC());
                    crashed = false;
                } catch (RepositoryException e) {
                    assertEquals(ErrorKind.BACKEND, e.kind(), String.valueOf(e.getMessage()));
                    crashed = true;
                }
                if (!Repository.exists(stored)) {
                    Repository.init(stored, CHEAP, Workplace.SECRET, Clock.systemUTC());
                }
                Workplace place = new Workplace(Files.createDirectory(folder.resolve("init" + step + fault)));
                place.fill(step, 3, 500);
                try (Repository opened = Workplace.openPlainly(stored)) {
                    place.snapshot(opened);
                    assertEquals(List.of(), Workplace.check(opened));
                }
            }
            assertTrue(step < 10);
        }
    }

    @Test
    void ofTwoInitsAtOnceOneLeavesNothing() throws IOException {
        MemoryBackend stored = new MemoryBackend();
        MemoryBackend first = new MemoryBackend();
        Repository.init(first, CHEAP, Workplace.SECRET, Clock.systemUTC());
        FaultyBackend late = new FaultyBackend(stored) {
            @Override
            public boolean putIfAbsent(String name, byte[] bytes) throws IOException {
                first.stored().forEach(stored.stored()::putIfAbsent);
                return super.putIfAbsent(name, bytes);
            }
        };
        RepositoryException refused = assertThrows(
                RepositoryException.class,
                () -> Repository.init(late, CHEAP, Secret.Password.of("other"), Clock.systemUTC()));
        assertEquals(ErrorKind.OCCUPIED, refused.kind());
        assertEquals(first.stored().keySet(), stored.stored().keySet());
    }

    /** Its key slots are all that opens it once the config is written again: a new repository must not take its place. */
    @Test
    void whereARepositoryLostItsConfigNoOtherIsMade() throws IOException {
        MemoryBackend stored = new MemoryBackend();
        Repository.init(stored, CHEAP, Workplace.SECRET, Clock.systemUTC());
        Workplace place = new Workplace(folder);
        place.fill(1, 3, 500);
        try (Repository opened = Workplace.openPlainly(stored)) {
            place.snapshot(opened);
        }
        stored.stored().keySet().removeIf(name -> name.startsWith("config/"));
        Set<String> left = Set.copyOf(stored.stored().keySet());
        RepositoryException refused = assertThrows(
                RepositoryException.class, () -> Repository.init(stored, CHEAP, Workplace.SECRET, Clock.systemUTC()));
        assertEquals(ErrorKind.OCCUPIED, refused.kind());
        assertEquals(left, stored.stored().keySet());
    }

    @Test
    void afterACrashNothingStoredIsUploadedAgain() throws IOException {
        Workplace place = new Workplace(folder);
        place.fill(5, 60, 300_000);
        place.init();
        for (String where : List.of("index/", "snapshots/")) {
            try (Repository opened =
                    Workplace.openPlainly(new FailingBackend(new LocalBackend(place.repository), where))) {
                assertThrows(StoreException.class, () -> place.snapshot(opened));
            }
        }
        BackupReport report = place.snapshot();
        assertEquals(0, report.bytesNew(), report.toString());
        assertEquals(60, report.filesNew() - 7, report.toString());
        try (Repository fresh = Workplace.openPlainly(new LocalBackend(place.repository))) {
            Path target = place.restore(fresh.loadIndex(), Workplace.newest(fresh));
            assertEquals(Workplace.describe(place.source), Workplace.describe(target));
        }
    }
}
