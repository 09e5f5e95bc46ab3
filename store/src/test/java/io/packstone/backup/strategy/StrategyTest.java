package io.packstone.backup.strategy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.backup.BackupReport;
import io.packstone.crypto.BoundaryHash;
import io.packstone.endtoend.Workplace;
import io.packstone.id.ChunkId;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.manifest.ManifestBuilder;
import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.repository.WriteSession;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.snapshot.TakenAs;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each strategy reads the files that it says, and no other; what is in a snapshot depends on none. */
class StrategyTest {
    private static final int BIG = 50_000;
    private static final int SMALL = 700;

    @TempDir
    Path folder;

    private Workplace place;
    private Repository repository;
    private Instant now = Instant.now();

    @BeforeEach
    void makeFiles() throws IOException {
        place = new Workplace(folder);
        Files.createDirectories(place.source);
        MemoryBackend backend = new MemoryBackend();
        Repository.init(backend, InitOptions.defaults().withKeyCost(KeyCost.TEST), Workplace.SECRET, Clock.systemUTC());
        repository = Workplace.openPlainly(backend);
        write("big", BIG, 1);
        write("small", SMALL, 2);
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
    }

    private void write(String name, int length, int value) throws IOException {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        Files.write(place.source.resolve(name), bytes);
    }

    /** Each a day after the one before. */
    private BackupReport take(Strategy strategy) throws IOException {
        now = now.plus(Duration.ofDays(1));
        BackupOptions options = BackupOptions.of(List.of(Workplace.name(place.source)), "host", "user")
                .withStrategy(strategy);
        return new Backup(repository, Clock.fixed(now, ZoneOffset.UTC)).run(options, ProgressListener.NONE);
    }

    private StoredSnapshot find(@Nullable SnapshotId id) throws IOException {
        return Objects.requireNonNull(repository.snapshots().list().find(Objects.requireNonNull(id)));
    }

    private String recorded(BackupReport report) throws IOException {
        return find(report.snapshot()).record().strategy();
    }

    @Test
    void aFullOneReadsEveryByteAndStoresNoneTwice() throws IOException {
        assertEquals(
                new TakenAs("incremental", "full"), take(Strategy.INCREMENTAL).takenAs());
        assertEquals(0, take(Strategy.INCREMENTAL).bytesRead());
        BackupReport full = take(Strategy.FULL);
        assertEquals(BIG + SMALL, full.bytesRead());
        assertEquals(0, full.bytesNew());
        assertEquals(2, full.filesUnchanged());
        assertEquals(0, full.filesBehind());
        assertNull(full.parent(), "it takes nothing over");
        assertEquals("full", recorded(full));
        BackupReport next = take(Strategy.INCREMENTAL);
        assertEquals(0, next.bytesRead());
        assertEquals(full.snapshot(), next.parent());
        assertEquals("incremental", recorded(next));
    }

    @Test
    void aDifferentialOneReadsAgainWhatIncrementalOnesTook() throws IOException {
        BackupReport full = take(Strategy.FULL);
        write("small", SMALL, 3);
        assertEquals(SMALL, take(Strategy.INCREMENTAL).bytesRead());
        write("other", 11, 4);
        assertEquals(11, take(Strategy.INCREMENTAL).bytesRead());
        for (int round = 0; round < 2; round++) {
            BackupReport differential = take(Strategy.DIFFERENTIAL);
            assertEquals(SMALL + 11, differential.bytesRead());
            assertEquals(0, differential.bytesNew());
            assertEquals(full.snapshot(), differential.parent());
            assertEquals("differential", recorded(differential));
        }
    }

    @Test
    void aDifferentialOneWithoutAFullOneIsFullAndSaysSo() throws IOException {
        BackupReport first = take(Strategy.DIFFERENTIAL);
        assertEquals(new TakenAs("differential", "full"), first.takenAs());
        assertEquals("differential/full", recorded(first));
        take(Strategy.INCREMENTAL);
        forget(first.snapshot());
        assertEquals("differential/full", recorded(take(Strategy.DIFFERENTIAL)));
    }

    private void forget(@Nullable SnapshotId id) throws IOException {
        repository
                .snapshots()
                .forget(
                        Objects.requireNonNull(id),
                        repository.snapshots().list().heads());
    }

