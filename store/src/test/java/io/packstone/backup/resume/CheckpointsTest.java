package io.packstone.backup.resume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.backup.BackupReport;
import io.packstone.backup.strategy.Strategy;
import io.packstone.endtoend.Scratch;
import io.packstone.endtoend.Workplace;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.maintenance.prune.PruneOptions;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.Restore;
import io.packstone.restore.RestoreOptions;
import io.packstone.restore.RestoreReport;
import io.packstone.testkit.BesideBackend;
import io.packstone.testkit.FaultyBackend;
import io.packstone.testkit.FaultyBackend.Fault;
import io.packstone.testkit.FaultyBackend.Operation;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Partial snapshots come while a snapshot is taken, serve whoever goes on after it was stopped, and go when it is whole. */
class CheckpointsTest {
    private static final int FILES = 12;
    private static final int LENGTH = 40_000;
    private static final Interval EACH_FILE = Interval.everyBytes(1);

    private Path folder = Path.of("");
    private final MemoryBackend backend = new MemoryBackend();
    private Workplace place;
    private Instant now = Instant.now();

    /** Something done between two files, once a partial snapshot is there. */
    private interface Deed {
        void at(int number, SnapshotId partial) throws IOException;
    }

    /** Hears of partial snapshots. */
    private static final class Heard implements ProgressListener {
        private final List<SnapshotId> partials = new ArrayList<>();
        private final List<String> warnings = new ArrayList<>();
        private final Deed deed;

        Heard(Deed deed) {
            this.deed = deed;
        }

