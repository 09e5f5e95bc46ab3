package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.ObjectNames;
import io.packstone.keyslot.KeyCost;
import io.packstone.maintenance.healing.Recover;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packs alone are enough to find every snapshot again. */
final class RecoverTest {
    @TempDir
    Path folder = Path.of("");

    private Workplace place;
    private MemoryBackend stored;
    private Map<String, String> wanted;
    private Map<String, String> before;

    @BeforeEach
    void makeRepository() throws IOException {
        place = new Workplace(folder);
        place.fill(11, 30, 60_000);
        stored = new MemoryBackend();
        Repository.init(stored, InitOptions.defaults().withKeyCost(KeyCost.TEST), Workplace.SECRET, Clock.systemUTC());
        snapshot();
        before = Workplace.describe(place.source);
        Files.writeString(place.source.resolve("later"), "more");
        snapshot();
        wanted = Workplace.describe(place.source);
    }

    private void snapshot() throws IOException {
        try (Repository opened = Workplace.open(stored)) {
            place.snapshot(opened);
        }
    }

    private void lose(String prefix) {
        stored.stored().keySet().removeIf(name -> name.startsWith(prefix));
    }

    private List<Recover.Recovered> recoverAll() throws IOException {
        try (Repository opened = Workplace.open(stored).loadIndex()) {
            Recover recover = new Recover(opened, "test");
            List<Recover.Recovered> recovered = new ArrayList<>();
            for (Recover.Offer offer : recover.offers(ProgressListener.NONE)) {
                recovered.add(recover.apply(offer, ProgressListener.NONE));
            }
            return recovered;
        }
    }

    private List<Recover.Offer> offers() throws IOException {
        try (Repository opened = Workplace.open(stored).loadIndex()) {
            return new Recover(opened, "test").offers(ProgressListener.NONE);
        }
    }

    private void assertBothRestore() throws IOException {
        try (Repository opened = Workplace.open(stored).loadIndex()) {
            List<StoredSnapshot> all = opened.snapshots().list().snapshots();
            assertEquals(2, all.size());
            List<Map<String, String>> trees = new ArrayList<>();
            for (StoredSnapshot each : all) {
                assertEquals(SnapshotRecord.COMPLETE, each.record().status());
                trees.add(Workplace.describe(place.restore(opened, each)));
            }
            assertTrue(trees.contains(wanted));
            assertTrue(trees.contains(before));
            assertEquals(List.of(), Workplace.check(opened));
        }
    }

    @Test
    void nothingIsOfferedWhereNothingIsLost() throws IOException {
        assertEquals(List.of(), offers());
    }

    @Test
    void snapshotsComeBackFromPacksAlone() throws IOException {
        lose(ObjectNames.SNAPSHOTS);
        lose(ObjectNames.INDEX);
        List<Recover.Offer> offers = offers();
        assertEquals(
                List.of("recovered-1", "recovered-2"),
                offers.stream().map(Recover.Offer::name).toList());
        assertTrue(offers.get(0).totals().newest() >= offers.get(1).totals().newest());
        assertEquals(offers.get(1).totals().files() + 1, offers.get(0).totals().files());
        assertEquals(
                TreePath.parse(Workplace.name(place.source)),
                TreePath.parse(offers.get(0).top()));
        assertFalse(offers.get(0).isPart());
        assertEquals(2, recoverAll().size());
        assertBothRestore();
        assertEquals(List.of(), offers());
    }

    @Test
    void recordsWithoutTheirStatesComeBackWithAllTheySay() throws IOException {
        stored.stored().keySet().removeIf(name -> ObjectNames.primaryOf(name).endsWith(".state"));
        recoverAll();
        assertBothRestore();
        try (Repository opened = Workplace.open(stored).loadIndex()) {
            StoredSnapshot newest = Workplace.newest(opened);
            assertEquals("host", newest.record().host());
            assertTrue(newest.record().tags().get(0).startsWith("recovered-"));
        }
        assertEquals(List.of(), offers());
    }

    @Test
    void whatIsLostInARecoveredSnapshotIsNamed() throws IOException {
        lose(ObjectNames.SNAPSHOTS);
        List<String> data = new ArrayList<>();
        try (Repository opened = Workplace.open(stored).loadIndex()) {
            opened.index().forEachPack((id, length) -> {
                if (length > 10_000) {
                    data.add(ObjectNames.pack(id));
                }
            });
        }
        assertEquals(1, data.size());
        stored.delete(data.get(0));
        lose(ObjectNames.INDEX);
        assertTrue(recoverAll().stream().allMatch(each -> each.problems() > 5));
        try (Repository opened = Workplace.open(stored).loadIndex()) {
            for (StoredSnapshot each : opened.snapshots().list().snapshots()) {
                assertEquals(SnapshotRecord.DEGRADED, each.record().status());
                assertEquals(each.record().problems().size(), each.record().problemCount());
            }
        }
    }

    @Test
    void partsOfAManifestWithoutItsRootAreOfferedAsParts() throws IOException {
        lose(ObjectNames.SNAPSHOTS);
        List<String> tree = new ArrayList<>();
        try (Repository opened = Workplace.open(stored).loadIndex()) {
            assertEquals(
                    2, new Recover(opened, "test").offers(ProgressListener.NONE).size());
            opened.index().forEachPack((id, length) -> {
                if (length <= 10_000) {
                    tree.add(ObjectNames.pack(id));
                }
            });
        }
        tree.forEach(stored::delete);
        lose(ObjectNames.INDEX);
        assertEquals(List.of(), offers());
    }
}
