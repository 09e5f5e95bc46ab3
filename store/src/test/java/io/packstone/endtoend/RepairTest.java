package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.backend.local.LocalBackend;
import io.packstone.id.PackId;
import io.packstone.keyslot.KeyCost;
import io.packstone.maintenance.CheckReport;
import io.packstone.maintenance.healing.ParityUpkeep;
import io.packstone.maintenance.healing.Repair;
import io.packstone.maintenance.healing.RepairOptions;
import io.packstone.maintenance.healing.RepairReport;
import io.packstone.maintenance.healing.TrialBackend;
import io.packstone.maintenance.prune.PruneOptions;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.pack.BlockType;
import io.packstone.pack.PackTable;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.objects.ParityStore;
import io.packstone.repository.objects.StoredObjects;
import io.packstone.testkit.CorruptingBackend;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is damaged comes back from wherever it can; what can't is named, and nothing else is touched. */
final class RepairTest {
    private static final RepairOptions ALONE = RepairOptions.of("test");

    @TempDir
    Path folder = Path.of("");

    private Workplace place;
    private MemoryBackend stored;
    private Map<String, String> wanted;

    @BeforeEach
    void makeRepository() throws IOException {
        place = new Workplace(folder);
        place.fill(11, 30, 500_000);
        stored = new MemoryBackend();
        Repository.init(stored, InitOptions.defaults().withKeyCost(KeyCost.TEST), Workplace.SECRET, Clock.systemUTC());
        snapshot();
        wanted = Workplace.describe(place.source);
    }

    private void snapshot() throws IOException {
        try (Repository opened = Workplace.open(stored)) {
            place.snapshot(opened);
        }
    }

    private RepairReport repair(Backend backend, RepairOptions options) throws IOException {
        try (Repository opened = Workplace.open(backend).loadIndex()) {
            return new Repair(opened, options, Clock.systemUTC()).run(ProgressListener.NONE);
        }
    }

    private List<CheckReport.Damage> damage() throws IOException {
        try (Repository opened = Workplace.open(stored).loadIndex()) {
            return Workplace.check(opened);
        }
    }

    private void assertRestores() throws IOException {
        try (Repository opened = Workplace.open(stored).loadIndex()) {
            assertEquals(wanted, Workplace.describe(place.restore(opened, Workplace.newest(opened))));
        }
    }

