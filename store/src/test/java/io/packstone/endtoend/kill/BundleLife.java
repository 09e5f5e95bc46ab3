package io.packstone.endtoend.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.local.DurableFile;
import io.packstone.backend.local.LocalBackend;
import io.packstone.bundle.BundleSource;
import io.packstone.bundle.Export;
import io.packstone.bundle.Import;
import io.packstone.bundle.ImportReport;
import io.packstone.endtoend.Scratch;
import io.packstone.endtoend.Workplace;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.testkit.FastJvm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Imports and exports are killed. Of an import the snapshot is there, whole, or is not, and the next import completes and
 * stores nothing twice; of an export there is a whole file or none, and the repository is as it was.
 */
final class BundleLife extends HardLife {
    private Path home = Path.of("");
    private Path empty = Path.of("");
    private Path bundle = Path.of("");
    private boolean exports;
    private @Nullable StoredSnapshot last;
    private Map<String, String> before = Map.of();

    BundleLife(FastJvm jvm, Path folder, long seed) throws IOException {
        super(jvm, folder, seed);
    }

    /** A bundle in a file. */
    record Filed(Path path) implements BundleSource {
        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(path);
        }

        @Override
        public boolean opensAgain() {
            return true;
        }

        @Override
        public String name() {
            return "bundle " + path;
        }
    }

    /** Exports the newest snapshot, or what is new in it since {@code base}, as the command line does. */
    static void export(Repository opened, @Nullable StoredSnapshot base, Path target, ProgressListener progress)
            throws IOException {
        try (DurableFile output = DurableFile.begin(target, "killed", false)) {
            new Export(opened).run(Workplace.newest(opened), base, output, progress);
            output.commit();
        }
    }

    @Override
    Set<Stage> stages() {
        return Stage.SNAPSHOT;
    }

    @Override
    InitOptions options() {
        return InitOptions.defaults().withKeyCost(KeyCost.TEST).withChunkAverage(16384);
    }

    @Override
    void settle() throws IOException {
        home = place.repository.resolveSibling("home");
        empty = place.repository.resolveSibling("empty");
        RepairLife.copy(place.repository, home);
        RepairLife.copy(place.repository, empty);
        last = null;
        importNext();
    }

    private Repository openHome() throws IOException {
        return Workplace.openPlainly(new LocalBackend(home));
    }

    /** Takes a snapshot at home and makes a bundle of it, for who has the one before. */
    private void makeBundle() throws IOException {
        bundle = place.repository.resolveSibling("bundle");
        Files.deleteIfExists(bundle);
        place.change(random, 1 + random.nextInt(6), LONGEST);
        before = Workplace.describe(place.source);
        try (Repository opened = openHome()) {
            place.snapshot(opened);
            export(opened, random.nextInt(4) == 0 ? null : last, bundle, ProgressListener.NONE);
            last = Workplace.newest(opened);
        }
    }

    private void importNext() throws IOException {
        makeBundle();
        importBundle();
    }

    private SnapshotId importBundle() throws IOException {
        try (Repository opened = open()) {
            ImportReport report = new Import(opened).run(new Filed(bundle), ProgressListener.NONE);
            acknowledged.put(report.snapshot(), before);
            return report.snapshot();
        }
    }

    @Override
    Task prepare() throws IOException {
        exports = random.nextInt(4) == 0;
        if (exports) {
            bundle = place.repository.resolveSibling("exported");
            return new Task("export", List.of("export", bundle.toString()));
        }
        makeBundle();
        return new Task("import", List.of("import", bundle.toString()));
    }

    @Override
    void prove(StageBoard board) throws IOException {
        perhapsLoseTheCache();
        if (exports) {
            proveExport(board);
            return;
        }
        SnapshotId told = board.acknowledged();
        if (told != null) {
            acknowledged.put(told, before);
        }
        try (Repository opened = open()) {
            Workplace.onlyCopiesAreMissing(opened);
            listed(opened, before);
        }
        SnapshotId snapshot = importBundle();
        try (Repository opened = open()) {
            opened.begin(opened.compression()).abandon(); // The next session puts copies that are missing.
        }
        try (Repository opened = open()) {
            assertEquals(List.of(), Workplace.check(opened));
            SnapshotLife.nothingIsStoredTwice(opened);
            listed(opened);
            restored(opened, Objects.requireNonNull(opened.snapshots().list().find(snapshot)));
        }
    }

    private void proveExport(StageBoard board) throws IOException {
        boolean there = Files.exists(bundle);
        assertTrue(there || !board.isAcknowledged(), "acknowledged and not there");
        if (there) {
            Path fresh = place.repository.resolveSibling("fresh");
            RepairLife.copy(empty, fresh);
            try (Repository opened = Workplace.openPlainly(new LocalBackend(fresh))) {
                new Import(opened).run(new Filed(bundle), ProgressListener.NONE);
                Path target = place.restore(opened.loadIndex(), Workplace.newest(opened));
                assertEquals(before, Workplace.describe(target));
                Scratch.delete(target);
            }
            Scratch.delete(fresh);
            Files.delete(bundle);
        }
        try (Stream<Path> beside = Files.list(bundle.getParent())) {
            for (Path part :
                    beside.filter(path -> path.toString().endsWith(".part")).toList()) {
                Files.delete(part);
            }
        }
        try (Repository opened = open()) {
            assertEquals(List.of(), Workplace.check(opened));
        }
    }
}
