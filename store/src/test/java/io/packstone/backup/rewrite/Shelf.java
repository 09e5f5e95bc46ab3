package io.packstone.backup.rewrite;

import io.packstone.backend.Backend;
import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.backup.BackupReport;
import io.packstone.endtoend.Workplace;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.Secret;
import io.packstone.maintenance.CheckReport;
import io.packstone.maintenance.prune.Prune;
import io.packstone.maintenance.prune.PruneOptions;
import io.packstone.maintenance.prune.PruneReport;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.pack.PackTable;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.Restore;
import io.packstone.restore.RestoreOptions;
import io.packstone.restore.RestoreReport;
import io.packstone.source.rules.GlobFilter;
import io.packstone.source.rules.Rules;
import io.packstone.testkit.MemoryBackend;
import io.packstone.testkit.TreeCompare;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** A folder with files, and a repository in memory of which each test looks at what rewrites left. */
final class Shelf implements Closeable {
    private static final Secret SECRET = Secret.Password.of("correct horse");

    final MemoryBackend backend;
    final Path source;
    private final Path folder;
    private Repository repository;
    private int hours;
    private int targets;

    Shelf(Path folder) throws IOException {
        this(folder, new MemoryBackend());
    }

    /** Around the objects of {@code backend}, if there are any. */
    Shelf(Path folder, MemoryBackend backend) throws IOException {
        this.folder = folder.toRealPath();
        this.backend = backend;
        source = Files.createDirectories(this.folder.resolve("source"));
        if (backend.stored().isEmpty()) {
            Repository.init(backend, InitOptions.defaults().withKeyCost(KeyCost.TEST), SECRET, Clock.systemUTC());
        }
        repository = open(backend);
    }

    /** As a process that knows nothing yet. */
    static Repository open(Backend through) throws IOException {
        return Repository.open(through, SECRET, RepositoryOptions.defaults().withPlainIndex(true));
    }

    Repository repository() {
        return repository;
    }

    void reopen() throws IOException {
        repository.close();
        repository = open(backend);
    }

    void file(String name, long seed, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        Path file = source.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    SnapshotId snapshot(String... tags) throws IOException {
        return Objects.requireNonNull(report(List.of(source), Rules.NONE, tags).snapshot());
    }

    /** Each snapshot is taken an hour after the one before, so that files are believed to be as they were. */
    BackupReport report(List<Path> paths, Rules rules, String... tags) throws IOException {
        BackupOptions options = BackupOptions.of(
                        paths.stream().map(path -> RawName.of(path.toString())).toList(), "host", "user")
                .withRules(rules)
                .withLabel(new BackupOptions.Label("host", "user", List.of(tags), null));
        Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofHours(++hours));
        return new Backup(repository, clock).run(options, ProgressListener.NONE);
    }

    RewriteOptions excluding(String... patterns) {
        return RewriteOptions.ofAll(GlobFilter.of(patterns));
    }

    RewriteOptions dropping(Path... paths) {
        List<RawName> names =
                List.of(paths).stream().map(path -> RawName.of(path.toString())).toList();
        return new RewriteOptions(List.of(), GlobFilter.NONE, names);
    }

    RewritePlan plan(RewriteOptions options) throws IOException {
        return new Rewrite(repository, options).plan(ProgressListener.NONE);
    }

    RewriteReport rewrite(RewriteOptions options, boolean forget) throws IOException {
        return rewrite(repository, options, forget);
    }

    static RewriteReport rewrite(Repository repository, RewriteOptions options, boolean forget) throws IOException {
        Rewrite rewrite = new Rewrite(repository, options);
        return rewrite.apply(rewrite.plan(ProgressListener.NONE), forget, ProgressListener.NONE);
    }

    List<StoredSnapshot> snapshots() throws IOException {
        return repository.snapshots().list().snapshots();
    }

    StoredSnapshot find(SnapshotId id) throws IOException {
        return Objects.requireNonNull(repository.snapshots().list().find(id));
    }

    void forget(SnapshotId id) throws IOException {
        repository.snapshots().forget(id, repository.snapshots().list().heads());
    }

    PruneReport prune() throws IOException {
        try (Prune prune = new Prune(repository, Clock.systemUTC())) {
            PruneOptions options = PruneOptions.defaults().withMaxUnused(0);
            return prune.apply(prune.plan(options, ProgressListener.NONE), ProgressListener.NONE);
        }
    }

    /** Reads and verifies everything, as another process would. */
    List<CheckReport.Damage> check() throws IOException {
        return check(backend);
    }

    static List<CheckReport.Damage> check(Backend backend) throws IOException {
        try (Repository fresh = open(backend)) {
            return Workplace.check(fresh.loadIndex());
        }
    }

    /** What a snapshot restores to, without what {@code left} picks. */
    Path restore(StoredSnapshot snapshot, GlobFilter left) throws IOException {
        Path target = folder.resolve("target" + targets++);
        RestoreOptions options = RestoreOptions.to(RawName.of(target.toString()))
                .withPath(TreePath.parse(RawName.of(source.toString())))
                .withExcludes(left);
        RestoreReport report = new Restore(repository).run(snapshot, options, ProgressListener.NONE);
        if (report.errors() > 0) {
            throw new IOException("not everything was restored: " + report.problems());
        }
        return target;
    }

    /** How what a snapshot restores to differs from {@code expected}. */
    List<String> differences(Path expected, StoredSnapshot snapshot) throws IOException {
        return TreeCompare.differences(expected, restore(snapshot, GlobFilter.NONE));
    }

    /** The paths in a snapshot, relative to the source; those above it are left out. */
    List<String> paths(StoredSnapshot snapshot) throws IOException {
        List<String> paths = new ArrayList<>();
        ManifestCursor cursor = repository.manifests().walk(snapshot.record().root());
        String above = source + "/";
        for (ManifestEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
            String path = "/" + entry.path().asDirectory().toText();
            if (path.startsWith(above)) {
                paths.add(path.substring(above.length()));
            }
        }
        return paths;
    }

    /** The chunks of one file. */
    Set<ChunkId> chunks(StoredSnapshot snapshot, String file) throws IOException {
        TreePath path = TreePath.parse(RawName.of(source.resolve(file).toString()));
        ManifestEntry entry = repository.manifests().find(snapshot.record().root(), path);
        BodyReader body = new BodyReader(
                repository.chunks(), Objects.requireNonNull(entry).body());
        Set<ChunkId> chunks = new HashSet<>();
        while (body.next()) {
            chunks.add(body.id());
        }
        return chunks;
    }

    /** Every chunk of that type that some pack holds, dead or not. */
    Set<ChunkId> stored(ChunkType type) throws IOException {
        Set<ChunkId> chunks = new HashSet<>();
        try (Repository fresh = open(backend)) {
            fresh.loadIndex().index().forEachPack((pack, length) -> {
                PackTable table = fresh.index().table(pack);
                for (int row = 0; row < table.rowCount(); row++) {
                    if (table.rowType(row) == type) {
                        chunks.add(table.rowId(row));
                    }
                }
            });
        }
        return chunks;
    }

    long bytes(String prefix) {
        return backend.bytes(prefix);
    }

    long count(String prefix) {
        return backend.count(prefix);
    }

    @Override
    public void close() throws IOException {
        repository.close();
    }
}
