package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.Backend;
import io.packstone.backend.local.LocalBackend;
import io.packstone.backend.local.WatchedDisk;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The disk of the repository is full at the N-th call that needs room, for every N: the snapshot is refused for that
 * reason, nothing is acknowledged or left behind, and the repository works as before, at once and when there is room.
 */
final class NoRoomTest {
    private static final Set<String> NEED_ROOM = Set.of("create", "write", "force", "publish", "mkdir");

    /** A check takes longer with each snapshot: after so many a new repository does as well. */
    private static final int SNAPSHOTS_KEPT = 8;

    private Scratch scratch;
    private Workplace place;

    @BeforeEach
    void make() throws IOException {
        scratch = new Scratch();
        fill();
    }

    private void fill() throws IOException {
        place = new Workplace(Files.createTempDirectory(scratch.path(), "place"));
        place.fill(1, 10, 20_000);
    }

    @AfterEach
    void clear() throws IOException {
        scratch.close();
    }

    /** A disk that has no room from its {@code failing}-th call on, or at that one only. */
    private final class FullDisk {
        private final AtomicInteger calls = new AtomicInteger();
        private final int failing;
        private final boolean stays;

        FullDisk(int failing, boolean stays) {
            this.failing = failing;
            this.stays = stays;
        }

        Backend open() {
            return WatchedDisk.open(place.repository, call -> {
                if (NEED_ROOM.contains(call.split(" ")[0])) {
                    int number = calls.incrementAndGet();
                    if (number == failing || stays && number > failing) {
                        throw new IOException(call + ": No space left on device");
                    }
                }
            });
        }

        boolean wasFull() {
            return calls.get() >= failing;
        }
    }

    @Test
    void everyCallOfASnapshotMayFindNoRoom() throws IOException {
        place.init();
        place.snapshot();
        Random random = new Random(5);
        int refused = 0;
        for (boolean stays : new boolean[] {true, false}) {
            boolean wasFull = true;
            for (int failing = 1; wasFull; failing++) {
                if (failing % SNAPSHOTS_KEPT == 0) {
                    fill();
                    place.init();
                    place.snapshot();
                }
                place.change(random, 3, 20_000);
                FullDisk disk = new FullDisk(failing, stays);
                List<StoredSnapshot> before = listed();
                try (Repository opened = Workplace.openPlainly(disk.open())) {
                    if (runsOut(opened, disk)) {
                        refused++;
                        assertEquals(before, listed());
                        assertWorks(before.get(random.nextInt(before.size())));
                    }
                }
                wasFull = disk.wasFull();
                try (Repository opened = Workplace.openPlainly(new LocalBackend(place.repository))) {
                    place.snapshot(opened);
                    assertEquals(List.of(), check(opened));
                    StoredSnapshot newest = Workplace.newest(opened);
                    Path target = place.restore(opened, newest);
                    assertEquals(Workplace.describe(place.source), Workplace.describe(target));
                    Scratch.delete(target);
                }
            }
        }
        assertTrue(refused > 80, "only " + refused + " were refused");
    }

    /** False when the snapshot was taken, whether the disk was never asked for too much or only once it had been. */
    private boolean runsOut(Repository opened, FullDisk disk) throws IOException {
        try {
            place.snapshot(opened);
            return false;
        } catch (RepositoryException e) {
            assertTrue(disk.wasFull(), e.toString());
            assertEquals(ErrorKind.NO_ROOM, e.kind(), e.toString());
            assertTrue(e.getMessage().contains("no room is left"), e.getMessage());
            return true;
        }
    }

    private List<StoredSnapshot> listed() throws IOException {
        try (Repository opened = Workplace.openPlainly(new LocalBackend(place.repository))) {
            return opened.snapshots().list().snapshots();
        }
    }

    private static List<?> check(Repository opened) throws IOException {
        return Workplace.check(opened.loadIndex());
    }

    private void assertWorks(StoredSnapshot any) throws IOException {
        try (Repository opened = Workplace.openPlainly(new LocalBackend(place.repository))) {
            List<Object> told = new ArrayList<>(check(opened));
            told.removeIf(damage -> damage.toString().contains(".b is missing"));
            assertEquals(List.of(), told);
            Scratch.delete(place.restore(opened, any));
        }
        try (Stream<Path> left = Files.list(place.repository.resolve("tmp"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aRepositoryIsNotMadeWhereThereIsNoRoom() throws IOException {
        boolean wasFull = true;
        for (int failing = 1; wasFull; failing++) {
            FullDisk disk = new FullDisk(failing, true);
            try (Backend backend = disk.open()) {
                Repository.init(backend, CrashTest.CHEAP, Workplace.SECRET, Clock.systemUTC());
            } catch (RepositoryException e) {
                assertEquals(ErrorKind.NO_ROOM, e.kind(), e.toString());
            }
            wasFull = disk.wasFull();
            if (!Repository.exists(new LocalBackend(place.repository))) {
                assertTrue(wasFull);
                place.init();
            }
            place.snapshot();
            assertFalse(listed().isEmpty());
            Scratch.delete(place.repository);
        }
    }
}