        @Override
        public void checkpoint(SnapshotId partial) {
            partials.add(partial);
            try {
                deed.at(partials.size(), partial);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public synchronized void warn(String message) {
            warnings.add(message);
        }
    }

    private static Heard heard() {
        return new Heard((number, partial) -> {});
    }

    /** Stops the run once that many are there. */
    private static Heard stoppingAt(int last) {
        return new Heard((number, partial) -> {
            if (number == last) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Not in the system's temporary folder: others change its time, which is in every snapshot. */
    @BeforeEach
    void make() throws IOException {
        folder = Files.createTempDirectory(Path.of("target").toRealPath(), "checkpoints");
        place = new Workplace(folder);
        Repository.init(backend, InitOptions.defaults().withKeyCost(KeyCost.TEST), Workplace.SECRET, Clock.systemUTC());
        for (int i = 0; i < FILES; i++) {
            write(i, 1);
        }
    }

    @AfterEach
    void clear() throws IOException {
        Scratch.delete(folder);
    }

    private Path file(int number) {
        return place.source.resolve("d" + number / 4).resolve("f" + number);
    }

    private void write(int number, int content) throws IOException {
        byte[] bytes = new byte[LENGTH];
        new Random(number + 1000L * content).nextBytes(bytes);
        Files.createDirectories(file(number).getParent());
        Files.write(file(number), bytes);
    }

    private BackupOptions options() {
        return BackupOptions.of(List.of(Workplace.name(place.source)), "host", "user")
                .withCheckpoints(EACH_FILE);
    }

    /** Each a day after the one before, so that files are believed. */
    private BackupReport take(Backend from, BackupOptions options, ProgressListener progress) throws IOException {
        now = now.plus(Duration.ofDays(1));
        try (Repository repository = Workplace.openPlainly(from)) {
            return new Backup(repository, Clock.fixed(now, ZoneOffset.UTC)).run(options, progress);
        }
    }

    private BackupReport take(ProgressListener progress) throws IOException {
        return take(backend, options(), progress);
    }

    private void stopAt(int partials) {
        assertThrows(InterruptedIOException.class, () -> take(stoppingAt(partials)));
        assertFalse(Thread.interrupted());
    }

    private List<StoredSnapshot> snapshots() throws IOException {
        try (Repository repository = Workplace.openPlainly(backend)) {
            return repository.snapshots().list().snapshots();
        }
    }

    private List<StoredSnapshot> partials() throws IOException {
        return snapshots().stream().filter(s -> s.record().isPartial()).toList();
    }

    private StoredSnapshot onlyOne() throws IOException {
        List<StoredSnapshot> all = snapshots();
        assertEquals(1, all.size(), all.toString());
        return all.get(0);
    }

    private void allIsWell() throws IOException {
        try (Repository repository = Workplace.openPlainly(backend)) {
            Workplace.onlyCopiesAreMissing(repository.loadIndex());
            assertEquals(List.of(), Workplace.check(repository));
            StoredSnapshot newest = Workplace.newest(repository);
            assertFalse(newest.record().isPartial());
            assertEquals(Workplace.describe(place.source), restored(repository, newest));
        }
    }

    private Map<String, String> restored(Repository repository, StoredSnapshot snapshot) throws IOException {
        return Workplace.describe(place.restore(repository, snapshot));
    }

    /** All that a partial snapshot has is as it is in the source. */
    private int partOf(Repository repository, StoredSnapshot partial) throws IOException {
        Map<String, String> whole = Workplace.describe(place.source);
        Map<String, String> part = restored(repository, partial);
        whole.keySet().retainAll(part.keySet());
        assertEquals(whole, new TreeMap<>(part));
        return part.size();
    }

    @Test
    void eachHoldsMoreThanTheOneBeforeAndTheWholeOneStandsAloneInTheEnd() throws IOException {
        List<Integer> sizes = new ArrayList<>();
        Heard heard = new Heard((number, id) -> {
            try (Repository beside = Workplace.openPlainly(backend)) {
                StoredSnapshot newest = Workplace.newest(beside);
                assertEquals(id, newest.id());
                assertTrue(newest.record().isPartial());
                assertEquals(1, beside.snapshots().list().snapshots().size(), "the one before is forgotten");
                sizes.add(partOf(beside.loadIndex(), newest));
                assertEquals(List.of(), Workplace.check(beside));
            }
        });
        BackupReport report = take(heard);
        assertEquals(FILES, heard.partials.size());
        assertEquals(sizes.stream().sorted().distinct().toList(), sizes);
        assertEquals("complete", report.status());
        assertEquals(report.snapshot(), onlyOne().id());
        assertEquals(List.of(), heard.warnings);
        allIsWell();
    }

    @Test
    void theRootIsThatOfASnapshotThatWasNeverInterrupted() throws IOException {
        stopAt(5);
        take(heard());
        StoredSnapshot inParts = onlyOne();
        BackupReport whole =
                take(backend, options().withStrategy(Strategy.FULL).withCheckpoints(Interval.NEVER), heard());
        try (Repository repository = Workplace.openPlainly(backend)) {
            StoredSnapshot atOnce = Objects.requireNonNull(
                    repository.snapshots().list().find(Objects.requireNonNull(whole.snapshot())));
            assertEquals(atOnce.record().root(), inParts.record().root());
            assertEquals(atOnce.record().fidelity(), inParts.record().fidelity());
        }
    }

    @Test
    void whoComesAfterAStoppedRunReadsOnlyWhatItDidNot() throws IOException {
        stopAt(5);
        StoredSnapshot partial = onlyOne();
        assertTrue(partial.record().isPartial());
        assertEquals("full", partial.record().strategy().replaceFirst(".*/", ""));
        assertEquals(5L * LENGTH, partial.record().counts().bytes());
        BackupReport report = take(heard());
        assertEquals((FILES - 5L) * LENGTH, report.bytesRead());
        assertEquals(5, report.filesUnchanged());
        assertEquals(partial.id(), report.parent());
        assertEquals("complete", report.status());
        assertEquals(report.snapshot(), onlyOne().id());
        allIsWell();
    }

    @Test
    void afterAProcessThatDiedToo() throws IOException {
        FaultyBackend faulty = new FaultyBackend(backend);
        Heard dying = new Heard((number, partial) -> {
            if (number == 4) {
                faulty.arm(Fault.CRASH_BEFORE, 1, EnumSet.allOf(Operation.class));
            }
        });
        assertThrows(IOException.class, () -> take(faulty, options(), dying));
        List<StoredSnapshot> left = snapshots();
        assertTrue(left.stream().allMatch(s -> s.record().isPartial()));
        BackupReport report = take(heard());
        assertEquals((FILES - 4L) * LENGTH, report.bytesRead());
        assertEquals(report.snapshot(), onlyOne().id());
        allIsWell();
    }

    @Test
    void whatIsInTheWholeOneBeforeIsNotReadEither() throws IOException {
        take(heard());
        for (int i : new int[] {0, 1, 5, 9, 10}) {
            write(i, 2);
        }
        stopAt(2);
        assertEquals(1, partials().size());
        BackupReport report = take(heard());
        assertEquals(3L * LENGTH, report.bytesRead());
        assertEquals(FILES - 3, report.filesUnchanged());
        assertEquals(2, snapshots().size());
        assertEquals(List.of(), partials());
        assertEquals(snapshots().get(0).id(), report.parent(), "the whole one is the parent");
        allIsWell();
    }

    @Test
    void severalStoppedRunsAddUp() throws IOException {
        stopAt(8);
        write(1, 2);
        write(2, 2);
        stopAt(1); // Behind it the first one still has more.
        assertEquals(2, partials().size());
        BackupReport report = take(heard());
        assertEquals((FILES - 8L + 1) * LENGTH, report.bytesRead());
        assertEquals(report.snapshot(), onlyOne().id());
        allIsWell();
    }

    @Test
    void aPartialOneThatWasPassedIsForgotten() throws IOException {
        stopAt(3);
        stopAt(2);
        StoredSnapshot partial = onlyOne();
        assertEquals(5L * LENGTH, partial.record().counts().bytes());
        assertEquals((FILES - 5L) * LENGTH, take(heard()).bytesRead());
        allIsWell();
    }

    @Test
    void aFullOneGoesOnFromFullOnesOnly() throws IOException {
        take(heard());
        write(0, 2);
        write(1, 2);
        stopAt(1);
        BackupOptions full = options().withStrategy(Strategy.FULL);
        assertEquals((long) FILES * LENGTH, take(backend, full, heard()).bytesRead());
        assertEquals(List.of(), partials());
        assertThrows(InterruptedIOException.class, () -> take(backend, full, stoppingAt(7)));
        assertEquals((FILES - 7L) * LENGTH, take(backend, full, heard()).bytesRead());
        allIsWell();
    }

    @Test
    void whoGoesOnFromWhatWasNotReadWholeIsNoFullOne() throws IOException {
        SnapshotId whole = Objects.requireNonNull(take(heard()).snapshot());
        write(0, 2);
        write(1, 2);
        stopAt(1);
        try (Repository repository = Workplace.openPlainly(backend)) {
            repository.snapshots().forget(whole, repository.snapshots().list().heads());
        }
        BackupOptions full = options().withStrategy(Strategy.FULL).withCheckpoints(Interval.NEVER);
        BackupReport all = take(backend.copy(), full, heard());
        assertEquals((long) FILES * LENGTH, all.bytesRead());
        BackupReport report = take(heard());
        assertEquals("incremental", report.takenAs().taken());
        assertEquals("incremental", onlyOne().record().strategy());
        assertNull(onlyOne().record().parent());
        allIsWell();
    }

    @Test
    void oneOlderThanAWholeOneIsOfNoUseAndGoes() throws IOException {
        BackupOptions never = options().withCheckpoints(Interval.NEVER);
        stopAt(3);
        StoredSnapshot partial = onlyOne();
        BackupOptions named = never.withParent(partial.id());
        BackupReport whole = take(backend, named, heard());
        assertEquals((FILES - 3L) * LENGTH, whole.bytesRead(), "one that is named is a parent like any other");
        assertEquals(
                List.of(partial.id()),
                partials().stream().map(StoredSnapshot::id).toList());
        assertEquals(0, take(backend, never, heard()).bytesRead());
        assertEquals(List.of(), partials());
        assertEquals(2, snapshots().size());
    }

    @Test
    void aShortRunDoesNothingMore() throws IOException {
        FaultyBackend counting = new FaultyBackend(backend.copy());
        counting.arm(Fault.FAIL_BEFORE, Long.MAX_VALUE, EnumSet.allOf(Operation.class));
        take(counting, options().withCheckpoints(Interval.NEVER), heard());
        FaultyBackend usual = new FaultyBackend(backend.copy());
        usual.arm(Fault.FAIL_BEFORE, Long.MAX_VALUE, EnumSet.allOf(Operation.class));
        take(usual, options().withCheckpoints(Interval.USUAL), heard());
        assertEquals(kinds(counting), kinds(usual));
    }

    private static List<String> kinds(FaultyBackend counted) {
        return counted.log().stream()
                .map(call -> call.replaceAll("[0-9a-f]{4,}.*", ""))
                .sorted()
                .toList();
    }

    @Test
    void whereNothingIsReadNothingIsStored() throws IOException {
        take(heard());
        Heard again = heard();
        take(again);
        assertEquals(List.of(), again.partials);
        Heard dry = heard();
        write(0, 3);
        take(backend, options().withDryRun(true), dry);
        assertEquals(List.of(), dry.partials);
    }

    @Test
    void prunesBesideSpareWhatIsPartial() throws IOException {
        Heard pruned = new Heard((number, partial) -> {
            try (Repository beside = Workplace.openPlainly(backend)) {
                Workplace.prune(beside, PruneOptions.defaults().withMaxUnused(0));
                assertTrue(Workplace.newest(beside).record().isPartial());
                assertEquals(number, partOfFiles(beside.loadIndex()));
            }
        });
        BackupReport report = take(pruned);
        assertEquals("complete", report.status());
        assertEquals((long) FILES * LENGTH, report.bytesRead(), "nothing had to be read twice");
        assertEquals(report.snapshot(), onlyOne().id());
        allIsWell();
    }

    private int partOfFiles(Repository repository) throws IOException {
        StoredSnapshot partial = Workplace.newest(repository);
        partOf(repository, partial);
        return (int) partial.record().counts().files();
    }

    /** What the partial one holds stays where nobody knows that the run lives, and the run goes on from there. */
    @Test
    void aRunTakenForDeadBeginsAgainFromItsOwnPartialOne() throws IOException {
        Heard pruned = new Heard((number, partial) -> {
            if (number % 4 == 0) {
                try (Repository beside = Workplace.openPlainly(backend)) {
                    Workplace.pruneAll(beside);
                }
            }
        });
        BackupReport report = take(pruned);
        assertEquals("complete", report.status());
        assertTrue(report.bytesRead() < (long) FILES * LENGTH || pruned.warnings.isEmpty(), pruned.warnings.toString());
        assertEquals(report.snapshot(), onlyOne().id());
        allIsWell();
    }

    /** As when another run of the same paths ends first. */
    @Test
    void whatIsForgottenMeanwhileIsDoneWithout() throws IOException {
        stopAt(6);
        StoredSnapshot first = onlyOne();
        write(0, 2);
        write(1, 2);
        Heard forgetting = new Heard((number, partial) -> {
            if (number == 1) {
                try (Repository beside = Workplace.openPlainly(backend)) {
                    SnapshotLog.View view = beside.snapshots().list();
                    beside.snapshots().forget(first.id(), view.heads());
                    Workplace.pruneAll(beside);
                }
            }
        });
        BackupReport report = take(forgetting);
        assertEquals("complete", report.status());
        assertEquals(report.snapshot(), onlyOne().id());
        assertEquals(1, forgetting.warnings.size(), forgetting.warnings.toString());
        allIsWell();
    }

    /** A prune that takes the run for dead comes at one moment after the other. */
    @Test
    void aPruneAtAnyMomentCostsWorkAndNoData() throws IOException {
        long calls = new Object() {
            long count() throws IOException {
                BesideBackend counted = new BesideBackend(backend.copy(), Long.MAX_VALUE, () -> {});
                take(counted.backend(), options(), heard());
                return counted.calls();
            }
        }.count();
        int refused = 0;
        for (long at = 20; at < calls; at += 7) {
            MemoryBackend stored = backend.copy();
            BesideBackend beside = new BesideBackend(stored, at, () -> {
                try (Repository repository = Workplace.openPlainly(stored)) {
                    Workplace.pruneAll(repository);
                }
            });
            Heard heard = heard();
            assertEquals("complete", take(beside.backend(), options(), heard).status());
            refused += heard.warnings.stream().anyMatch(text -> text.contains("are gone")) ? 1 : 0;
            try (Repository repository = Workplace.openPlainly(stored)) {
                Workplace.onlyCopiesAreMissing(repository.loadIndex());
                List<StoredSnapshot> all = repository.snapshots().list().snapshots();
                assertEquals(1, all.size(), "at " + at);
                assertEquals(Workplace.describe(place.source), restored(repository, all.get(0)));
            }
        }
        assertTrue(refused > 0, "no prune came between packs and their record");
    }

    @Test
    void oneThatCantBeStoredCostsNoSnapshot() throws IOException {
        for (Operation operation : List.of(Operation.PUT, Operation.PUT_IF_ABSENT)) {
            for (Fault fault : List.of(Fault.FAIL_BEFORE, Fault.FAIL_AFTER)) {
                MemoryBackend stored = backend.copy();
                FaultyBackend faulty = new FaultyBackend(stored);
                Heard heard = new Heard((number, partial) -> {
                    if (number == 3) {
                        faulty.arm(fault, operation == Operation.PUT ? 2 : 1, EnumSet.of(operation));
                    }
                });
                BackupReport report = take(faulty, options(), heard);
                assertTrue(faulty.isTriggered());
                assertEquals("complete", report.status());
                assertEquals(1, heard.warnings.size(), heard.warnings.toString());
                assertTrue(heard.warnings.get(0).startsWith("no partial snapshot could be stored"));
                try (Repository repository = Workplace.openPlainly(stored)) {
                    assertEquals(List.of(), Workplace.check(repository.loadIndex()));
                    SnapshotLog.View view = repository.snapshots().list();
                    assertEquals(1, view.snapshots().size());
                    assertEquals(report.snapshot(), view.snapshots().get(0).id());
                }
            }
        }
    }

    @Test
    void aDamagedPartialOneCostsReadingOnly() throws IOException {
        take(heard());
        for (int i = 0; i < 4; i++) {
            write(i, 2);
        }
        Set<String> before = Set.copyOf(backend.stored().keySet());
        stopAt(3);
        backend.stored().forEach((name, bytes) -> {
            if (name.startsWith(ObjectNames.PACKS) && !before.contains(name)) {
                bytes[bytes.length / 3] ^= 1;
            }
        });
        Heard heard = heard();
        BackupReport report = take(heard);
        assertEquals("complete", report.status());
        assertEquals(4L * LENGTH, report.bytesRead(), "what the whole one has is not read");
        assertTrue(heard.warnings.toString().contains("it is gone on without"), heard.warnings.toString());
        assertEquals(List.of(), partials());
    }

    @Test
    void whatAPartialOneLacksIsNotDeletedByARestore() throws IOException {
        stopAt(4);
        Map<String, String> all = Workplace.describe(place.source);
        try (Repository repository = Workplace.openPlainly(backend)) {
            RestoreOptions inPlace = RestoreOptions.to(Workplace.name(place.source))
                    .withPath(TreePath.parse(Workplace.name(place.source)))
                    .withDelete(true);
            RestoreReport report = new Restore(repository).run(onlyOne(), inPlace, ProgressListener.NONE);
            assertEquals(0, report.filesDeleted());
            assertTrue(
                    report.problems().toString().contains("partial"),
                    report.problems().toString());
        }
        assertEquals(all, Workplace.describe(place.source));
    }
}
