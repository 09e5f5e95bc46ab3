package io.packstone.backup.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.endtoend.Workplace;
import io.packstone.id.SnapshotId;
import io.packstone.maintenance.prune.PruneOptions;
import io.packstone.repository.JobLog;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.source.rules.GlobFilter;
import io.packstone.testkit.BesideBackend;
import io.packstone.testkit.FaultyBackend;
import io.packstone.testkit.FaultyBackend.Fault;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rewrite that is killed, or that others work beside: a prune, whoever forgets. */
final class RewriteBesideTest {
    private static final RewriteOptions KEYS = RewriteOptions.ofAll(GlobFilter.of("keys"));

    @TempDir
    Path folder = Path.of("");

    private Shelf shelf;
    private List<Path> expected;

    /** Two snapshots, and garbage that makes a prune move what they need. */
    @BeforeEach
    void fill() throws IOException {
        shelf = new Shelf(folder);
        shelf.file("docs/kept", 1, 70_000);
        shelf.file("docs/garbage", 2, 90_000);
        SnapshotId garbage = shelf.snapshot();
        java.nio.file.Files.delete(shelf.source.resolve("docs/garbage"));
        shelf.file("docs/keys", 3, 80_000);
        shelf.file("docs/own", 5, 20_000);
        StoredSnapshot first = shelf.find(shelf.snapshot());
        java.nio.file.Files.delete(shelf.source.resolve("docs/own"));
        shelf.file("docs/new", 4, 30_000);
        StoredSnapshot second = shelf.find(shelf.snapshot());
        shelf.forget(garbage);
        expected = List.of(shelf.restore(first, GlobFilter.of("keys")), shelf.restore(second, GlobFilter.of("keys")));
    }

    @AfterEach
    void close() throws IOException {
        shelf.close();
    }

    private static void prune(MemoryBackend backend) throws IOException {
        try (Repository other = Shelf.open(backend)) {
            Workplace.prune(other, PruneOptions.defaults().withMaxUnused(0));
        }
    }

    private static void forget(MemoryBackend backend, SnapshotId id) throws IOException {
        try (Repository other = Shelf.open(backend)) {
            other.snapshots().forget(id, other.snapshots().list().heads());
        }
    }

    @Test
    void aPruneAtAnyMomentTakesNothingThatARewriteNeeds() throws IOException {
        long calls = 0;
        for (long at = 1; at == 1 || at <= calls; at += at < 6 ? 1 : 3) {
            MemoryBackend backend = shelf.backend.copy();
            BesideBackend beside = new BesideBackend(backend, at, () -> prune(backend));
            try (Repository opened = Shelf.open(beside.backend())) {
                RewriteReport report = Shelf.rewrite(opened, KEYS, true);
                assertEquals(2, report.made().size(), "prune before call " + at + ": " + report);
            }
            calls = beside.calls();
            expectRewritten(backend, "prune before call " + at + " of " + calls);
        }
        assertTrue(calls > 50, calls + " calls");
    }

    /** And frees what is dropped once it may. */
    private void expectRewritten(MemoryBackend backend, String when) throws IOException {
        // Second copies of forget records are put by a repair, or not needed any more after a prune.
        assertEquals(
                List.of(),
                Shelf.check(backend).stream()
                        .filter(damage -> !damage.object().endsWith(".forgot.b"))
                        .toList(),
                when);
        prune(backend);
        prune(backend);
        assertEquals(List.of(), Shelf.check(backend), when);
        try (Shelf again = new Shelf(folder, backend)) {
            assertTrue(again.bytes("packs/") < 140_000, when + ", left: " + again.bytes("packs/"));
            assertEquals(2, again.snapshots().size(), when);
            assertEquals(0, again.count("jobs/"), when);
            again.repository().loadIndex();
            for (int i = 0; i < 2; i++) {
                Path target = again.restore(again.snapshots().get(i), GlobFilter.NONE);
                List<String> differences = io.packstone.testkit.TreeCompare.differences(expected.get(i), target);
                io.packstone.endtoend.Scratch.delete(target);
                assertEquals(List.of(), differences, when);
            }
        }
    }

    /** The former snapshot goes before the new one stands: that is then not made, or whole. */
    @Test
    void whoeverForgetsAndPrunesAtAnyMomentLeavesNoHalfSnapshot() throws IOException {
        SnapshotId first = shelf.snapshots().get(0).id();
        long calls = 0;
        int made = 0;
        int spared = 0;
        for (long at = 1; at == 1 || at <= calls; at++) {
            MemoryBackend backend = shelf.backend.copy();
            BesideBackend beside = new BesideBackend(backend, at, () -> {
                forget(backend, first);
                prune(backend);
            });
            try (Repository opened = Shelf.open(beside.backend())) {
                RewriteReport report = Shelf.rewrite(opened, KEYS, false);
                made += report.made().size();
                spared += report.spared().size();
                assertEquals(List.of(), report.unread(), "it is gone, and not damaged");
            }
            calls = beside.calls();
            assertEquals(List.of(), Shelf.check(backend), "forgotten before call " + at + " of " + calls);
        }
        assertTrue(made > 30 && spared > 5, made + " made, " + spared + " spared");
    }

    @Test
    void killedAtAnyMomentItLosesNothingAndIsFinishedByTheNext() throws IOException {
        for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
            boolean killed = true;
            for (int call = 1; killed; call++) {
                MemoryBackend backend = shelf.backend.copy();
                FaultyBackend faulty = new FaultyBackend(backend);
                faulty.arm(fault, call, FaultyBackend.CHANGES);
                try (Repository opened = Shelf.open(faulty)) {
                    Shelf.rewrite(opened, KEYS, true);
                } catch (IOException e) {
                    assertTrue(faulty.isTriggered(), String.valueOf(e));
                }
                killed = faulty.isTriggered();
                String when = fault + " at call " + call;
                expectNothingLost(backend, when);
                try (Repository opened = Shelf.open(backend)) {
                    Shelf.rewrite(opened, KEYS, true);
                    opened.begin(opened.compression()).abandon(); // The next session puts copies that are missing.
                    for (JobLog.Open job : opened.jobs().list()) {
                        opened.jobs().end(job.id()); // Its process is this one, and would not be taken for dead.
                    }
                }
                expectRewritten(backend, when);
            }
        }
    }

    /** Of each state of files there is one snapshot at least, whole or rewritten. */
    private void expectNothingLost(MemoryBackend backend, String when) throws IOException {
        try (Repository opened = Shelf.open(backend)) {
            List<StoredSnapshot> there = opened.snapshots().list().snapshots();
            assertTrue(there.size() >= 2, when);
            assertEquals(
                    2,
                    there.stream().map(each -> each.record().time()).distinct().count(),
                    when);
        }
    }
}
