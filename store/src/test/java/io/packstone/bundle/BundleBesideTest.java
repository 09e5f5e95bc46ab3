package io.packstone.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.endtoend.Workplace;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.maintenance.prune.PruneOptions;
import io.packstone.maintenance.retention.TimeSpan;
import io.packstone.pack.PackTable;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.JobLog;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.testkit.BesideBackend;
import io.packstone.testkit.FaultyBackend;
import io.packstone.testkit.FaultyBackend.Fault;
import io.packstone.testkit.MemoryBackend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An import or an export that is killed, or beside which others prune and forget. */
final class BundleBesideTest {
    @TempDir
    Path folder = Path.of("");

    private Carriage carriage;
    private StoredSnapshot first;
    private StoredSnapshot second;
    private byte[] bundle;
    private MemoryBackend copy;

    /**
     * The copy has the first snapshot, and of the second some chunks in a pack that nothing there needs any more: an import
     * relies on them, and a prune wants them gone.
     */
    @BeforeEach
    void fill() throws IOException {
        carriage = new Carriage(folder);
        carriage.file("docs/kept", 1, 60_000);
        first = carriage.snapshot();
        carriage.file("docs/shared", 2, 70_000);
        StoredSnapshot garbage = carriage.snapshot();
        copy = carriage.home.copy();
        carriage.forget(copy, garbage.id());
        carriage.file("docs/new", 3, 50_000);
        second = carriage.snapshot();
        bundle = carriage.export(second, first);
    }

    private static void prune(MemoryBackend backend, boolean takesAllForDead) throws IOException {
        PruneOptions options = PruneOptions.defaults().withMaxUnused(0);
        try (Repository other = Carriage.open(backend)) {
            Workplace.prune(other, takesAllForDead ? options.withStaleAfter(TimeSpan.NONE) : options);
        }
    }

    private void expectImported(MemoryBackend backend, String when) throws IOException {
        List<StoredSnapshot> all = Carriage.snapshots(backend);
        assertEquals(2, all.size(), when);
        assertEquals(List.of(), damages(backend), when);
        assertEquals(
                carriage.tree(second), carriage.restored(backend, all.get(1).id()), when);
    }

    /**
     * Without second copies of words that forget, which are put by a repair or not needed any more after a prune, and of
     * claims that were put void between their two copies, which the next prune removes.
     */
    private static List<?> damages(MemoryBackend backend) throws IOException {
        Set<String> standing = new HashSet<>();
        for (StoredSnapshot each : Carriage.snapshots(backend)) {
            standing.add("snapshots/" + each.id());
        }
        return Carriage.check(backend).stream()
                .filter(damage -> !damage.object().endsWith(".forgot.b"))
                .filter(damage ->
                        !damage.object().matches("snapshots/[0-9a-f]{64}") || standing.contains(damage.object()))
                .toList();
    }

    @Test
    void aPruneAtAnyMomentTakesNothingThatAnImportNeeds() throws IOException {
        for (boolean takesAllForDead : new boolean[] {false, true}) {
            long calls = 0;
            for (long at = 1; at == 1 || at <= calls; at += 2) {
                MemoryBackend backend = copy.copy();
                BesideBackend beside = new BesideBackend(backend, at, () -> prune(backend, takesAllForDead));
                ImportReport report = Carriage.take(beside.backend(), bundle);
                assertTrue(report.isNew());
                calls = beside.calls();
                String when = "prune before call " + at + " of " + calls;
                expectImported(backend, when);
                prune(backend, false);
                expectImported(backend, when + ", and another prune");
                assertEquals(List.of(), Carriage.check(backend), when);
                assertEquals(0, backend.count("jobs/"), when);
            }
            assertTrue(calls > 30, calls + " calls");
        }
    }

    /** A pipe can't be read again: then nothing is imported, the next step is said, and it works. */
    @Test
    void aPipeIsTakenOrRefusedAndTakenTheNextTime() throws IOException {
        int refused = 0;
        long calls = 0;
        for (long at = 1; at == 1 || at <= calls; at++) {
            MemoryBackend backend = copy.copy();
            BesideBackend beside = new BesideBackend(backend, at, () -> prune(backend, false));
            try (Repository opened = Carriage.open(beside.backend())) {
                new Import(opened).run(new Carriage.Bytes(bundle, false), ProgressListener.NONE);
            } catch (RepositoryException e) {
                assertEquals(ErrorKind.NOT_FOUND, e.kind());
                assertTrue(String.valueOf(e.getMessage()).contains("again"), e.getMessage());
                assertEquals(1, Carriage.snapshots(backend).size());
                Carriage.take(backend, bundle);
                refused++;
            }
            calls = beside.calls();
            expectImported(backend, "prune before call " + at + " of " + calls);
        }
        assertTrue(refused > 0 && refused < calls, refused + " refused of " + calls);
    }

