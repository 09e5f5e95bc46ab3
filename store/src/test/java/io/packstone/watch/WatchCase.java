package io.packstone.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.Backend;
import io.packstone.backend.local.LocalBackend;
import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.backup.BackupReport;
import io.packstone.endtoend.Scratch;
import io.packstone.endtoend.Workplace;
import io.packstone.keyslot.KeyCost;
import io.packstone.maintenance.retention.RetentionRules;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests that begin with an empty source, a repository beside it, and a watch on a thread of its own. */
class WatchCase {
    static final Duration SETTLE = Duration.ofMillis(300);

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    final List<BackupReport> reports = Collections.synchronizedList(new ArrayList<>());
    final List<WatchListener.State> states = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger forgotten = new AtomicInteger();
    private final CountDownLatch began = new CountDownLatch(1);
    Path place = Path.of("");
    Path source = Path.of("");
    Thread thread = new Thread();
    private int caches;
    List<RawName> given = List.of();
    ProgressListener progress = ProgressListener.NONE;

    @BeforeEach
    void init() throws IOException {
        place = Files.createTempDirectory(Path.of("target").toRealPath(), "watch");
        source = Files.createDirectory(place.resolve("source"));
        given = List.of(Workplace.name(source));
        InitOptions options = InitOptions.defaults().withKeyCost(KeyCost.TEST);
        try (Backend backend = new LocalBackend(place.resolve("repository"))) {
            Repository.init(backend, options, Workplace.SECRET, Clock.systemUTC());
        }
    }

    @AfterEach
    void clear() throws IOException, InterruptedException {
        end();
        Scratch.delete(place);
    }

    Repository open() throws IOException {
        RepositoryOptions options = RepositoryOptions.defaults().withCacheDirectory(place.resolve("cache" + caches++));
        return Repository.open(new LocalBackend(place.resolve("repository")), Workplace.SECRET, options);
    }

    BackupOptions backup() {
        return BackupOptions.of(given, "host", "user");
    }

    interface Done {
        void taken(Repository opened, BackupReport report, boolean whole) throws IOException;
    }

    void begin(Done done) throws InterruptedException {
        begin(
                new WatchOptions(
                        Duration.ZERO, SETTLE, Duration.ofHours(1), RetentionRules.NONE, ZoneOffset.UTC, List.of()),
                Clock.systemUTC(),
                done);
    }

    /** With {@code clock} in place of the computer's. */
    void begin(WatchOptions options, Clock clock, Done done) throws InterruptedException {
        thread = new Thread(
                () -> {
                    try (Repository opened = open()) {
                        new Watch(opened, clock).run(options, backup(), progress, new Told(options, opened, done));
                    } catch (IOException | RuntimeException | Error e) {
                        failure.set(e);
                        began.countDown();
                    }
                },
                "watch");
        thread.start();
        assertTrue(began.await(60, TimeUnit.SECONDS));
    }

    private final class Told implements WatchListener {
        private final WatchOptions options;
        private final Repository opened;
        private final Done done;

        Told(WatchOptions options, Repository opened, Done done) {
            this.options = options;
            this.opened = opened;
            this.done = done;
        }

        @Override
        public void taken(BackupReport report, boolean whole) {
            reports.add(report);
            try {
                done.taken(opened, report, whole);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public void failed(IOException cause, long seconds) {
            failure.set(cause);
        }

        @Override
        public void forgot(int count) {
            forgotten.addAndGet(count);
            if (options.kept().isEmpty()) {
                failure.set(new IllegalStateException("forgot " + count));
            }
        }

        @Override
        public void state(State state) {
            states.add(state);
            if (!reports.isEmpty()) {
                began.countDown();
            }
        }
    }

    /** Interrupts the watch, which takes what it was told of and ends. */
    void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 6000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertTrue(condition.getAsBoolean());
    }

    static List<ManifestEntry> entries(Repository opened, StoredSnapshot snapshot, Path below) throws IOException {
        List<ManifestEntry> entries = new ArrayList<>();
        var cursor = opened.manifests().within(snapshot.record().root(), TreePath.parse(Workplace.name(below)));
        for (ManifestEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
            entries.add(entry);
        }
        return entries;
    }

    /** What the last snapshot of the watch has is what a walk of everything finds. */
    void expectNothingMissed() throws IOException {
        try (Repository opened = open()) {
            opened.loadIndex();
            StoredSnapshot watched = Workplace.newest(opened);
            new Backup(opened, Clock.systemUTC()).run(backup(), ProgressListener.NONE);
            assertEquals(entries(opened, Workplace.newest(opened), source), entries(opened, watched, source));
        }
    }
}