    @Test
    void aSnapshotIsRestoredWithoutTheOneItWasComparedWith() throws IOException {
        BackupReport full = take(Strategy.FULL);
        write("small", SMALL, 3);
        BackupReport differential = take(Strategy.DIFFERENTIAL);
        assertEquals(SMALL, differential.bytesRead());
        forget(full.snapshot());
        Workplace.pruneAll(repository);
        assertEquals(1, repository.snapshots().list().snapshots().size());
        repository.loadIndex();
        Path target = place.restore(repository, find(differential.snapshot()));
        assertEquals(Workplace.describe(place.source), Workplace.describe(target));
        assertEquals(List.of(), Workplace.check(repository));
    }

    /** The parent has a file's fingerprint of today, and its bytes of yesterday: as if they had rotted on the disk since. */
    @Test
    void aFullOneFindsWhatChangedBehindTheTimes() throws IOException {
        SnapshotId old = Objects.requireNonNull(take(Strategy.FULL).snapshot());
        write("small", SMALL, 3);
        SnapshotId changed = Objects.requireNonNull(take(Strategy.FULL).snapshot());
        TreePath small = TreePath.parse(Workplace.name(place.source.resolve("small")));
        ManifestEntry before = Objects.requireNonNull(
                repository.manifests().find(find(old).record().root(), small));
        forge(find(changed).record(), before);
        assertEquals(0, take(Strategy.INCREMENTAL).bytesRead(), "nothing tells");
        BackupReport full = take(Strategy.FULL);
        assertEquals(BIG + SMALL, full.bytesRead());
        assertEquals(1, full.filesBehind());
        assertEquals(1, full.filesChanged());
        assertEquals("complete", full.status());
        ManifestEntry now = Objects.requireNonNull(
                repository.manifests().find(find(full.snapshot()).record().root(), small));
        assertNotEquals(before.body(), now.body());
        Path target = place.restore(repository, find(full.snapshot()));
        assertArrayEquals(
                Files.readAllBytes(place.source.resolve("small")), Files.readAllBytes(target.resolve("small")));
        assertEquals(0, take(Strategy.FULL).filesBehind());
    }

    /** Commits a snapshot that is {@code record} but for the bytes of one file. */
    private void forge(SnapshotRecord record, ManifestEntry other) throws IOException {
        try (WriteSession session = repository.begin(repository.compression())) {
            ManifestBuilder builder = new ManifestBuilder(
                    session.nodes(), new BoundaryHash(repository.keys().boundaryKey()));
            ManifestCursor cursor = repository.manifests().walk(record.root());
            for (ManifestEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
                builder.add(entry.path().equals(other.path()) ? other.withMetadata(entry.metadata()) : entry);
            }
            ChunkId root = builder.finish().id();
            session.flush();
            SnapshotRecord forged = new SnapshotRecord(
                    root,
                    null,
                    List.of(),
                    0,
                    null,
                    record.time(),
                    record.host(),
                    record.user(),
                    record.paths(),
                    record.tags(),
                    record.strategy(),
                    record.status(),
                    record.problems(),
                    record.problemCount(),
                    record.counts(),
                    record.options(),
                    record.consistency(),
                    record.program(),
                    null,
                    record.fidelity());
            Objects.requireNonNull(session.commit(forged).snapshot());
        }
    }

    /** Four runs a day for a month, none of them exactly on the hour. */
    @Test
    void hybridTakesEachKindWhenItIsDue() throws IOException {
        Files.delete(place.source.resolve("big"));
        Strategy hybrid = Strategy.hybrid(Strategy.FULL_EVERY, Strategy.DIFFERENTIAL_EVERY);
        Instant begin = now.plus(Duration.ofDays(1));
        List<String> expected = new ArrayList<>();
        List<String> taken = new ArrayList<>();
        for (int run = 0; run < 4 * 31; run++) {
            int late = run * 37 % 5;
            now = begin.plus(Duration.ofHours(6L * run))
                    .plus(Duration.ofMinutes(late))
                    .minus(Duration.ofDays(1));
            String kind = run % 28 == 0 ? "full" : run % 4 == 0 ? "differential" : "incremental";
            expected.add(run + " hybrid/" + kind);
            taken.add(run + " " + recorded(take(hybrid)));
        }
        assertEquals(expected, taken);
        now = begin.minus(Duration.ofDays(100));
        assertEquals("hybrid/full", recorded(take(hybrid)), "what is said to be taken in times to come does not count");
    }
}