    /** The base goes before the snapshot stands: that is then whole, or is not there. */
    @Test
    void whoeverForgetsTheBaseAndPrunesLeavesNoHalfSnapshot() throws IOException {
        int refused = 0;
        long calls = 0;
        for (long at = 1; at == 1 || at <= calls; at++) {
            MemoryBackend backend = copy.copy();
            BesideBackend beside = new BesideBackend(backend, at, () -> {
                carriage.forget(backend, first.id());
                prune(backend, false);
            });
            try {
                Carriage.take(beside.backend(), bundle);
            } catch (RepositoryException e) {
                assertTrue(String.valueOf(e.getMessage()).contains(first.id().toHex()), e.getMessage());
                refused++;
            }
            calls = beside.calls();
            String when = "forgotten before call " + at + " of " + calls;
            assertEquals(List.of(), damages(backend), when);
            for (StoredSnapshot each : Carriage.snapshots(backend)) {
                assertEquals(carriage.tree(second), carriage.restored(backend, each.id()), when);
            }
        }
        assertTrue(refused > 5 && refused < calls, refused + " refused of " + calls);
    }

    @Test
    void killedAtAnyChangeItIsFinishedByTheNextAndStoresNothingTwice() throws IOException {
        int kills = 0;
        for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
            boolean killed = true;
            for (int call = 1; killed; call++) {
                MemoryBackend backend = carriage.away.copy();
                byte[] full = carriage.export(second, null);
                FaultyBackend faulty = new FaultyBackend(backend);
                faulty.arm(fault, call, FaultyBackend.CHANGES);
                try (Repository opened = Carriage.open(faulty)) {
                    new Import(opened).run(new Carriage.Bytes(full, true), ProgressListener.NONE);
                } catch (IOException e) {
                    assertTrue(faulty.isTriggered(), String.valueOf(e));
                }
                killed = faulty.isTriggered();
                kills += killed ? 1 : 0;
                String when = fault + " at change " + call;
                assertTrue(Carriage.snapshots(backend).size() <= 1, when);
                Carriage.take(backend, full);
                try (Repository opened = Carriage.open(backend)) {
                    opened.loadIndex()
                            .begin(opened.compression())
                            .abandon(); // The next session puts copies that are missing.
                    for (JobLog.Open job : opened.jobs().list()) {
                        opened.jobs().end(job.id()); // Its process is this one, and would not be taken for dead.
                    }
                }
                assertEquals(List.of(), Carriage.check(backend), when);
                List<StoredSnapshot> all = Carriage.snapshots(backend);
                assertEquals(1, all.size(), when);
                assertEquals(
                        carriage.tree(second),
                        carriage.restored(backend, all.get(0).id()),
                        when);
                expectNothingTwice(backend, when);
            }
        }
        assertTrue(kills > 20, kills + " kills");
    }

    private static void expectNothingTwice(MemoryBackend backend, String when) throws IOException {
        try (Repository opened = Carriage.open(backend)) {
            Set<String> seen = new HashSet<>();
            opened.loadIndex().index().forEachPack((pack, length) -> {
                PackTable table = opened.index().table(pack);
                for (int row = 0; row < table.rowCount(); row++) {
                    assertTrue(table.rowDead(row) || seen.add("" + table.rowId(row)), when);
                }
            });
        }
    }

    /** A prune moves what an export is about to read. */
    @Test
    void anExportBesideAPruneIsWhole() throws IOException {
        Files.delete(carriage.source.resolve("docs/kept"));
        StoredSnapshot last = carriage.snapshot();
        MemoryBackend home = carriage.home.copy();
        carriage.forget(home, first.id());
        carriage.forget(home, second.id());
        long calls = 0;
        for (long at = 1; at == 1 || at <= calls; at++) {
            MemoryBackend backend = home.copy();
            BesideBackend beside = new BesideBackend(backend, at, () -> prune(backend, false));
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            try (Repository opened = Carriage.open(beside.backend())) {
                new Export(opened).run(last, null, output, ProgressListener.NONE);
            }
            calls = beside.calls();
            MemoryBackend away = carriage.away.copy();
            ImportReport report = Carriage.take(away, output.toByteArray());
            assertEquals(carriage.tree(last), carriage.restored(away, report.snapshot()), "prune before call " + at);
        }
        assertTrue(calls > 8, calls + " calls");
    }
}
