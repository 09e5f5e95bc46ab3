package io.packstone.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.id.ChunkId;
import io.packstone.maintenance.prune.ContraryPrune;
import io.packstone.pack.PackTable;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.snapshot.SnapshotNote;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots are carried to a copy of their repository, in full and in parts. */
final class BundleTest {
    @TempDir
    Path folder = Path.of("");

    private Carriage carriage;
    private StoredSnapshot first;
    private StoredSnapshot second;
    private StoredSnapshot third;

    @BeforeEach
    void takeThree() throws IOException {
        carriage = new Carriage(folder);
        carriage.file("a/kept", 1, 300_000);
        carriage.file("a/changed", 2, 90_000);
        carriage.file("b/gone", 3, 40_000);
        Files.createSymbolicLink(carriage.source.resolve("link"), Path.of("a/kept"));
        first = carriage.snapshot("weekly");
        Files.delete(carriage.source.resolve("b/gone"));
        carriage.file("a/changed", 4, 100_000);
        second = carriage.snapshot();
        for (int i = 0; i < 300; i++) {
            carriage.file("many/small" + i, i, 200 + i);
        }
        third = carriage.snapshot("a", "b");
    }

    private static void sameWords(SnapshotRecord original, SnapshotRecord copy) {
        assertEquals(original.time(), copy.time());
        assertEquals(original.host(), copy.host());
        assertEquals(original.paths(), copy.paths());
        assertEquals(original.tags(), copy.tags());
        assertEquals(original.status(), copy.status());
        assertEquals(original.strategy(), copy.strategy());
        assertEquals(original.root(), copy.root());
        assertEquals(original.counts(), copy.counts());
    }

    @Test
    void aFullAndTwoIncrementalBundlesRestoreByteForByteElsewhere() throws IOException {
        List<byte[]> bundles =
                List.of(carriage.export(first, null), carriage.export(second, first), carriage.export(third, second));
        List<StoredSnapshot> originals = List.of(first, second, third);
        List<BundleKind> kinds = List.of(BundleKind.FULL, BundleKind.INCREMENTAL, BundleKind.INCREMENTAL);
        for (int i = 0; i < bundles.size(); i++) {
            ImportReport report = carriage.take(bundles.get(i));
            assertTrue(report.isNew());
            assertEquals(kinds.get(i), report.front().kind());
            assertEquals(bundles.get(i).length, report.bytes());
            assertTrue(report.chunks() > 0);
            assertEquals(report.chunks(), report.chunksStored());
        }
        assertTrue(bundles.get(1).length < 120_000, bundles.get(1).length + " bytes");
        List<StoredSnapshot> copies = Carriage.snapshots(carriage.away);
        assertEquals(3, copies.size());
        for (int i = 0; i < copies.size(); i++) {
            sameWords(originals.get(i).record(), copies.get(i).record());
            assertEquals(
                    originals.get(i).id(),
                    Objects.requireNonNull(copies.get(i).record().origin()).snapshot());
            assertEquals(
                    carriage.tree(originals.get(i)),
                    carriage.restored(carriage.away, copies.get(i).id()));
        }
        assertEquals(List.of(), Carriage.check(carriage.away));
        assertEquals(0, carriage.away.count("jobs/"));
    }

    @Test
    void aDifferentialBundleNeedsItsBaseOnly() throws IOException {
        carriage.take(carriage.export(first, null));
        ImportReport report = carriage.take(carriage.export(third, first));
        assertEquals(BundleKind.DIFFERENTIAL, report.front().kind());
        assertEquals(Carriage.snapshots(carriage.away).get(0).id(), report.base());
        assertEquals(carriage.tree(third), carriage.restored(carriage.away, report.snapshot()));
        assertEquals(List.of(), Carriage.check(carriage.away));
    }

