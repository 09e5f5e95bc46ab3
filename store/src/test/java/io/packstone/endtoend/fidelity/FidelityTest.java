package io.packstone.endtoend.fidelity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.backup.BackupReport;
import io.packstone.crypto.SecretKey;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.Secret;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.Restore;
import io.packstone.restore.RestoreOptions;
import io.packstone.restore.RestoreReport;
import io.packstone.testkit.Abilities;
import io.packstone.testkit.AsOrdinaryUser;
import io.packstone.testkit.HostileTree;
import io.packstone.testkit.MemoryBackend;
import io.packstone.testkit.TreeCompare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Many small trees with everything in them: a snapshot, a restore, a comparison of everything; changes, a second snapshot
 * that trusts the first, a restore in place, a comparison. Twenty trees share a snapshot.
 */
class FidelityTest {
    private static final int TREES = 20;
    private static final int NAMES = 12;
    private static final int ROUNDS_OF_A_REPOSITORY = 25;
    private static final Secret SECRET = new Secret.KeyFile(SecretKey.copyOf(new byte[SecretKey.LENGTH]));

    /** A file system in memory where there is one: what is made durable costs nothing there. */
    private static Path memory() {
        Path shared = Path.of("/dev/shm");
        return Files.isWritable(shared) ? shared : Path.of(System.getProperty("java.io.tmpdir"));
    }

    @Test
    void smallTreesComeBackWithEverything() throws IOException {
        run(memory(), Long.getLong("packstone.seed", 1000), 70);
    }

    @Test
    void onADiskToo() throws IOException {
        run(Path.of(System.getProperty("java.io.tmpdir")), Long.getLong("packstone.seed", 2000), 5);
    }

    @Test
    @AsOrdinaryUser
    void andThoseOfAnOrdinaryUser() throws IOException {
        run(memory(), Long.getLong("packstone.seed", 3000), 25);
    }

    @Test
    @Tag("soak")
    void fiftyThousandTrees() throws IOException {
        run(memory(), Long.getLong("packstone.seed", 1_000_000), 2500);
    }

    private static void run(Path above, long firstSeed, int rounds) throws IOException {
        Path place = Files.createTempDirectory(above, "fidelity");
        try {
            Abilities can = Abilities.in(place);
            System.out.println("trees in " + above + " with " + can);
            for (int round = 0; round < rounds; round += ROUNDS_OF_A_REPOSITORY) {
                MemoryBackend backend = new MemoryBackend();
                Repository.init(backend, InitOptions.defaults().withKeyCost(KeyCost.TEST), SECRET, Clock.systemUTC());
                RepositoryOptions options = RepositoryOptions.defaults().withPlainIndex(true);
                try (Repository repository = Repository.open(backend, SECRET, options)) {
                    for (int i = round; i < Math.min(rounds, round + ROUNDS_OF_A_REPOSITORY); i++) {
                        new Round(repository, place, can, firstSeed + i).run();
                    }
                }
            }
        } finally {
            HostileTree.delete(place);
        }
    }

    /** One seed. */
    private record Round(Repository repository, Path place, Abilities can, long seed) {
        void run() throws IOException {
            Path source = place.resolve("source");
            Path target = place.resolve("target");
            HostileTree.delete(source);
            HostileTree.delete(target);
            Files.createDirectory(source);
            HostileTree tree = new HostileTree(seed, can);
            for (int i = 0; i < TREES; i++) {
                tree.create(Files.createDirectory(source.resolve("tree" + i)), NAMES);
            }
            restore(take(source), source, target);
            pause();
            for (int i = 0; i < TREES; i++) {
                tree.change(source.resolve("tree" + i), 3);
            }
            restore(take(source), source, target);
        }

        private static void pause() {
            try {
                Thread.sleep(12); // longer than a tick of the clock that change times are taken from
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** It says that it began later, so that the next one believes in files that were not touched since. */
        private StoredSnapshot take(Path source) throws IOException {
            Timestamp later = new Timestamp(Instant.now().getEpochSecond() + 3600, 0);
            BackupOptions.Label label = new BackupOptions.Label("host", "user", List.of(), later);
            BackupOptions options =
                    BackupOptions.of(List.of(name(source)), "host", "user").withLabel(label);
            BackupReport report = new Backup(repository, Clock.systemUTC()).run(options, ProgressListener.NONE);
            assertEquals(List.of(), report.problems(), this::repeat);
            List<StoredSnapshot> all = repository.snapshots().list().snapshots();
            return all.get(all.size() - 1);
        }

        private void restore(StoredSnapshot snapshot, Path source, Path target) throws IOException {
            RestoreOptions options = RestoreOptions.to(name(target))
                    .withPath(TreePath.parse(name(source)))
                    .withDelete(true);
            RestoreReport report = new Restore(repository).run(snapshot, options, ProgressListener.NONE);
            assertEquals(List.of(), report.problems(), this::repeat);
            assertEquals(List.of(), TreeCompare.allDifferences(source, target), this::repeat);
        }

        private String repeat() {
            return "repeat with -Dpackstone.seed=" + seed + " in " + place;
        }

        private static RawName name(Path path) {
            return RawName.of(path.toString());
        }
    }
}
