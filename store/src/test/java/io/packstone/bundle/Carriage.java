package io.packstone.bundle;

import io.packstone.backend.Backend;
import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.crypto.SecretKey;
import io.packstone.endtoend.Scratch;
import io.packstone.endtoend.Workplace;
import io.packstone.id.RepositoryId;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.Secret;
import io.packstone.maintenance.Check;
import io.packstone.maintenance.CheckOptions;
import io.packstone.maintenance.CheckReport;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.Restore;
import io.packstone.restore.RestoreOptions;
import io.packstone.testkit.MemoryBackend;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A folder with files, the repository of it at home, and a copy away from before the first snapshot. */
final class Carriage {
    static final Secret SECRET = new Secret.KeyFile(SecretKey.copyOf(new byte[32]));

    final MemoryBackend home = new MemoryBackend();
    final MemoryBackend away;
    final Path source;
    private final Path folder;
    private final Map<SnapshotId, Map<String, String>> trees = new HashMap<>();
    private int hours;
    private int targets;

    Carriage(Path folder) throws IOException {
        this.folder = folder.toRealPath();
        source = Files.createDirectories(this.folder.resolve("source"));
        InitOptions options = InitOptions.defaults().withChunkAverage(16384);
        Repository.init(home, options, SECRET, Clock.systemUTC());
        away = home.copy();
    }

    /** As a process that knows nothing yet. */
    static Repository open(Backend backend) throws IOException {
        return Repository.open(backend, SECRET, RepositoryOptions.defaults().withPlainIndex(true));
    }

    /** The id that both have. */
    RepositoryId repositoryId() throws IOException {
        try (Repository opened = open(home)) {
            return opened.id();
        }
    }

    void file(String name, long seed, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        Path file = source.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    /** Takes a snapshot at home, an hour after the one before. */
    StoredSnapshot snapshot(String... tags) throws IOException {
        return snapshot(home, tags);
    }

    StoredSnapshot snapshot(Backend backend, String... tags) throws IOException {
        BackupOptions options = BackupOptions.of(List.of(Workplace.name(source)), "host", "user")
                .withLabel(new BackupOptions.Label("host", "user", List.of(tags), null));
        Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofHours(++hours));
        try (Repository opened = open(backend)) {
            SnapshotId id = Objects.requireNonNull(new Backup(opened, clock)
                    .run(options, ProgressListener.NONE)
                    .snapshot());
            trees.put(id, Workplace.describe(source));
            return Objects.requireNonNull(opened.snapshots().list().find(id));
        }
    }

    void forget(Backend backend, SnapshotId id) throws IOException {
        try (Repository opened = open(backend)) {
            opened.snapshots().forget(id, opened.snapshots().list().heads());
        }
    }

    byte[] export(StoredSnapshot snapshot, @Nullable StoredSnapshot base) throws IOException {
        return export(home, snapshot, base);
    }

    static byte[] export(Backend backend, StoredSnapshot snapshot, @Nullable StoredSnapshot base) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (Repository opened = open(backend)) {
            new Export(opened).run(snapshot, base, output, ProgressListener.NONE);
        }
        return output.toByteArray();
    }

    /** Bytes as a file, or as a pipe. */
    record Bytes(byte[] bytes, boolean opensAgain) implements BundleSource {
        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public String name() {
            return "the bundle";
        }
    }

    ImportReport take(byte[] bundle) throws IOException {
        return take(away, bundle);
    }

    static ImportReport take(Backend backend, byte[] bundle) throws IOException {
        try (Repository opened = open(backend)) {
            return new Import(opened).run(new Bytes(bundle, true), ProgressListener.NONE);
        }
    }

    static List<StoredSnapshot> snapshots(Backend backend) throws IOException {
        try (Repository opened = open(backend)) {
            return opened.snapshots().list().snapshots();
        }
    }

    static List<CheckReport.Damage> check(Backend backend) throws IOException {
        try (Repository opened = open(backend)) {
            return new Check(opened.loadIndex())
                    .run(CheckOptions.ALL_DATA, ProgressListener.NONE)
                    .errors();
        }
    }

    /** What a snapshot restores to. */
    Map<String, String> restored(Backend backend, SnapshotId id) throws IOException {
        Path target = folder.resolve("target" + targets++);
        try (Repository opened = open(backend)) {
            StoredSnapshot snapshot =
                    Objects.requireNonNull(opened.loadIndex().snapshots().list().find(id));
            RestoreOptions options =
                    RestoreOptions.to(Workplace.name(target)).withPath(TreePath.parse(Workplace.name(source)));
            long errors = new Restore(opened)
                    .run(snapshot, options, ProgressListener.NONE)
                    .errors();
            if (errors > 0) {
                throw new IOException(errors + " errors");
            }
        }
        Map<String, String> tree = Workplace.describe(target);
        Scratch.delete(target);
        return tree;
    }

    /** What a snapshot of home was taken of. */
    Map<String, String> tree(StoredSnapshot snapshot) {
        return Objects.requireNonNull(trees.get(snapshot.id()));
    }
}
