package io.packstone.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.ObjectNames;
import io.packstone.endtoend.Workplace;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.index.ChunkLocation;
import io.packstone.keyslot.KeyCost;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.TreePath;
import io.packstone.pack.PackTable;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.testkit.FaultyBackend;
import io.packstone.testkit.FaultyBackend.Fault;
import io.packstone.testkit.FaultyBackend.Operation;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What snapshots have in common is walked once, and told of with each of them. */
final class CheckOfManySnapshotsTest {
    private static final int FILES = 6000;

    @TempDir
    Path folder = Path.of("");

    private final MemoryBackend backend = new MemoryBackend();
    private Workplace place;

    @BeforeEach
    void fill() throws IOException {
        place = new Workplace(folder);
        for (int i = 0; i < FILES; i++) {
            Path file = place.source.resolve("d" + i / 300).resolve("f" + i);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "file " + i);
        }
        InitOptions options = InitOptions.defaults().withKeyCost(KeyCost.TEST);
        Repository.init(backend, options, Workplace.SECRET, Clock.systemUTC());
        snapshot("a");
    }

    /** With {@code text} in one file, in the middle. */
    private void snapshot(String text) throws IOException {
        Files.writeString(place.source.resolve("d5/f1500"), text);
        try (Repository opened = Workplace.openPlainly(backend)) {
            place.snapshot(opened.loadIndex());
        }
    }

    private static Repository openWithoutCache(io.packstone.backend.Backend stored) throws IOException {
        RepositoryOptions usual = RepositoryOptions.defaults();
        return Repository.open(stored, Workplace.SECRET, new RepositoryOptions(null, 0, true, usual.clock()))
                .loadIndex();
    }

    private CheckReport check(FaultyBackend stored) throws IOException {
        try (Repository opened = openWithoutCache(stored)) {
            stored.arm(Fault.FAIL_BEFORE, 0, EnumSet.of(Operation.READ));
            return new Check(opened).run(CheckOptions.STRUCTURE, ProgressListener.NONE);
        }
    }

    @Test
    void eachNodeIsReadOnce() throws IOException {
        FaultyBackend counting = new FaultyBackend(backend);
        assertEquals(FILES, check(counting).chunks());
        long once = counting.calls();
        for (int i = 0; i < 10; i++) {
            snapshot("change " + i);
        }
        CheckReport report = check(counting);
        assertEquals(List.of(), report.errors());
        assertEquals(11L * FILES, report.chunks());
        long more = counting.calls() - once;
        assertTrue(more < 10 * once * 2 / 3, more + " reads of ten snapshots, " + once + " of the first");
    }

    @Test
    void damageIsToldOfWithEachSnapshot() throws IOException {
        snapshot("b");
        snapshot("c");
        Set<String> all = new TreeSet<>();
        String pack;
        try (Repository opened = openWithoutCache(backend)) {
            List<StoredSnapshot> snapshots = opened.snapshots().list().snapshots();
            snapshots.forEach(each -> all.add(each.id().toHex()));
            pack = damage(opened, snapshots.get(0));
        }
        try (Repository opened = openWithoutCache(backend)) {
            List<CheckReport.Damage> errors = Workplace.check(opened).stream()
                    .filter(error -> error.object().equals(pack))
                    .toList();
            assertEquals(1, errors.size());
            assertEquals(all, new TreeSet<>(errors.get(0).snapshots()));
            List<String> paths = errors.get(0).paths();
            assertTrue(paths.get(0).endsWith("/d0/f0"), paths.get(0));
        }
    }

    /** Spoils the block that holds one file; the pack's name. */
    private String damage(Repository opened, StoredSnapshot snapshot) throws IOException {
        TreePath path = TreePath.parse(Workplace.name(place.source.resolve("d0/f0")));
        ManifestEntry entry = opened.manifests().find(snapshot.record().root(), path);
        BodyReader body = new BodyReader(opened.chunks(), entry.body());
        assertTrue(body.next());
        ChunkLocation location = opened.chunks().locate(body.id(), ChunkType.DATA);
        PackId pack = location.pack();
        PackTable table = location.table();
        byte[] bytes = backend.stored().get(ObjectNames.pack(pack));
        bytes[(int) table.blockOffset(table.rowBlock(location.row())) + 50] ^= 1;
        return ObjectNames.pack(pack);
    }
}