    @Test
    void aBundleWithoutItsBaseIsRefusedAndTheBaseNamed() throws IOException {
        byte[] bundle = carriage.export(second, first);
        MemoryBackend before = carriage.away.copy();
        RepositoryException refused = assertThrows(RepositoryException.class, () -> carriage.take(bundle));
        assertEquals(ErrorKind.NOT_FOUND, refused.kind());
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains(first.id().toHex()), message);
        String time =
                java.time.Instant.ofEpochSecond(first.record().time().seconds()).toString();
        assertTrue(message.contains(time), message);
        assertEquals(before.stored().keySet(), carriage.away.stored().keySet());
    }

    @Test
    void importedOnceMoreNothingHappens() throws IOException {
        byte[] bundle = carriage.export(first, null);
        ImportReport once = carriage.take(bundle);
        MemoryBackend before = carriage.away.copy();
        ImportReport again = carriage.take(bundle);
        assertFalse(again.isNew());
        assertEquals(once.snapshot(), again.snapshot());
        assertEquals(before.stored().keySet(), carriage.away.stored().keySet());
        byte[] since = carriage.export(second, first);
        carriage.take(since);
        carriage.forget(carriage.away, once.snapshot());
        assertFalse(carriage.take(since).isNew(), "it needs no base any more");
        ImportReport atHome = Carriage.take(carriage.home, bundle);
        assertFalse(atHome.isNew());
        assertEquals(first.id(), atHome.snapshot());
    }

    @Test
    void oneThatWasForgottenThereComesBack() throws IOException {
        byte[] bundle = carriage.export(first, null);
        carriage.forget(carriage.away, carriage.take(bundle).snapshot());
        prune(carriage.away);
        assertEquals(0, carriage.away.count("packs/"));
        ImportReport again = carriage.take(bundle);
        assertTrue(again.isNew());
        assertEquals(carriage.tree(first), carriage.restored(carriage.away, again.snapshot()));
        assertEquals(List.of(), Carriage.check(carriage.away));
    }

    private static void prune(MemoryBackend backend) throws IOException {
        try (Repository opened = Carriage.open(backend)) {
            io.packstone.endtoend.Workplace.prune(
                    opened,
                    io.packstone.maintenance.prune.PruneOptions.defaults().withMaxUnused(0));
        }
    }

    @Test
    void anOlderStateOfTheRepositoryTakesWhatIsNewSince() throws IOException {
        MemoryBackend older = carriage.home.copy();
        carriage.file("a/late", 9, 50_000);
        StoredSnapshot late = carriage.snapshot();
        ImportReport report = Carriage.take(older, carriage.export(late, third));
        assertEquals(third.id(), report.base());
        assertEquals(carriage.tree(late), carriage.restored(older, report.snapshot()));
        assertEquals(List.of(), Carriage.check(older));
        StoredSnapshot local = carriage.snapshot(older);
        List<StoredSnapshot> all = Carriage.snapshots(older);
        assertEquals(local.id(), all.get(all.size() - 1).id(), "the newest state of files is listed last");
    }

    @Test
    void whatTheCopyHasIsNotStoredAgain() throws IOException {
        MemoryBackend older = carriage.home.copy();
        carriage.file("a/late", 9, 50_000);
        StoredSnapshot late = carriage.snapshot();
        ImportReport report = Carriage.take(older, carriage.export(late, null));
        assertTrue(report.chunksStored() < 40, report.chunksStored() + " of " + report.chunks());
        assertTrue(report.bytesStored() < 150_000, report.bytesStored() + " bytes");
        assertEquals(carriage.tree(late), carriage.restored(older, report.snapshot()));
    }

    @Test
    void tagsAreThoseThatTheSnapshotHasNow() throws IOException {
        try (Repository opened = Carriage.open(carriage.home)) {
            opened.snapshots()
                    .annotate(
                            first.id(),
                            SnapshotNote.Pin.SILENT,
                            List.of("added"),
                            List.of("weekly"),
                            opened.randomness());
            first = Objects.requireNonNull(opened.snapshots().list().find(first.id()));
        }
        carriage.take(carriage.export(first, null));
        assertEquals(
                List.of("added"),
                Carriage.snapshots(carriage.away).get(0).record().tags());
    }

    @Test
    void aPrunedAndRepackedHomeExportsTheSame() throws IOException {
        carriage.forget(carriage.home, first.id());
        prune(carriage.home);
        ImportReport report = carriage.take(carriage.export(second, null));
        assertEquals(carriage.tree(second), carriage.restored(carriage.away, report.snapshot()));
    }

    /** The base shares one chunk of a block of many: the bundle does not carry the others again. */
    @Test
    void blocksOfWhichLittleIsNeededAreMadeAnew() throws IOException {
        Files.delete(carriage.source.resolve("a/kept"));
        Files.move(carriage.source.resolve("a/changed"), carriage.source.resolve("a/moved"));
        StoredSnapshot small = carriage.snapshot();
        byte[] bundle = carriage.export(small, null);
        assertTrue(bundle.length < 300_000, bundle.length + " bytes");
        ImportReport report = carriage.take(bundle);
        assertEquals(carriage.tree(small), carriage.restored(carriage.away, report.snapshot()));
        assertEquals(List.of(), Carriage.check(carriage.away));
    }

    @Test
    void damageAtHomeIsNotCarriedWhileThereIsAnotherCopy() throws IOException {
        Set<String> before = Set.copyOf(carriage.home.stored().keySet());
        try (Repository opened = Carriage.open(carriage.home)) {
            ContraryPrune.storeTwice(opened.loadIndex());
        }
        for (String name : before) {
            if (name.startsWith("packs/")) {
                byte[] bytes = carriage.home.stored().get(name).clone();
                bytes[100] ^= 1;
                carriage.home.stored().put(name, bytes);
            }
        }
        ImportReport report = carriage.take(carriage.export(first, null));
        assertEquals(carriage.tree(first), carriage.restored(carriage.away, report.snapshot()));
    }

    @Test
    void whatIsGoneAtHomeIsNamedAndNothingIsExported() {
        carriage.home.stored().keySet().removeIf(name -> name.startsWith("packs/"));
        RepositoryException gone = assertThrows(RepositoryException.class, () -> carriage.export(first, null));
        assertEquals(ErrorKind.MISSING, gone.kind());
        assertTrue(String.valueOf(gone.getMessage()).contains("run packstone check"), gone.getMessage());
    }

    @Test
    void anotherRepositoryIsRefused() throws IOException {
        MemoryBackend other = new MemoryBackend();
        Repository.init(other, InitOptions.defaults(), Carriage.SECRET, Clock.systemUTC());
        byte[] bundle = carriage.export(first, null);
        RepositoryException refused = assertThrows(RepositoryException.class, () -> Carriage.take(other, bundle));
        assertTrue(String.valueOf(refused.getMessage()).contains("copy of its own repository"), refused.getMessage());
        assertEquals(0, other.count("jobs/"));
    }

    /** A copy that has lost what the base had: the snapshot would not be whole. */
    @Test
    void nothingIsConfirmedThatWouldNotBeWhole() throws IOException {
        carriage.take(carriage.export(first, null));
        byte[] bundle = carriage.export(second, first);
        carriage.away.stored().keySet().removeIf(name -> name.startsWith("packs/"));
        RepositoryException refused = assertThrows(RepositoryException.class, () -> carriage.take(bundle));
        assertEquals(ErrorKind.MISSING, refused.kind());
        assertEquals(1, Carriage.snapshots(carriage.away).size());
        assertEquals(0, carriage.away.count("jobs/"));
    }

    @Test
    void aSnapshotThatHasNothingNewIsABundleOfFewBytes() throws IOException {
        StoredSnapshot same = carriage.snapshot();
        carriage.take(carriage.export(third, null));
        byte[] bundle = carriage.export(same, third);
        assertTrue(bundle.length < 2_000, bundle.length + " bytes");
        ImportReport report = carriage.take(bundle);
        assertEquals(0, report.chunks());
        assertEquals(carriage.tree(same), carriage.restored(carriage.away, report.snapshot()));
        assertNull(carriage.take(carriage.export(first, null)).base());
        assertEquals(3, Carriage.snapshots(carriage.away).size());
    }

    /** Whoever has a bundle and no key finds no block, name or id in it. */
    @Test
    void aBundleHoldsSealedBlocksAsTheyAreStored() throws IOException {
        byte[] bundle = carriage.export(first, null);
        String text = new String(bundle, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertFalse(text.contains("kept") || text.contains("host") || text.contains("weekly"));
        int moved = 0;
        try (Repository opened = Carriage.open(carriage.home)) {
            Set<ChunkId> seen = new HashSet<>();
            opened.loadIndex().index().forEachPack((pack, length) -> {
                PackTable table = opened.index().table(pack);
                for (int row = 0; row < table.rowCount(); row++) {
                    seen.add(table.rowId(row));
                }
            });
            for (ChunkId id : seen) {
                assertFalse(text.contains(new String(id.toBytes(), java.nio.charset.StandardCharsets.ISO_8859_1)));
            }
            for (String name : carriage.home.stored().keySet()) {
                if (name.startsWith("packs/")) {
                    byte[] pack = carriage.home.stored().get(name);
                    String start = new String(pack, 64, 40, java.nio.charset.StandardCharsets.ISO_8859_1);
                    moved += text.contains(start) ? 1 : 0;
                }
            }
        }
        assertEquals(2, moved, "the first data block and the first tree block");
    }

    @Test
    void aPipeIsReadOnceFromStartToEnd() throws IOException {
        byte[] bundle = carriage.export(first, null);
        try (Repository opened = Carriage.open(carriage.away)) {
            ImportReport report = new Import(opened).run(new Carriage.Bytes(bundle, false), ProgressListener.NONE);
            assertEquals(bundle.length, report.bytes());
        }
    }
}
