package io.packstone.endtoend.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.Backend;
import io.packstone.backup.BackupReport;
import io.packstone.endtoend.Scratch;
import io.packstone.endtoend.Workplace;
import io.packstone.error.StoreException;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.maintenance.CheckReport;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.Restore;
import io.packstone.restore.RestoreOptions;
import io.packstone.restore.RestoreReport;
import io.packstone.testkit.FaultyBackend;
import io.packstone.testkit.FaultyBackend.Fault;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** One repository, what was done to it, and the map of what it should hold. For one thread. */
final class History {
    private static final int LONGEST = 8000;
    private static final int CALLS_MAX = 60;
    private static final int SLOW_INDEX = 5;

    /** What can happen; those named first happen as often as they stand in {@link #pick}. */
    enum Operation {
        CHANGE,
        SNAPSHOT,
        CRASHED,
        RESTORE,
        RESTORE_PART,
        RESTORE_OVER,
        SECOND,
        FORGET_INDEX,
        LOSE_SEGMENT,
        CHECK
    }

    private final Random random;
    private final List<String> log;
    private final Workplace place;
    private final Path folder;
    private final RepositoryOptions options;
    private final MemoryBackend stored = new MemoryBackend();
    private final Map<SnapshotId, Map<String, String>> model = new LinkedHashMap<>();
    private final List<Map<String, String>> unanswered = new ArrayList<>();
    private boolean segmentLost;

    History(Path folder, long seed, List<String> log) throws IOException {
        this.folder = folder;
        this.log = log;
        random = new Random(seed);
        place = new Workplace(folder);
        place.fill(seed, 12, LONGEST);
        Repository.init(stored, InitOptions.defaults().withKeyCost(KeyCost.TEST), Workplace.SECRET, Clock.systemUTC());
        boolean slow = seed % SLOW_INDEX == 0;
        options = RepositoryOptions.defaults()
                .withPlainIndex(!slow)
                .withCacheDirectory(slow ? folder.resolve("cache") : null);
    }

    void live(int steps) throws IOException {
        for (int i = 0; i < steps; i++) {
            Operation operation = pick();
            log.add(operation.name());
            run(operation);
        }
        log.add(Operation.CHECK + " at the end");
        check();
        for (SnapshotId id : List.copyOf(model.keySet())) {
            restoreWhole(id);
        }
        Scratch.delete(folder);
    }

    private Operation pick() {
        int dice = random.nextInt(100);
        if (model.isEmpty() && dice >= 50) {
            return Operation.SNAPSHOT;
        }
        int[] shares = {18, 18, 20, 8, 8, 8, 6, 4, 2, 8};
        for (int i = 0, sum = 0; i < shares.length; i++) {
            sum += shares[i];
            if (dice < sum) {
                return Operation.values()[i];
            }
        }
        return Operation.CHECK;
    }

    private void run(Operation operation) throws IOException {
        if (model.isEmpty()
                && EnumSet.range(Operation.RESTORE, Operation.RESTORE_OVER).contains(operation)) {
            return;
        }
        switch (operation) {
            case CHANGE -> place.change(random, 1 + random.nextInt(5), LONGEST);
            case SNAPSHOT -> snapshot(stored);
            case CRASHED -> crashed();
            case RESTORE -> restoreWhole(any());
            case RESTORE_PART -> restorePart(any());
            case RESTORE_OVER -> restoreOver(any(), any());
            case SECOND -> second();
            case FORGET_INDEX -> forgetIndex();
            case LOSE_SEGMENT -> loseSegment();
            case CHECK -> check();
        }
    }

    private void note(String what) {
        log.set(log.size() - 1, log.get(log.size() - 1) + " " + what);
    }

    private SnapshotId any() {
        return List.copyOf(model.keySet()).get(random.nextInt(model.size()));
    }

    private Repository open(Backend backend) throws IOException {
        return Repository.open(backend, Workplace.SECRET, options);
    }

    private void snapshot(Backend backend) throws IOException {
        try (Repository opened = open(backend)) {
            acknowledge(place.snapshot(opened));
        }
    }

    private void acknowledge(BackupReport report) throws IOException {
        assertEquals("complete", report.status());
        SnapshotId id = Objects.requireNonNull(report.snapshot());
        model.put(id, Workplace.describe(place.source));
        note(id.toShortHex());
    }

