package io.packstone.backup.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backup.BackupReport;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.SnapshotId;
import io.packstone.maintenance.prune.Undelete;
import io.packstone.metadata.RawName;
import io.packstone.pack.PackClass;
import io.packstone.repository.StoredSnapshot;
import io.packstone.snapshot.SnapshotNote.Pin;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.source.rules.GlobFilter;
import io.packstone.source.rules.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RewriteTest {
    @TempDir
    Path folder = Path.of("");

    private Shelf shelf;

    @BeforeEach
    void fill() throws IOException {
        shelf = new Shelf(folder);
        shelf.file("docs/kept", 1, 700_000);
        shelf.file("docs/keys", 2, 900_000);
        shelf.file("empty/only", 3, 10);
    }

    @AfterEach
    void close() throws IOException {
        shelf.close();
    }

    private static SnapshotId only(RewriteReport report) {
        assertEquals(1, report.made().size(), report.toString());
        return report.made().get(0).snapshot();
    }

    @Test
    void whatIsDroppedIsGoneFromTheRepositoryAndTheRestIsByteForByteAsItWas() throws IOException {
        shelf.snapshot();
        shelf.file("docs/new", 4, 300_000);
        shelf.snapshot();
        Set<ChunkId> secret = shelf.chunks(shelf.snapshots().get(0), "docs/keys");
        assertTrue(shelf.stored(ChunkType.DATA).containsAll(secret));
        List<Path> expected = new ArrayList<>();
        for (StoredSnapshot former : shelf.snapshots()) {
            expected.add(shelf.restore(former, GlobFilter.of("keys")));
        }
        RewriteReport report = shelf.rewrite(shelf.excluding("keys"), true);
        assertEquals(2, report.made().size());
        assertEquals(2, report.forgotten().size());
        assertEquals(List.of(), shelf.prune().problems());
        shelf.reopen();
        shelf.repository().loadIndex();
        Set<ChunkId> left = shelf.stored(ChunkType.DATA);
        secret.forEach(chunk -> assertFalse(left.contains(chunk), "a chunk is still in a pack: " + chunk));
        assertTrue(shelf.bytes("packs/") < 1_020_000, "left: " + shelf.bytes("packs/"));
        assertEquals(2, shelf.snapshots().size());
        for (int i = 0; i < 2; i++) {
            assertEquals(
                    List.of(),
                    shelf.differences(expected.get(i), shelf.snapshots().get(i)));
        }
        assertEquals(List.of(), shelf.check());
        assertEquals(0, shelf.count("jobs/"));
        assertTrue(shelf.plan(shelf.excluding("keys")).changes().isEmpty());
    }

    @Test
    void whereNothingFitsNothingIsTouched() throws IOException {
        shelf.snapshot();
        Set<String> before = Set.copyOf(shelf.backend.stored().keySet());
        RewritePlan plan = shelf.plan(shelf.excluding("nothing", "/nowhere/at/all"));
        assertEquals(1, plan.untouched().size());
        RewriteReport report = shelf.rewrite(shelf.excluding("nothing", "/nowhere/at/all"), true);
        assertEquals(List.of(), report.made());
        assertEquals(List.of(), report.forgotten());
        assertEquals(before, shelf.backend.stored().keySet());
    }

    @Test
    void aPlanSaysWhatWouldGoAndChangesNothing() throws IOException {
        SnapshotId id = shelf.snapshot();
        Set<String> before = Set.copyOf(shelf.backend.stored().keySet());
        RewritePlan plan = shelf.plan(shelf.dropping(shelf.source.resolve("docs")));
        assertEquals(id, plan.changes().get(0).former().id());
        assertEquals(3, plan.changes().get(0).dropped().entries());
        assertEquals(2, plan.changes().get(0).dropped().files());
        assertEquals(1_600_000, plan.changes().get(0).dropped().bytes());
        assertEquals(before, shelf.backend.stored().keySet());
    }

    @Test
    void aFolderGoesWithAllBelowIt() throws IOException {
        shelf.file("docs/deep/er/x", 9, 10);
        shelf.snapshot();
        SnapshotId made = only(shelf.rewrite(shelf.dropping(shelf.source.resolve("docs")), false));
        assertEquals(List.of("empty", "empty/only"), shelf.paths(shelf.find(made)));
        SnapshotRecord record = shelf.find(made).record();
        assertEquals(1, record.counts().files());
        assertEquals(10, record.counts().bytes());
    }

    @Test
    void onlyTheChosenSnapshotsAreRewritten() throws IOException {
        SnapshotId first = shelf.snapshot();
        SnapshotId second = shelf.snapshot();
        RewriteOptions one = shelf.excluding("keys").withChosen(List.of(second));
        SnapshotId made = only(shelf.rewrite(one, true));
        assertEquals(
                List.of(first, made),
                shelf.snapshots().stream().map(StoredSnapshot::id).toList());
        assertTrue(shelf.paths(shelf.find(first)).contains("docs/keys"));
    }

    @Test
    void aNewSnapshotSaysWhatTheFormerOneSaidAndWhatItWasMadeFrom() throws IOException {
        shelf.snapshot("first");
        SnapshotId second = shelf.snapshot("evening");
        SnapshotId third = shelf.snapshot();
        shelf.repository()
                .snapshots()
                .annotate(
                        second,
                        Pin.PROTECTED,
                        List.of("more"),
                        List.of(),
                        shelf.repository().randomness());
        SnapshotRecord former = shelf.find(second).record();
        RewriteReport report = shelf.rewrite(shelf.excluding("keys").withChosen(List.of(second)), false);
        StoredSnapshot made = shelf.find(only(report));
        assertEquals(former.time(), made.record().time());
        assertEquals(former.host(), made.record().host());
        assertEquals(former.user(), made.record().user());
        assertEquals(former.paths(), made.record().paths());
        assertEquals(List.of("evening", "more"), made.record().tags());
        assertTrue(made.isProtected());
        assertEquals(
                new SnapshotRecord.Origin(second, former.order()), made.record().origin());
        assertEquals(List.of("rewritten", "ignore=keys"), made.record().options());
        assertEquals(4, shelf.snapshots().size(), "the former one stays");
        assertEquals(third, shelf.snapshots().get(3).id(), "the newest is the newest still");
        assertEquals(List.of(), shelf.check());
    }

    @Test
    void theNextSnapshotIsComparedWithTheNewestRewrittenOne() throws IOException {
        shelf.snapshot();
        shelf.snapshot();
        SnapshotId newest =
                shelf.rewrite(shelf.excluding("keys"), true).made().get(1).snapshot();
        BackupReport report = shelf.report(List.of(shelf.source), Rules.NONE);
        assertEquals(newest, report.parent());
        assertEquals(1, report.filesNew(), "what is dropped from history and still on disk is new");
        assertEquals(2, report.filesUnchanged());
        assertEquals(900_000, report.bytesRead());
        assertEquals(List.of(), shelf.check());
    }

    @Test
    void aProtectedSnapshotGivesWayToAProtectedOneOnly() throws IOException {
        SnapshotId first = shelf.snapshot();
        var log = shelf.repository().snapshots();
        log.annotate(
                first, Pin.PROTECTED, List.of(), List.of(), shelf.repository().randomness());
        RewriteReport report = shelf.rewrite(shelf.excluding("keys"), true);
        assertEquals(List.of(first), report.forgotten());
        assertEquals(1, shelf.snapshots().size());
        assertEquals(only(report), shelf.snapshots().get(0).id());
        assertTrue(shelf.snapshots().get(0).isProtected());
        shelf.prune();
        assertEquals(List.of(), shelf.check());
    }

    @Test
    void rewrittenAgainItIsFoundAndNotMadeTwice() throws IOException {
        SnapshotId first = shelf.snapshot();
        SnapshotId made = only(shelf.rewrite(shelf.excluding("keys"), false));
        assertEquals(made, shelf.plan(shelf.excluding("keys")).changes().get(0).already());
        RewriteReport again = shelf.rewrite(shelf.excluding("keys"), true);
        assertEquals(made, only(again));
        assertFalse(again.made().get(0).isNew());
        assertEquals(List.of(first), again.forgotten());
        assertEquals(made, shelf.snapshots().get(0).id());
        SnapshotId other = only(shelf.rewrite(shelf.excluding("kept"), true));
        assertNotEquals(made, other);
        assertEquals(
                List.of("rewritten", "ignore=keys", "rewritten", "ignore=kept"),
                shelf.find(other).record().options());
        shelf.prune();
        assertEquals(List.of(), shelf.check());
    }

    @Test
    void aForgottenSnapshotIsBackUntilThePrune() throws IOException {
        SnapshotId first = shelf.snapshot();
        Path whole = shelf.restore(shelf.find(first), GlobFilter.NONE);
        shelf.rewrite(shelf.excluding("keys"), true);
        StoredSnapshot forgotten =
                shelf.repository().snapshots().list().forgotten().get(0);
        SnapshotId back = new Undelete(shelf.repository()).run(forgotten);
        assertEquals(List.of(), shelf.differences(whole, shelf.find(back)));
    }

    @Test
    void givenPathsAndFoldersAboveThemFitNoPatternButGoByName() throws IOException {
        Path docs = shelf.source.resolve("docs");
        Path empty = shelf.source.resolve("empty");
        shelf.report(List.of(docs, empty), Rules.NONE);
        String source = shelf.source.getFileName().toString();
        assertEquals(
                1,
                shelf.plan(shelf.excluding("docs", "empty/", source))
                        .untouched()
                        .size());
        SnapshotId made = only(shelf.rewrite(shelf.dropping(docs), true));
        assertEquals(List.of("empty", "empty/only"), shelf.paths(shelf.find(made)));
        assertEquals(2, shelf.find(made).record().paths().size());
        assertEquals(List.of(), shelf.check());
    }

    @Test
    void oneThatNothingWouldBeLeftOfStaysAndIsTold() throws IOException {
        SnapshotId whole = shelf.snapshot();
        RewritePlan plan = shelf.plan(shelf.dropping(shelf.source));
        assertEquals(whole, plan.emptied().get(0).id());
        RewriteReport report = shelf.rewrite(shelf.dropping(shelf.source), true);
        assertEquals(List.of(), report.made());
        assertEquals(whole, shelf.snapshots().get(0).id());
    }

    @Test
    void problemsOfWhatIsDroppedAreDroppedToo() throws IOException {
        StoredSnapshot taken = shelf.find(shelf.snapshot());
        SnapshotId degraded = commit(taken, "docs/keys/x");
        SnapshotId other = commit(taken, "docs/keys", "docs/other");
        shelf.forget(taken.id());
        List<RewriteReport.Made> made =
                shelf.rewrite(shelf.excluding("keys"), true).made();
        assertEquals(degraded, made.get(0).former().id());
        SnapshotRecord mended = shelf.find(made.get(0).snapshot()).record();
        assertEquals(SnapshotRecord.COMPLETE, mended.status());
        assertEquals(0, mended.problemCount());
        assertEquals(other, made.get(1).former().id());
        SnapshotRecord still = shelf.find(made.get(1).snapshot()).record();
        assertEquals(SnapshotRecord.DEGRADED, still.status());
        assertEquals(1, still.problemCount());
        assertTrue(still.problems().get(0).path().toText().endsWith("docs/other"));
    }

    /** A snapshot like {@code taken} that could not read some paths. */
    private SnapshotId commit(StoredSnapshot taken, String... unread) throws IOException {
        SnapshotRecord record = taken.record();
        List<SnapshotRecord.Problem> problems = List.of(unread).stream()
                .map(path -> new SnapshotRecord.Problem(
                        RawName.of(shelf.source.resolve(path).toString()), "permission denied"))
                .toList();
        SnapshotRecord degraded = new SnapshotRecord(
                record.root(),
                taken.id(),
                List.of(),
                0,
                null,
                record.time(),
                record.host(),
                record.user(),
                record.paths(),
                record.tags(),
                record.strategy(),
                SnapshotRecord.DEGRADED,
                problems,
                problems.size(),
                record.counts(),
                record.options(),
                record.consistency(),
                record.program());
        try (var session = shelf.repository().begin(shelf.repository().compression())) {
            return java.util.Objects.requireNonNull(session.commit(degraded).snapshot());
        }
    }

    /** A folder that is excluded where it was found by a walk is spared where it was given: what one keeps the other drops. */
    @Test
    void whatASnapshotSparesSinceItWasGivenAnotherDropsThoughTheyShareNodes() throws IOException {
        Path keys = shelf.source.resolve("keys");
        for (int i = 0; i < 800; i++) {
            shelf.file("keys/f" + i + "long".repeat(50), i, 0);
        }
        SnapshotId given = java.util.Objects.requireNonNull(
                shelf.report(List.of(keys), Rules.NONE).snapshot());
        SnapshotId above = shelf.snapshot();
        RewritePlan plan = shelf.plan(shelf.excluding("keys"));
        assertEquals(given, plan.untouched().get(0).id());
        assertEquals(above, plan.changes().get(0).former().id());
        assertEquals(802, plan.changes().get(0).dropped().entries(), "the folder, what is in it, and docs/keys");
    }

    @Test
    void nodesWithoutWhatIsDroppedAreTakenOverAsTheyAre() throws IOException {
        for (int i = 0; i < 2000; i++) {
            shelf.file("many/d" + i / 200 + "/file" + i + "long".repeat(40), i, 0);
        }
        shelf.snapshot();
        Set<ChunkId> before = shelf.stored(ChunkType.NODE);
        assertTrue(before.size() > 8, before.size() + " nodes");
        RewriteReport report = shelf.rewrite(shelf.excluding("file1333*"), false);
        assertEquals(1, report.made().get(0).dropped().entries());
        Set<ChunkId> fresh = new HashSet<>(shelf.stored(ChunkType.NODE));
        fresh.removeAll(before);
        assertTrue(fresh.size() <= 5, fresh.size() + " new nodes beside " + before.size());
        assertTrue(report.bytesStored() < 60_000, report.bytesStored() + " bytes stored");
    }

    @Test
    void aSnapshotThatCanNotBeReadIsToldAndTheOthersAreRewritten() throws IOException {
        SnapshotId first = shelf.snapshot();
        shelf.reopen();
        shelf.repository().loadIndex();
        Map<String, byte[]> trees = new java.util.HashMap<>();
        for (String name : List.copyOf(shelf.backend.stored().keySet())) {
            if (name.startsWith("packs/") && isTree(name)) {
                trees.put(name, shelf.backend.stored().get(name));
            }
        }
        assertEquals(1, trees.size());
        shelf.file("docs/new", 8, 100);
        SnapshotId second = shelf.snapshot();
        trees.forEach((name, bytes) -> shelf.backend.stored().remove(name));
        shelf.reopen();
        RewriteReport report = shelf.rewrite(shelf.excluding("**/docs/new"), true);
        assertEquals(first, report.unread().get(0).snapshot().id(), report.toString());
        assertEquals(second, report.made().get(0).former().id());
        assertTrue(shelf.snapshots().stream().anyMatch(each -> each.id().equals(first)));
    }

    private boolean isTree(String name) throws IOException {
        PackId id = java.util.Objects.requireNonNull(io.packstone.backend.ObjectNames.packId(name));
        return shelf.repository().index().table(id).packClass() == PackClass.TREE;
    }

    @Test
    void whatSomebodyForgetsMeanwhileIsLeftAlone() throws IOException {
        SnapshotId first = shelf.snapshot();
        Rewrite rewrite = new Rewrite(shelf.repository(), shelf.excluding("keys"));
        RewritePlan plan = rewrite.plan(io.packstone.progress.ProgressListener.NONE);
        shelf.forget(first);
        RewriteReport report = rewrite.apply(plan, true, io.packstone.progress.ProgressListener.NONE);
        assertEquals(first, report.spared().get(0).snapshot());
        assertEquals(List.of(), report.made());
        assertEquals(List.of(), shelf.snapshots());
        assertThrows(IllegalArgumentException.class, () -> new RewriteOptions(List.of(), GlobFilter.NONE, List.of()));
        assertTrue(Files.exists(shelf.source));
    }

    /** Without time between plan and deed: what is said of the former one since, and of nothing else, goes along. */
    @Test
    void tagsOfTheLastMomentGoAlong() throws IOException {
        SnapshotId first = shelf.snapshot("a", "b");
        var log = shelf.repository().snapshots();
        SnapshotId made = only(shelf.rewrite(shelf.excluding("keys"), false));
        log.annotate(
                made, Pin.SILENT, List.of("own"), List.of(), shelf.repository().randomness());
        Rewrite rewrite = new Rewrite(shelf.repository(), shelf.excluding("keys"));
        RewritePlan plan = rewrite.plan(io.packstone.progress.ProgressListener.NONE);
        log.annotate(
                first,
                Pin.PROTECTED,
                List.of("c"),
                List.of("a"),
                shelf.repository().randomness());
        rewrite.apply(plan, true, io.packstone.progress.ProgressListener.NONE);
        assertEquals(1, shelf.snapshots().size());
        assertEquals(List.of("b", "c", "own"), shelf.find(made).record().tags());
        assertTrue(shelf.find(made).isProtected());
    }
}
