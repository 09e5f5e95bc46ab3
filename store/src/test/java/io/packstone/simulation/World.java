package io.packstone.simulation;

import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.backup.resume.Interval;
import io.packstone.backup.strategy.Strategy;
import io.packstone.compress.Compression;
import io.packstone.crypto.SecretKey;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.Secret;
import io.packstone.maintenance.prune.ContraryPrune;
import io.packstone.metadata.RawName;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Flaw;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.SimulatedRepository;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * What every simulation starts from: three small folders that share files, and repositories that hold snapshots of them,
 * one of which is forgotten. In one of them all chunks stand twice. Two of the folders got another file since. Made once.
 */
final class World {
    /** So late that files are old enough to be taken over unread. */
    static final Clock CLOCK = Clock.fixed(Instant.parse("2040-01-01T00:00:00Z"), ZoneOffset.UTC);

    /** So early that no job is stale by its age. */
    static final Clock EARLY = Clock.fixed(Instant.parse("2000-01-01T00:00:00Z"), ZoneOffset.UTC);

    final Secret secret;
    final List<Path> folders = new ArrayList<>();
    final List<MemoryBackend> repositories = new ArrayList<>();

    World(Path place) throws IOException {
        secret = new Secret.KeyFile(SecretKey.random(new Random(1)::nextBytes));
        for (String files : List.of("fghk", "fg", "gm")) {
            Path folder = Files.createDirectories(place.resolve(files));
            for (String name : files.split("")) {
                write(folder, name);
            }
            folders.add(folder);
        }
        for (boolean twice : new boolean[] {false, true}) {
            repositories.add(repository(twice, true));
            repositories.add(repository(twice, false));
        }
        write(folders.get(1), "z");
        write(folders.get(2), "z");
    }

    /** The repositories in which every chunk stands twice. */
    List<MemoryBackend> twice() {
        return repositories.subList(repositories.size() / 2, repositories.size());
    }

    /** Files of one name are the same everywhere. */
    private static void write(Path folder, String name) throws IOException {
        byte[] content = new byte[2000];
        new Random(name.hashCode()).nextBytes(content);
        Files.write(folder.resolve(name), content);
    }

    /** {@code apart} is whether what only the forgotten snapshot needs has a pack to itself. */
    private MemoryBackend repository(boolean twice, boolean apart) throws IOException {
        MemoryBackend backend = new MemoryBackend();
        Repository.init(
                backend,
                InitOptions.defaults().withChunkAverage(16 << 10).withCompression(Compression.parse("none")),
                secret,
                CLOCK);
        try (Repository repository = SimulatedRepository.open(backend, secret, new Random(2)::nextBytes, Flaw.NONE)) {
            if (apart) {
                snapshot(repository, 1, false);
                snapshot(repository, 2, false);
            }
            SnapshotId gone = snapshot(repository, 0, false);
            if (!apart) {
                snapshot(repository, 1, false);
                snapshot(repository, 2, false);
            }
            repository.snapshots().forget(gone, repository.snapshots().list().heads());
            if (twice) {
                ContraryPrune.storeTwice(repository);
            }
        }
        return backend;
    }

    /** Takes a snapshot of one of the folders. */
    SnapshotId snapshot(Repository repository, int folder, boolean full) throws IOException {
        return snapshot(repository, folder, full, Interval.NEVER);
    }

    /** With partial ones so often. */
    SnapshotId snapshot(Repository repository, int folder, boolean full, Interval checkpoints) throws IOException {
        BackupOptions options = BackupOptions.of(
                        List.of(RawName.of(folders.get(folder).toString())), "host", "user")
                .withCheckpoints(checkpoints);
        if (full) {
            options = options.withStrategy(Strategy.FULL);
        }
        return Objects.requireNonNull(new Backup(repository, CLOCK)
                .run(options, ProgressListener.NONE)
                .snapshot());
    }
}
