package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.ObjectNames;
import io.packstone.backup.resume.Interval;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.maintenance.Check;
import io.packstone.maintenance.CheckOptions;
import io.packstone.maintenance.CheckReport;
import io.packstone.maintenance.healing.Fingerprint;
import io.packstone.maintenance.prune.PruneOptions;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.HistoryWatch;
import io.packstone.repository.HistoryWatch.Kind;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.SnapshotLog;
import io.packstone.testkit.BesideBackend;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that has seen a snapshot notices when it is gone for no reason, and only then. */
final class RollbackTest {
    @TempDir
    Path folder = Path.of("");

    private Workplace place;
    private MemoryBackend stored;
    private final List<SnapshotId> taken = new ArrayList<>();

    @BeforeEach
    void makeRepository() throws IOException {
        place = new Workplace(folder);
        Files.createDirectories(place.source);
        stored = new MemoryBackend();
        Repository.init(stored, InitOptions.defaults().withKeyCost(KeyCost.TEST), Workplace.SECRET, Clock.systemUTC());
        snapshot();
        snapshot();
        assertEquals(Map.of(), suspicions());
    }

    private void snapshot() throws IOException {
        snapshot(Clock.systemUTC());
    }

    /** By some other client, which remembers nothing. */
    private void snapshot(Clock clock) throws IOException {
        Files.writeString(place.source.resolve("f"), "state " + taken.size());
        try (Repository opened = Workplace.open(stored)) {
            taken.add(place.snapshot(opened, Interval.USUAL, clock).snapshot());
        }
    }

    private Repository open() throws IOException {
        RepositoryOptions options = RepositoryOptions.defaults()
                .withCacheDirectory(folder.resolve("cache"))
                .withClock(Clock.systemUTC());
        return Repository.open(stored, Workplace.SECRET, options);
    }

    private Map<SnapshotId, Kind> suspicions() throws IOException {
        try (Repository opened = open()) {
            Map<SnapshotId, Kind> told = new TreeMap<>();
            opened.history().listen(each -> told.put(each.snapshot(), each.kind()));
            opened.snapshots().list();
            opened.snapshots().list();
            Map<SnapshotId, Kind> all = new TreeMap<>();
            for (HistoryWatch.Suspicion each : opened.history().suspicions()) {
                all.put(each.snapshot(), each.kind());
            }
            assertEquals(all, told);
            return all;
        }
    }

    private void lose(SnapshotId id) {
        stored.stored().keySet().removeIf(name -> name.startsWith(ObjectNames.snapshot(id)));
    }

    private void rollBackTo(MemoryBackend before) {
        stored.stored().clear();
        stored.stored().putAll(before.stored());
    }

    @Test
    void aSnapshotThatIsGoneIsMissedUntilThatIsAccepted() throws IOException {
        lose(taken.get(0));
        assertEquals(Map.of(taken.get(0), Kind.VANISHED), suspicions());
        assertEquals(Map.of(taken.get(0), Kind.VANISHED), suspicions());
        try (Repository opened = open().loadIndex()) {
            List<CheckReport.Damage> errors = new Check(opened)
                    .run(CheckOptions.STRUCTURE, ProgressListener.NONE)
                    .errors();
            assertEquals(1, errors.size());
            assertEquals(ObjectNames.snapshot(taken.get(0)), errors.get(0).object());
            opened.history().accept(opened.snapshots().list());
        }
        assertEquals(Map.of(), suspicions());
    }

    @Test
    void aSnapshotWithoutItsStateIsMissedToo() throws IOException {
        stored.stored().keySet().removeIf(name -> name.startsWith(ObjectNames.state(taken.get(1))));
        assertEquals(Map.of(taken.get(1), Kind.VANISHED), suspicions());
    }

    @Test
    void aDamagedSnapshotIsNoRollback() throws IOException {
        for (String name : List.copyOf(stored.stored().keySet())) {
            if (ObjectNames.primaryOf(name).equals(ObjectNames.snapshot(taken.get(1)))) {
                stored.stored().put(name, new byte[100]);
            }
        }
        assertEquals(Map.of(), suspicions());
    }

    /** A client that remembers nothing yet lists while a record can't be read: what is told of it then is that. */
    @Test
    void aSnapshotThatCouldNotBeReadAtFirstIsNoFork() throws IOException {
        for (int i = 0; i < 12; i++) {
            snapshot();
        }
        MemoryBackend whole = stored.copy();
        Scratch.delete(folder.resolve("cache"));
        for (String name : List.copyOf(stored.stored().keySet())) {
            if (ObjectNames.primaryOf(name).equals(ObjectNames.snapshot(taken.get(0)))) {
                stored.stored().put(name, new byte[100]);
            }
        }
        assertEquals(Map.of(), suspicions());
        rollBackTo(whole);
        assertEquals(Map.of(), suspicions());
        lose(taken.get(0));
        assertEquals(Map.of(taken.get(0), Kind.VANISHED), suspicions());
    }