    /** A snapshot during which a call fails, or from some call on all do; it may be taken all the same. */
    private void crashed() throws IOException {
        Set<FaultyBackend.Operation> counted =
                random.nextBoolean() ? FaultyBackend.CHANGES : EnumSet.allOf(FaultyBackend.Operation.class);
        Fault fault = List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.FAIL_BEFORE, Fault.FAIL_AFTER)
                .get(random.nextInt(4));
        int call = 1 + random.nextInt(counted == FaultyBackend.CHANGES ? CALLS_MAX / 4 : CALLS_MAX);
        FaultyBackend faulty = new FaultyBackend(stored);
        faulty.arm(fault, call, counted);
        note(fault + " at " + call + " of " + counted.size());
        try {
            snapshot(faulty);
            note(faulty.isTriggered() ? "survived" : "not reached");
        } catch (StoreException | FaultyBackend.InjectedFaultException e) {
            assertTrue(faulty.isTriggered(), e.toString());
            unanswered.add(Workplace.describe(place.source));
            note("failed");
        }
    }

    /** All that was acknowledged; besides, at most what was committed when nobody could be told of it any more. */
    private void listed(Repository opened) throws IOException {
        Set<SnapshotId> missing = new HashSet<>(model.keySet());
        for (StoredSnapshot snapshot : opened.snapshots().list().snapshots()) {
            if (!missing.remove(snapshot.id())) {
                Map<String, String> restored = restored(opened, snapshot);
                assertTrue(unanswered.remove(restored), "nobody took " + snapshot.id());
                model.put(snapshot.id(), restored);
            }
        }
        assertEquals(Set.of(), missing, "acknowledged and gone");
    }

    private static StoredSnapshot find(Repository opened, SnapshotId id) throws IOException {
        return Objects.requireNonNull(opened.snapshots().list().find(id));
    }

    private Map<String, String> restored(Repository opened, StoredSnapshot snapshot) throws IOException {
        Path target = place.restore(opened, snapshot);
        Map<String, String> found = Workplace.describe(target);
        Scratch.delete(target);
        return found;
    }

    private void restoreWhole(SnapshotId id) throws IOException {
        try (Repository opened = open(stored)) {
            assertEquals(model.get(id), restored(opened, find(opened, id)));
            listed(opened);
        }
    }

    /** Any folder of the snapshot. */
    private void restorePart(SnapshotId id) throws IOException {
        Map<String, String> whole = tree(id);
        List<String> folders = whole.keySet().stream()
                .filter(path -> whole.keySet().stream().anyMatch(other -> other.startsWith(path + "/")))
                .toList();
        if (folders.isEmpty()) {
            return;
        }
        String part = folders.get(random.nextInt(folders.size()));
        note(part);
        Map<String, String> wanted = new TreeMap<>();
        whole.forEach((path, what) -> {
            if (path.startsWith(part + "/")) {
                wanted.put(path.substring(part.length() + 1), withoutNames(what));
            }
        });
        Path target = place.newTarget();
        RestoreOptions how = RestoreOptions.to(Workplace.name(target))
                .withPath(TreePath.parse(Workplace.name(place.source.resolve(part))));
        try (Repository opened = open(stored)) {
            RestoreReport report = new Restore(opened).run(find(opened, id), how, ProgressListener.NONE);
            assertEquals(List.of(), report.problems());
        }
        Map<String, String> found = new TreeMap<>();
        Workplace.describe(target).forEach((path, what) -> found.put(path, withoutNames(what)));
        assertEquals(wanted, found);
        Scratch.delete(target);
    }

    private Map<String, String> tree(SnapshotId id) {
        return Objects.requireNonNull(model.get(id));
    }

    /** Of a file with several names some may lie outside the part. */
    private static String withoutNames(String what) {
        String[] words = what.split(" ");
        if (words.length == 6 && !words[4].equals("->")) {
            words[4] = "";
        }
        return String.join(" ", words);
    }

    /** One snapshot over another, with what is only in the first deleted. */
    private void restoreOver(SnapshotId first, SnapshotId second) throws IOException {
        note(first.toShortHex() + " " + second.toShortHex());
        try (Repository opened = open(stored)) {
            Path target = place.restore(opened, find(opened, first));
            RestoreOptions how = RestoreOptions.to(Workplace.name(target))
                    .withPath(TreePath.parse(Workplace.name(place.source)))
                    .withDelete(true);
            RestoreReport report = new Restore(opened).run(find(opened, second), how, ProgressListener.NONE);
            assertEquals(List.of(), report.problems());
            assertEquals(model.get(second), Workplace.describe(target));
            Scratch.delete(target);
        }
    }

    /** Two that are open at once, neither knowing what the other stores. */
    private void second() throws IOException {
        try (Repository one = open(stored);
                Repository two = open(stored)) {
            one.loadIndex();
            two.loadIndex();
            acknowledge(place.snapshot(two));
            place.change(random, 2, LONGEST);
            acknowledge(place.snapshot(one));
            acknowledge(place.snapshot(two));
            listed(one);
            listed(two);
        }
    }

    private void forgetIndex() throws IOException {
        if (Files.exists(folder.resolve("cache"))) {
            Scratch.delete(folder.resolve("cache"));
        }
    }

    private void loseSegment() {
        List<String> segments = stored.stored().keySet().stream()
                .filter(name -> name.startsWith("index/"))
                .toList();
        if (!segments.isEmpty()) {
            stored.stored().remove(segments.get(random.nextInt(segments.size())));
            segmentLost = true;
        }
    }

    private void check() throws IOException {
        try (Repository opened = open(stored)) {
            opened.loadIndex();
            for (CheckReport.Damage damage : Workplace.check(opened)) {
                boolean isUnindexed = damage.kind().equals("unindexed") && segmentLost;
                assertTrue(Workplace.isHalfPut(damage) || isUnindexed, damage.toString());
            }
            listed(opened);
        }
    }
}
