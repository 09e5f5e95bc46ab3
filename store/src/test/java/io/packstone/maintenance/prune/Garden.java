package io.packstone.maintenance.prune;

import io.packstone.backend.Backend;
import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.endtoend.Workplace;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.Secret;
import io.packstone.maintenance.CheckReport;
import io.packstone.metadata.RawName;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.testkit.MemoryBackend;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** A source of seeded files, a repository in memory, and all that a test does with them in one line each. */
final class Garden implements Closeable {
    static final Secret SECRET = Secret.Password.of("correct horse");

    final MemoryBackend backend;
    private final Path source;
    private Repository repository;

    Garden(Path folder) throws IOException {
        this(folder, new MemoryBackend());
        Repository.init(backend, InitOptions.defaults().withKeyCost(KeyCost.TEST), SECRET, Clock.systemUTC());
        reopen();
    }

    /** Around a repository that exists. */
    Garden(Path folder, MemoryBackend backend) throws IOException {
        this.backend = backend;
        source = Files.createDirectories(folder.resolve("source"));
        if (!backend.stored().isEmpty()) {
            reopen();
        }
    }

    /** As another process would, which knows nothing yet. */
    Repository reopen() throws IOException {
        return reopen(backend);
    }

    Repository reopen(Backend through) throws IOException {
        if (repository != null) {
            repository.close();
        }
        repository = Repository.open(through, SECRET, RepositoryOptions.defaults());
        return repository;
    }

    Repository repository() {
        return repository;
    }

    Path file(String name, long seed, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        Path file = source.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    void delete(String name) throws IOException {
        Files.delete(source.resolve(name));
    }

    SnapshotId snapshot() throws IOException {
        BackupOptions options = BackupOptions.of(List.of(RawName.of(source.toString())), "host", "user");
        return Objects.requireNonNull(new Backup(repository, Clock.systemUTC())
                .run(options, ProgressListener.NONE)
                .snapshot());
    }

    void forget(SnapshotId id) throws IOException {
        repository.snapshots().forget(id, repository.snapshots().list().heads());
    }

    PrunePlan plan(PruneOptions options) throws IOException {
        try (Prune prune = new Prune(repository, Clock.systemUTC())) {
            return prune.plan(options, ProgressListener.NONE);
        }
    }

    PruneReport prune(PruneOptions options) throws IOException {
        try (Prune prune = new Prune(repository, Clock.systemUTC())) {
            return prune.apply(prune.plan(options, ProgressListener.NONE), ProgressListener.NONE);
        }
    }

    List<StoredSnapshot> snapshots() throws IOException {
        return repository.snapshots().list().snapshots();
    }

    /** Reads and verifies everything, as another process would. */
    List<CheckReport.Damage> check() throws IOException {
        try (Repository fresh = Repository.open(backend, SECRET, RepositoryOptions.defaults())) {
            return Workplace.check(fresh.loadIndex());
        }
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