    @Test
    void aRolledBackRepositoryIsNoticed() throws IOException {
        MemoryBackend before = stored.copy();
        snapshot();
        snapshot();
        assertEquals(Map.of(), suspicions());
        rollBackTo(before);
        assertEquals(Map.of(taken.get(2), Kind.VANISHED, taken.get(3), Kind.VANISHED), suspicions());
    }

    /** A snapshot taken where twelve others are not known, by a clock that is so far ahead. */
    private SnapshotId apart(Duration ahead) throws IOException {
        MemoryBackend before = stored.copy();
        for (int i = 0; i < 12; i++) {
            snapshot();
        }
        assertEquals(Map.of(), suspicions());
        MemoryBackend others = stored.copy();
        rollBackTo(before);
        snapshot(Clock.offset(Clock.systemUTC(), ahead));
        stored.stored().putAll(others.stored());
        return taken.get(14);
    }

    @Test
    void aHistoryThatForkedIsNoticed() throws IOException {
        SnapshotId forked = apart(Duration.ofHours(1));
        assertEquals(Map.of(forked, Kind.FORKED), suspicions());
        assertEquals(Map.of(forked, Kind.FORKED), suspicions());
    }

    /** It was begun before this client saw the others, or at the same time by another clock. */
    @Test
    void aSnapshotThatTookLongToCommitIsNoFork() throws IOException {
        apart(Duration.ofMinutes(9));
        assertEquals(Map.of(), suspicions());
        assertEquals(Map.of(), suspicions());
    }

    /** A prune refuses its claim while nothing else that it needs goes, and another takes a snapshot. */
    @Test
    void whoeverClaimsAgainKnowsWhatCameMeanwhile() throws IOException {
        Workplace another = new Workplace(Files.createDirectory(folder.resolve("another")));
        Files.writeString(Files.createDirectories(another.source).resolve("g"), "another");
        long calls = 0;
        int[] refused = new int[1];
        for (long at = 1; at == 1 || at <= calls; at++) {
            int before = refused[0];
            MemoryBackend all = stored.copy();
            BesideBackend beside = new BesideBackend(all, at, () -> {
                try (Repository other = Workplace.openPlainly(all)) {
                    for (SnapshotId claim : other.protocol().roots().undecided()) {
                        other.protocol().refuse(claim);
                        refused[0]++;
                    }
                    another.snapshot(other.loadIndex());
                }
            });
            try (Repository opened = Workplace.openPlainly(beside.backend())) {
                place.snapshot(opened);
            }
            calls = Math.max(calls, at == 1 ? beside.calls() : 0);
            try (Repository opened = Workplace.openPlainly(all)) {
                List<Long> orders = opened.snapshots().list().snapshots().stream()
                        .map(each -> each.record().order())
                        .sorted()
                        .toList();
                assertTrue(refused[0] == before || orders.equals(List.of(1L, 2L, 3L, 4L)), at + ": " + orders);
            }
        }
        assertTrue(refused[0] > 2, refused[0] + " refused in " + calls + " calls");
    }

    @Test
    void forgottenSnapshotsMayGo() throws IOException {
        try (Repository opened = Workplace.open(stored).loadIndex()) {
            opened.snapshots().forget(taken.get(0), opened.snapshots().list().heads());
            Workplace.prune(opened, PruneOptions.defaults());
            assertEquals(1, opened.snapshots().list().snapshots().size());
        }
        assertTrue(stored.length(ObjectNames.snapshot(taken.get(0))) < 0);
        assertEquals(Map.of(), suspicions());
        assertEquals(Map.of(), suspicions());
    }

    @Test
    void aClientThatRemembersNothingNoticesNothing() throws IOException {
        lose(taken.get(0));
        try (Repository opened = Workplace.open(stored)) {
            opened.snapshots().list();
            assertEquals(List.of(), opened.history().suspicions());
        }
        Path seen;
        try (var files = Files.walk(folder.resolve("cache"))) {
            seen = files.filter(file -> file.endsWith("seen")).findFirst().orElseThrow();
        }
        byte[] memory = Files.readAllBytes(seen);
        memory[40] ^= 1;
        Files.write(seen, memory);
        assertEquals(Map.of(), suspicions());
    }

    private Fingerprint fingerprint() throws IOException {
        try (Repository opened = Workplace.open(stored)) {
            SnapshotLog.View view = opened.snapshots().list();
            return new Fingerprint(opened.id(), view);
        }
    }

    @Test
    void aFingerprintStandsForAllThatCameBefore() throws IOException {
        byte[] written = fingerprint().now();
        assertEquals(0, fingerprint().snapshotsSince(written));
        MemoryBackend before = stored.copy();
        snapshot();
        snapshot();
        byte[] later = fingerprint().now();
        assertEquals(2, fingerprint().snapshotsSince(written));
        assertEquals(0, fingerprint().snapshotsSince(later));
        rollBackTo(before);
        assertEquals(-1, fingerprint().snapshotsSince(later));
        assertEquals(0, fingerprint().snapshotsSince(written));
        snapshot();
        assertEquals(-1, fingerprint().snapshotsSince(later));
        assertEquals(1, fingerprint().snapshotsSince(written));
    }
}
