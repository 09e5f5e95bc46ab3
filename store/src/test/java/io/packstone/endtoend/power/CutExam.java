package io.packstone.endtoend.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.Backend;
import io.packstone.endtoend.Scratch;
import io.packstone.endtoend.Workplace;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.Restore;
import io.packstone.restore.RestoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The examination of what a power cut left: of all that was acknowledged, of the next run, and of what is left then. */
final class CutExam {
    private final CutLife life;
    private final CutLife.Expected expected;
    private final Place place;
    private final Path scratch;

    /** Where what was left lies; may be opened again and again. */
    interface Place {
        Backend open() throws IOException;
    }

    /** Restores below {@code scratch}. */
    CutExam(CutLife life, CutLife.Expected expected, Place place, Path scratch) {
        this.life = life;
        this.expected = expected;
        this.place = place;
        this.scratch = scratch;
    }

    void take() throws IOException {
        try (Backend left = place.open()) {
            if (!expected.isMade() && !Repository.exists(left)) {
                InitOptions options = InitOptions.defaults().withKeyCost(KeyCost.TEST);
                Repository.init(left, options, Workplace.SECRET, Clock.systemUTC());
            }
        }
        Set<SnapshotId> before = new HashSet<>();
        try (Repository opened = CutLife.open(place.open(), Workplace.SECRET)) {
            opened.loadIndex();
            Workplace.onlyCopiesAreMissing(opened);
            for (StoredSnapshot snapshot : listed(opened)) {
                before.add(snapshot.id());
                examine(opened, snapshot);
            }
            life.place.snapshot(opened);
        }
        if (expected.hasKey()) {
            CutLife.open(place.open(), CutLife.SECOND).close();
        }
        try (Repository opened = CutLife.open(place.open(), Workplace.SECRET)) {
            Workplace.pruneAll(opened);
        }
        try (Repository opened = CutLife.open(place.open(), Workplace.SECRET)) {
            opened.loadIndex();
            Workplace.nothingIsDamaged(opened);
            List<StoredSnapshot> listed = listed(opened);
            StoredSnapshot newest = listed.get(listed.size() - 1);
            assertEquals(Workplace.describe(life.place.source), restored(opened, newest));
            Set<SnapshotId> after = new HashSet<>();
            listed.forEach(snapshot -> after.add(snapshot.id()));
            after.remove(newest.id());
            assertEquals(before, after);
        }
        nothingIsLeftOver();
    }

    private List<StoredSnapshot> listed(Repository opened) throws IOException {
        var view = opened.snapshots().list();
        assertEquals(List.of(), view.unreadable());
        Set<SnapshotId> missing = new HashSet<>(expected.acknowledged().keySet());
        view.snapshots().forEach(snapshot -> missing.remove(snapshot.id()));
        assertEquals(Set.of(), missing, "acknowledged and gone");
        for (StoredSnapshot snapshot : view.snapshots()) {
            assertTrue(!expected.forgotten().contains(snapshot.id()), "forgotten and there again: " + snapshot.id());
        }
        return view.snapshots();
    }

    private void examine(Repository opened, StoredSnapshot snapshot) throws IOException {
        Map<String, String> wanted = expected.acknowledged().get(snapshot.id());
        if (wanted == null) {
            wanted = expected.perhaps().get(snapshot.id());
        }
        Map<String, String> found = restored(opened, snapshot);
        if (wanted == null) {
            assertTrue(expected.unanswered().contains(found), "nobody took " + snapshot.id());
        } else {
            assertEquals(wanted, found, "snapshot " + snapshot.id());
        }
    }

    private Map<String, String> restored(Repository opened, StoredSnapshot snapshot) throws IOException {
        Path target = Files.createTempDirectory(scratch, "t");
        RestoreOptions options =
                RestoreOptions.to(Workplace.name(target)).withPath(TreePath.parse(Workplace.name(life.place.source)));
        var report = new Restore(opened).run(snapshot, options, ProgressListener.NONE);
        assertEquals(0, report.errors(), () -> report.problems().toString());
        Map<String, String> found = Workplace.describe(target);
        Scratch.delete(target);
        return found;
    }

    /** No job, no exec and no void claim of the dead. */
    private void nothingIsLeftOver() throws IOException {
        try (Backend left = place.open()) {
            assertEquals(List.of(), Workplace.announcements(left));
        }
    }
}