    private List<String> names(String prefix) {
        return stored.stored().keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    /** Packs of blocks of that type. */
    private List<String> packs(BlockType type) throws IOException {
        List<String> packs = new ArrayList<>();
        try (Repository opened = Workplace.open(stored).loadIndex()) {
            opened.index().forEachPack((id, length) -> {
                if (opened.index().table(id).blockType(0) == type) {
                    packs.add(ObjectNames.pack(id));
                }
            });
        }
        return packs;
    }

    private void flip(String name, int at) {
        byte[] bytes = stored.stored().get(name).clone();
        bytes[at] ^= 1;
        stored.stored().put(name, bytes);
    }

    private String dataPack() throws IOException {
        List<String> packs = packs(BlockType.DATA);
        assertEquals(1, packs.size());
        return packs.get(0);
    }

    private void addParity() throws IOException {
        try (Repository opened = Workplace.open(stored)) {
            opened.changeParity(true);
            new ParityUpkeep(opened.objects()).add(ProgressListener.NONE);
        }
    }

    @Test
    void aWholeRepositoryNeedsNothing() throws IOException {
        Map<String, byte[]> before = Map.copyOf(stored.stored());
        assertTrue(repair(stored, ALONE).isWhole());
        assertEquals(before, stored.stored());
    }

    @Test
    void parityGivesEachDamagedObjectItsBytesBack() throws IOException {
        addParity();
        Map<String, byte[]> before = Map.copyOf(stored.stored());
        List<String> damaged = new ArrayList<>(names(ObjectNames.PACKS));
        damaged.addAll(names(ObjectNames.INDEX));
        damaged.addAll(names(ObjectNames.PARITY));
        for (String name : damaged) {
            flip(name, 77);
        }
        RepairReport report = repair(stored, ALONE);
        assertTrue(report.isHealed());
        assertEquals(damaged.size(), report.mended().size());
        assertEquals(before.keySet(), stored.stored().keySet());
        before.forEach((name, bytes) -> assertArrayEquals(bytes, stored.stored().get(name), name));
        assertEquals(List.of(), damage());
    }

    @Test
    void whatNoIndexSegmentSpeaksOfIsIndexedAgain() throws IOException {
        names(ObjectNames.INDEX).forEach(stored.stored()::remove);
        List<String> told =
                damage().stream().map(CheckReport.Damage::object).sorted().toList();
        assertEquals(names(ObjectNames.PACKS).stream().sorted().toList(), told);
        RepairReport report = repair(stored, ALONE);
        assertEquals(told, report.indexed().stream().sorted().toList());
        assertTrue(report.isHealed() && !report.isWhole());
        assertEquals(List.of(), damage());
        assertTrue(repair(stored, ALONE).isWhole());
        assertRestores();
    }

    @Test
    void secondCopiesGiveVitalObjectsBack() throws IOException {
        Map<String, byte[]> before = Map.copyOf(stored.stored());
        boolean first = false;
        for (String name : before.keySet()) {
            if (ObjectNames.isCopy(name)) {
                first = !first;
                String damaged = first ? name : ObjectNames.primaryOf(name);
                if (name.startsWith(ObjectNames.KEYS)) {
                    stored.delete(damaged);
                } else {
                    flip(damaged, 40);
                }
            }
        }
        RepairReport report = repair(stored, ALONE);
        assertTrue(report.isHealed());
        assertTrue(report.mended().stream().allMatch(each -> each.means().equals("copy")), report.toString());
        assertEquals(before.keySet(), stored.stored().keySet());
        before.forEach((name, bytes) -> assertArrayEquals(bytes, stored.stored().get(name), name));
    }

    @Test
    void whatCannotBeReadCountsAsDamaged() throws IOException {
        addParity();
        String pack = dataPack();
        byte[] whole = stored.stored().get(pack);
        CorruptingBackend failing = new CorruptingBackend(stored);
        failing.unreadable(pack, 5000, 9000);
        RepairReport report = repair(failing, ALONE);
        assertEquals(List.of(new RepairReport.Mended(pack, "parity")), report.mended());
        assertArrayEquals(whole, stored.stored().get(pack));
    }

    @Test
    void aDryRunSaysTheSameAndChangesNothing() throws IOException {
        String pack = dataPack();
        flip(pack, 5000);
        flip(names(ObjectNames.INDEX).get(0), 100);
        stored.delete("config/1.b");
        Map<String, byte[]> before = Map.copyOf(stored.stored());
        RepairReport dry = repair(new TrialBackend(stored, new MemoryBackend()), ALONE);
        assertEquals(before, stored.stored());
        RepairReport real = repair(stored, ALONE);
        assertEquals(dry.mended(), real.mended());
        assertEquals(dry.rewritten(), real.rewritten());
        assertEquals(dry.losses(), real.losses());
        assertFalse(real.losses().isEmpty());
    }

    @Test
    void aMirrorGivesWholeObjectsBack() throws IOException {
        MemoryBackend mirror = stored.copy();
        for (String name : names(ObjectNames.PACKS)) {
            flip(name, 999);
        }
        String slot = names(ObjectNames.KEYS).get(0);
        stored.delete(packs(BlockType.TREE).get(0));
        try (StoredObjects objects = StoredObjects.at(mirror)) {
            RepairReport report = repair(stored, ALONE.withMirror(objects));
            assertTrue(report.isHealed());
            assertEquals(2, report.mended().size());
        }
        assertTrue(names(ObjectNames.KEYS).contains(slot));
        assertEquals(List.of(), damage());
        assertRestores();
    }

    /** Only the damaged segment speaks of the pack: that it is lost is known when the segment can be read again. */
    @Test
    void aLostPackComesBackWhoseIndexSegmentIsDamaged() throws IOException {
        addParity();
        MemoryBackend mirror = stored.copy();
        stored.delete(dataPack());
        names(ObjectNames.INDEX).forEach(name -> flip(name, 77));
        try (StoredObjects objects = StoredObjects.at(mirror)) {
            RepairReport report = repair(stored, ALONE.withMirror(objects));
            assertTrue(report.isHealed(), report.toString());
        }
        assertEquals(List.of(), damage());
        assertRestores();
    }

    @Test
    void chunksComeFromAMirrorThatIsDamagedElsewhere() throws IOException {
        MemoryBackend mirror = stored.copy();
        for (BlockType type : List.of(BlockType.DATA, BlockType.TREE)) {
            for (String pack : packs(type)) {
                int length = stored.stored().get(pack).length;
                flip(pack, 100);
                byte[] bytes = mirror.stored().get(pack).clone();
                bytes[length - 100] ^= 1;
                mirror.stored().put(pack, bytes);
            }
        }
        try (Repository other = Workplace.open(mirror).loadIndex()) {
            RepairReport report =
                    repair(stored, ALONE.withMirror(other.objects()).withOther(other));
            assertTrue(report.isHealed(), report.toString());
            assertEquals(2, report.rewritten().size());
            assertTrue(report.found().get("mirror") > 1);
        }
        assertEquals(List.of(), damage());
        assertRestores();
    }

    @Test
    void chunksComeFromARepositoryWithOtherKeys() throws IOException {
        MemoryBackend offSite = new MemoryBackend();
        Repository.init(
                offSite,
                InitOptions.defaults().withKeyCost(KeyCost.TEST).withChunkAverage(16 << 10),
                Workplace.SECRET,
                Clock.systemUTC());
        try (Repository opened = Workplace.open(offSite)) {
            place.snapshot(opened);
        }
        stored.delete(dataPack());
        try (Repository other = Workplace.open(offSite).loadIndex()) {
            RepairReport report = repair(stored, ALONE.withOther(other));
            assertTrue(report.isHealed(), report.toString());
            assertTrue(report.found().get("other") > 5);
        }
        assertEquals(List.of(), damage());
        assertRestores();
    }

    private static byte[] readFile(RawName path, long offset, int length) throws IOException {
        Path file = Path.of(path.toText());
        byte[] bytes = Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
        return offset + length > bytes.length
                ? new byte[0]
                : Arrays.copyOfRange(bytes, (int) offset, (int) offset + length);
    }

    @Test
    void chunksComeFromTheFilesThatAreStillTheSame() throws IOException {
        String pack = dataPack();
        flip(pack, 70);
        flip(pack, stored.stored().get(pack).length / 2);
        RepairReport report = repair(stored, ALONE.withFiles(RepairTest::readFile));
        assertTrue(report.isHealed(), report.toString());
        assertTrue(report.found().get("files") > 0);
        assertEquals(1, report.rewritten().size());
        assertEquals(List.of(), damage());
        assertRestores();
    }

    @Test
    void whatIsLostIsNamedExactlyAndTheSnapshotStays() throws IOException {
        String pack = dataPack();
        TreeSet<String> expected = new TreeSet<>();
        int broken = filesOfBlock(pack, 0, expected);
        flip(pack, broken);
        RepairReport report = repair(stored, ALONE);
        assertEquals(1, report.losses().size());
        TreeSet<String> lost = new TreeSet<>();
        report.losses()
                .get(0)
                .paths()
                .forEach(path -> lost.add(TreePath.parse(path).toString()));
        assertEquals(expected, lost);
        assertTrue(lost.size() < 30, "a block has not every file");
        assertEquals(lost.size(), report.losses().get(0).files());
        try (Repository opened = Workplace.open(stored).loadIndex()) {
            assertEquals(1, opened.snapshots().list().snapshots().size());
            Map<?, ?> marked = opened.repairs().list(damage -> {}).losses();
            assertEquals(report.losses(), List.copyOf(marked.values()));
        }
        for (CheckReport.Damage left : damage()) {
            assertEquals("missing", left.kind());
            assertTrue(expected.containsAll(left.paths()), left.toString());
        }
        assertTrue(repair(stored, ALONE).rewritten().isEmpty(), "a second run has nothing left to do");
    }

    /** The paths of files with a chunk in that block, and the offset of a byte in the middle of the block. */
    private int filesOfBlock(String pack, int block, TreeSet<String> paths) throws IOException {
        try (Repository opened = Workplace.open(stored).loadIndex()) {
            PackId id = ObjectNames.packId(pack);
            PackTable table = opened.index().table(java.util.Objects.requireNonNull(id));
            var ids = new java.util.HashSet<>();
            for (int row = 0; row < table.rowCount(); row++) {
                if (table.rowBlock(row) == block) {
                    ids.add(table.rowId(row));
                }
            }
            var cursor =
                    opened.manifests().walk(Workplace.newest(opened).record().root());
            for (var entry = cursor.next(); entry != null; entry = cursor.next()) {
                var body = new io.packstone.manifest.BodyReader(opened.chunks(), entry.body());
                while (body.next()) {
                    if (ids.contains(body.id())) {
                        paths.add(entry.path().toString());
                    }
                }
            }
            return (int) table.blockOffset(block) + table.blockStoredLength(block) / 2;
        }
    }

    @Test
    void theNextSnapshotStoresAgainWhatWasLost() throws IOException {
        flip(dataPack(), 70);
        assertFalse(repair(stored, ALONE).isHealed());
        assertNotEquals(List.of(), damage());
        for (Path file : files(place.source)) {
            Files.setLastModifiedTime(
                    file, java.nio.file.attribute.FileTime.from(java.time.Instant.ofEpochSecond(1_500_000_000L)));
        }
        wanted = Workplace.describe(place.source);
        snapshot();
        assertEquals(List.of(), damage());
        assertRestores();
        RepairReport after = repair(stored, ALONE);
        assertTrue(after.isHealed());
        try (Repository opened = Workplace.open(stored).loadIndex()) {
            assertEquals(Map.of(), opened.repairs().list(damage -> {}).losses());
        }
    }

    private static List<Path> files(Path top) throws IOException {
        try (var all = Files.walk(top)) {
            return all.filter(file -> Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
    }

    @Test
    void partsOfAManifestThatAreLostAreTold() throws IOException {
        String tree = packs(BlockType.TREE).get(0);
        flip(tree, 70);
        RepairReport report = repair(stored, ALONE);
        assertFalse(report.isHealed());
        assertFalse(report.lostParts().isEmpty());
        assertEquals(1, report.losses().size());
        assertFalse(damage().isEmpty());
    }

    @Test
    void aDamagedIndexSegmentIsReplacedByOneThatSaysMore() throws IOException {
        String segment = names(ObjectNames.INDEX).get(0);
        flip(segment, 200);
        RepairReport report = repair(stored, ALONE);
        assertTrue(report.isHealed());
        assertEquals(2, names(ObjectNames.INDEX).size());
        assertEquals(List.of(), damage());
        try (Repository opened = Workplace.open(stored).loadIndex()) {
            assertEquals(List.of(), opened.damage());
            assertEquals(1, opened.index().segments().size());
        }
        assertRestores();
    }

    @Test
    void aPackWhoseHeaderOrTableIsDamagedIsStoredAnewWithoutLoss() throws IOException {
        String pack = dataPack();
        flip(pack, 3);
        flip(pack, stored.stored().get(pack).length - 70);
        RepairReport report = repair(stored, ALONE);
        assertTrue(report.isHealed());
        assertEquals(0, report.rewritten().get(0).unreadable());
        assertEquals(List.of(), damage());
        assertRestores();
        assertTrue(repair(stored, ALONE).isWhole());
    }

    @Test
    void aPruneRemovesDamagedPacksAndTheirParityOnceNothingNeedsThem() throws IOException {
        addParity();
        String pack = dataPack();
        for (int at = 100; at < stored.stored().get(pack).length; at += 4096) {
            flip(pack, at);
        }
        String parity = ParityStore.nameFor(pack);
        RepairReport lossy = repair(stored, ALONE);
        assertFalse(lossy.isHealed());
        prune();
        assertTrue(stored.stored().containsKey(pack), "something needs what is lost in it");
        assertTrue(repair(stored, ALONE.withFiles(RepairTest::readFile)).isHealed());
        prune();
        assertFalse(stored.stored().containsKey(pack));
        assertFalse(stored.stored().containsKey(parity));
        assertEquals(List.of(), damage());
        assertRestores();
        assertEquals(
                names(ObjectNames.PACKS).size() + names(ObjectNames.INDEX).size(),
                names(ObjectNames.PARITY).size());
    }

    private void prune() throws IOException {
        try (Repository opened = Workplace.open(stored)) {
            Workplace.prune(opened, PruneOptions.defaults());
        }
    }

    @Test
    void repairOnDiskPutsRightBytesInPlace() throws IOException {
        place.init();
        place.snapshot();
        try (Repository opened = place.open()) {
            opened.changeParity(true);
            new ParityUpkeep(opened.objects()).add(ProgressListener.NONE);
        }
        List<Path> packs = files(place.repository.resolve("packs"));
        for (Path pack : packs) {
            byte[] bytes = Files.readAllBytes(pack);
            Arrays.fill(bytes, 64, Math.min(bytes.length, 64 + 4096), (byte) 0);
            Files.write(pack, bytes);
        }
        assertEquals(
                packs.size(),
                repair(new LocalBackend(place.repository), ALONE).mended().size());
        try (Repository opened = place.open().loadIndex()) {
            assertEquals(List.of(), Workplace.check(opened));
        }
        assertTrue(repair(new LocalBackend(place.repository), ALONE).isWhole());
    }
}
