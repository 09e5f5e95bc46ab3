package io.packstone.maintenance.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.ObjectNames;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.id.PackId;
import io.packstone.id.SnapshotId;
import io.packstone.maintenance.retention.TimeSpan;
import io.packstone.pack.PackTable;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.snapshot.SnapshotState;
import io.packstone.testkit.FaultyBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PruneTest {
    private static final PruneOptions ALL = PruneOptions.defaults().withMaxUnused(0);

    @TempDir
    Path folder = Path.of("");

    private Garden garden;

    @BeforeEach
    void init() throws IOException {
        garden = new Garden(folder);
    }

    @AfterEach
    void close() throws IOException {
        garden.close();
    }

    private SnapshotId twoSnapshots() throws IOException {
        garden.file("kept", 1, 700_000);
        garden.file("gone", 2, 900_000);
        SnapshotId first = garden.snapshot();
        garden.delete("gone");
        garden.file("new", 3, 300_000);
        garden.snapshot();
        return first;
    }

    @Test
    void aRepositoryWithoutGarbageStaysAsItIs() throws IOException {
        twoSnapshots();
        Map<String, byte[]> before = Map.copyOf(garden.backend.stored());
        assertTrue(garden.plan(ALL).isEmpty());
        PruneReport report = garden.prune(ALL);
        assertEquals(0, report.packsDeleted());
        assertEquals(before.keySet(), garden.backend.stored().keySet());
    }

    @Test
    void aPlanChangesNothing() throws IOException {
        garden.forget(twoSnapshots());
        Map<String, byte[]> before = Map.copyOf(garden.backend.stored());
        PrunePlan plan = garden.plan(ALL);
        assertTrue(plan.bytesFreed() > 800_000, plan.toString());
        assertEquals(1, plan.snapshotsRemoved());
        assertEquals(before.keySet(), garden.backend.stored().keySet());
    }

    @Test
    void whatOnlyAForgottenSnapshotNeededIsFreedAndTheRestIsWhole() throws IOException {
        SnapshotId first = twoSnapshots();
        garden.forget(first);
        PruneReport report = garden.prune(ALL);
        assertEquals(List.of(), report.problems());
        assertTrue(garden.bytes("packs/") < 1_030_000, "left: " + garden.bytes("packs/"));
        assertEquals(List.of(), garden.check());
        assertEquals(1, garden.snapshots().size());
        assertEquals(0, garden.count("gc/exec/"));
        assertEquals(0, garden.count("jobs/"));
        assertEquals(2, garden.count("gc/done/"));
        assertFalse(garden.backend.stored().containsKey(ObjectNames.snapshot(first)));
        assertTrue(garden.plan(ALL).isEmpty());
    }

    @Test
    void afterwardsSnapshotsAreTakenAndPrunedAsBefore() throws IOException {
        for (int round = 0; round < 6; round++) {
            garden.file("f" + round % 3, round, 400_000);
            garden.file("g" + round, 100 + round, 150_000);
            SnapshotId taken = garden.snapshot();
            if (round % 2 == 1) {
                garden.forget(garden.snapshots().get(0).id());
                garden.prune(round % 4 == 1 ? ALL : PruneOptions.defaults());
            }
            if (round % 3 == 2) {
                garden.reopen();
            }
            assertEquals(List.of(), garden.check(), "round " + round + " after " + taken);
        }
        assertEquals(2, garden.count("gc/done/"));
    }

    @Test
    void withNothingLeftEverythingGoes() throws IOException {
        garden.file("a", 1, 500_000);
        garden.forget(garden.snapshot());
        garden.prune(PruneOptions.defaults());
        assertEquals(0, garden.count("packs/"));
        assertEquals(0, garden.count("index/"));
        assertEquals(0, garden.count("snapshots/"));
        garden.snapshot();
        assertEquals(List.of(), garden.check());
    }

    @Test
    void sealedBlocksMoveUnopenedAndTheirDeadRowsAreNeverOffered() throws IOException {
        garden.file("a", 1, 100_000);
        garden.file("b", 2, 100_000);
        garden.file("big", 3, 12_000_000);
        garden.snapshot();
        garden.delete("b");
        garden.delete("big");
        garden.snapshot();
        garden.forget(garden.snapshots().get(0).id());
        PruneReport report = garden.prune(ALL.withSealedBlocksOnly());
        assertTrue(report.packsRewritten() > 0, report.toString());
        assertTrue(garden.bytes("packs/") < 500_000, "left: " + garden.bytes("packs/"));
        assertTrue(deadRows() > 0);
        assertEquals(List.of(), garden.check());
        garden.reopen();
        garden.file("b", 2, 100_000);
        garden.snapshot();
        assertEquals(List.of(), garden.check());
        assertTrue(garden.plan(ALL.withSealedBlocksOnly()).isEmpty(), "what can't be freed is not moved again");
        garden.prune(ALL);
        assertEquals(0, deadRows());
        assertEquals(List.of(), garden.check());
    }

    private int deadRows() throws IOException {
        try (Repository fresh =
                Repository.open(garden.backend, Garden.SECRET, io.packstone.repository.RepositoryOptions.defaults())) {
            int[] dead = new int[1];
            fresh.loadIndex().index().forEachPack((id, length) -> {
                PackTable table = fresh.index().table(id);
                for (int row = 0; row < table.rowCount(); row++) {
                    dead[0] += table.rowDead(row) ? 1 : 0;
                }
            });
            return dead[0];
        }
    }

    @Test
    void aTenthMayStayUnused() throws IOException {
        garden.file("big", 1, 4_000_000);
        garden.file("small", 2, 150_000);
        garden.snapshot();
        garden.delete("small");
        garden.snapshot();
        garden.forget(garden.snapshots().get(0).id());
        PrunePlan lazy = garden.plan(PruneOptions.defaults());
        assertEquals(0, lazy.packsRepacked(), lazy.toString());
        assertTrue(lazy.bytesDead() > 100_000, lazy.toString());
        assertTrue(garden.plan(ALL).packsRepacked() > 0);
        assertTrue(garden.plan(ALL.withMaxRepack(1000)).bytesRewritten() <= 1000);
    }

    @Test
    void packsOfAJobArePendingUntilItIsVoid() throws IOException {
        garden.file("a", 1, 300_000);
        garden.snapshot();
        long before = garden.count("packs/");
        OrphanMaker.putPackOfAJobThatNeverEnds(garden.repository(), 5);
        assertEquals(before + 1, garden.count("packs/"));
        assertTrue(garden.count("jobs/") > 0);
        assertEquals(0, garden.prune(ALL).packsDeleted(), "its process lives: it is this one");
        garden.repository().jobs().list().forEach(job -> OrphanMaker.makeVoid(garden.repository(), job.id()));
        assertEquals(1, garden.prune(ALL).packsDeleted());
        assertEquals(0, garden.count("jobs/"));
        assertEquals(List.of(), garden.check());
    }

    @Test
    void aClaimOfADeadJobIsMadeVoidAndWhatItNeededIsFreed() throws IOException {
        SnapshotId first = twoSnapshots();
        Repository repository = garden.repository();
        SnapshotId claim = OrphanMaker.putClaimOfAJobThatNeverEnds(repository, first);
        garden.forget(first);
        assertEquals(0, garden.prune(ALL).packsDeleted(), "its process lives: it is this one");
        repository.jobs().list().forEach(job -> OrphanMaker.makeVoid(repository, job.id()));
        assertTrue(garden.prune(ALL).bytesFreed() > 800_000);
        assertEquals(SnapshotState.VOID, repository.snapshots().state(claim));
        assertEquals(0, garden.count("jobs/"));
        assertEquals(List.of(), garden.check());
        garden.prune(ALL);
        assertFalse(garden.backend.stored().containsKey(ObjectNames.snapshot(claim)));
    }

    @Test
    void anExecAnnouncedAfterThePlanIsNotTakenForDead() throws IOException {
        garden.file("gone", 1, 300_000);
        SnapshotId first = garden.snapshot();
        garden.delete("gone");
        garden.file("kept", 2, 300_000);
        garden.snapshot();
        garden.forget(first);
        try (Prune early = new Prune(garden.repository(), java.time.Clock.systemUTC())) {
            PrunePlan plan = early.plan(PruneOptions.defaults(), ProgressListener.NONE);
            FaultyBackend meeting = new FaultyBackend(garden.backend) {
                @Override
                public void put(String name, byte[] bytes) throws IOException {
                    super.put(name, bytes);
                    if (name.startsWith(ObjectNames.GC_EXEC) && name.endsWith(".b")) {
                        early.apply(plan, ProgressListener.NONE);
                    }
                }
            };
            try (Repository other = Repository.open(
                            meeting, Garden.SECRET, io.packstone.repository.RepositoryOptions.defaults());
                    Prune late = new Prune(other, java.time.Clock.systemUTC())) {
                PruneReport report =
                        late.apply(late.plan(PruneOptions.defaults(), ProgressListener.NONE), ProgressListener.NONE);
                assertTrue(report.packsDeleted() > 0, report.toString());
                assertEquals(0, report.packsSpared(), report.toString());
            }
        }
        assertEquals(0, garden.count("gc/exec/"));
        assertEquals(0, garden.count("jobs/"));
        assertEquals(List.of(), garden.check());
    }

    @Test
    void aWordThatForgetsWhatIsGoneGoesToo() throws IOException {
        SnapshotId first = twoSnapshots();
        garden.forget(first);
        String word = ObjectNames.forgot(first);
        byte[] bytes = garden.backend.stored().get(word);
        garden.prune(ALL);
        garden.backend.stored().put(word, bytes);
        assertEquals(List.of(), garden.check(), "as if killed between the two copies: nothing rests on it");
        garden.prune(ALL);
        assertFalse(garden.backend.stored().containsKey(word));
        assertEquals(List.of(), garden.check());
    }

    @Test
    void graceTakesTwoRunsAndNothingNewRestsOnWhatWaits() throws IOException {
        garden.forget(twoSnapshots());
        PruneOptions later = ALL.withGrace(TimeSpan.parse("1h"));
        PruneReport first = garden.prune(later);
        assertEquals(0, first.packsDeleted());
        assertTrue(first.packsWaiting() > 0);
        assertEquals(2, garden.count("gc/plan/"));
        assertEquals(0, garden.prune(later).packsDeleted());
        assertEquals(2, garden.count("gc/plan/"));
        try (Prune prune = new Prune(
                garden.repository(),
                java.time.Clock.offset(java.time.Clock.systemUTC(), java.time.Duration.ofHours(2)))) {
            PrunePlan plan = prune.plan(later, ProgressListener.NONE);
            assertTrue(prune.apply(plan, ProgressListener.NONE).packsDeleted() > 0);
        }
        assertEquals(0, garden.count("gc/plan/"));
        assertEquals(List.of(), garden.check());
    }

    @Test
    void undeleteBringsBackWhatNoPruneHasTakenYet() throws IOException {
        SnapshotId first = twoSnapshots();
        garden.forget(first);
        assertEquals(1, garden.snapshots().size());
        SnapshotId again = new Undelete(garden.repository())
                .run(garden.repository().snapshots().list().forgotten().get(0));
        assertEquals(2, garden.snapshots().size());
        assertEquals(again, garden.snapshots().get(0).id(), "it is back where it was, and not the newest one");
        garden.prune(ALL);
        assertEquals(List.of(), garden.check());
        garden.forget(again);
        var forgotten = garden.repository().snapshots().list().forgotten().get(0);
        garden.prune(ALL);
        RepositoryException refused =
                assertThrows(RepositoryException.class, () -> new Undelete(garden.repository()).run(forgotten));
        assertEquals(ErrorKind.MISSING, refused.kind());
        assertEquals(1, garden.snapshots().size());
        garden.prune(ALL);
        assertEquals(List.of(), garden.check());
    }

    @Test
    void nothingIsDeletedWhenASnapshotOrWhatItLeadsToCanNotBeRead() throws IOException {
        SnapshotId first = twoSnapshots();
        garden.forget(first);
        SnapshotId second = garden.snapshots().get(0).id();
        byte[] record = garden.backend.stored().remove(ObjectNames.snapshot(second));
        byte[] copy = garden.backend.stored().remove(ObjectNames.copyOf(ObjectNames.snapshot(second)));
        garden.reopen();
        assertThrows(RepositoryException.class, () -> garden.prune(ALL));
        garden.backend.stored().put(ObjectNames.snapshot(second), record);
        garden.backend.stored().put(ObjectNames.copyOf(ObjectNames.snapshot(second)), copy);
        List<String> trees = garden.backend.stored().keySet().stream()
                .filter(name -> name.startsWith("packs/") && isTree(name))
                .toList();
        Map<String, byte[]> taken = new java.util.HashMap<>();
        trees.forEach(name -> taken.put(name, garden.backend.stored().remove(name)));
        Map<String, byte[]> segments = new java.util.HashMap<>();
        for (String name : List.copyOf(garden.backend.stored().keySet())) {
            if (name.startsWith("index/")) {
                segments.put(name, garden.backend.stored().remove(name));
            }
        }
        garden.reopen();
        long before = garden.count("packs/");
        assertThrows(StoreException.class, () -> garden.prune(ALL));
        assertEquals(before, garden.count("packs/"));
        garden.backend.stored().putAll(taken);
        garden.backend.stored().putAll(segments);
        garden.reopen();
        garden.prune(ALL);
        assertEquals(List.of(), garden.check());
    }

    private boolean isTree(String name) {
        try {
            PackId id = java.util.Objects.requireNonNull(ObjectNames.packId(name));
            PackTable table = garden.repository().loadIndex().index().table(id);
            return table.packClass() == io.packstone.pack.PackClass.TREE;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void damageIsNeverCopiedUnderAGoodName() throws IOException {
        garden.file("kept", 1, 700_000);
        garden.file("gone", 2, 900_000);
        garden.snapshot();
        garden.delete("gone");
        garden.snapshot();
        garden.forget(garden.snapshots().get(0).id());
        String large = garden.backend.stored().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("packs/"))
                .max(java.util.Comparator.comparingInt(entry -> entry.getValue().length))
                .orElseThrow()
                .getKey();
        byte[] damaged = garden.backend.stored().get(large).clone();
        damaged[damaged.length / 2] ^= 1;
        garden.backend.stored().put(large, damaged);
        PruneReport report = garden.prune(ALL);
        assertEquals(1, report.problems().size(), report.toString());
        assertTrue(garden.backend.stored().containsKey(large));
    }

    @Test
    void ofWhatStandsTwiceOneProvenCopyIsKept() throws IOException {
        garden.file("a", 1, 600_000);
        garden.snapshot();
        OrphanMaker.storeEverythingTwice(garden.repository());
        garden.reopen();
        long before = garden.bytes("packs/");
        PrunePlan plan = garden.plan(ALL);
        assertTrue(plan.packsDead() > 0, plan.toString());
        garden.prune(ALL);
        assertTrue(garden.bytes("packs/") < before * 0.6, garden.bytes("packs/") + " of " + before);
        assertEquals(List.of(), garden.check());
    }

    @Test
    void manyShortSegmentsBecomeOne() throws IOException {
        for (int i = 0; i < 20; i++) {
            garden.file("f" + i, i, 3000);
            garden.snapshot();
        }
        assertEquals(20, garden.count("index/"));
        garden.prune(PruneOptions.defaults());
        assertEquals(1, garden.count("index/"));
        assertEquals(List.of(), garden.check());
        garden.file("again", 99, 3000);
        garden.snapshot();
        assertEquals(2, garden.count("index/"));
    }

    @Test
    void parityOfWhatIsDeletedGoesAndWhatIsWrittenAnewHasIt() throws IOException {
        garden.repository().changeParity(true);
        garden.reopen();
        garden.forget(twoSnapshots());
        garden.prune(ALL);
        assertEquals(garden.count("packs/") + garden.count("index/"), garden.count("parity/"));
        assertEquals(List.of(), garden.check());
    }
}
