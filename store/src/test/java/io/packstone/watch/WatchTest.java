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
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Files that change while they are watched, told of by the system itself. */
final class WatchTest {
    private static final Duration SETTLE = Duration.ofMillis(300);

    private static final long MEGABYTE = 1 << 20;

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<BackupReport> reports = Collections.synchronizedList(new ArrayList<>());
    private final List<WatchListener.State> states = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch began = new CountDownLatch(1);
    private Path place = Path.of("");
    private Path source = Path.of("");
    private Thread thread = new Thread();
    private int caches;
    private List<RawName> given = List.of();

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

    private Repository open() throws IOException {
        RepositoryOptions options = RepositoryOptions.defaults().withCacheDirectory(place.resolve("cache" + caches++));
        return Repository.open(new LocalBackend(place.resolve("repository")), Workplace.SECRET, options);
    }

    private BackupOptions backup() {
        return BackupOptions.of(given, "host", "user");
    }

    private interface Done {
        void taken(Repository opened, BackupReport report, boolean whole) throws IOException;
    }

    private void begin(Done done) throws InterruptedException {
        WatchOptions options = new WatchOptions(
                Duration.ZERO, SETTLE, Duration.ofHours(1), RetentionRules.NONE, ZoneOffset.UTC, List.of());
        thread = new Thread(
                () -> {
                    try (Repository opened = open()) {
                        new Watch(opened, Clock.systemUTC())
                                .run(options, backup(), ProgressListener.NONE, new Told(opened, done));
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
        private final Repository opened;
        private final Done done;

        Told(Repository opened, Done done) {
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
            began.countDown();
        }

        @Override
        public void failed(IOException cause, long seconds) {
            failure.set(cause);
        }

        @Override
        public void forgot(int count) {
            failure.set(new IllegalStateException("forgot " + count));
        }

        @Override
        public void state(State state) {
            states.add(state);
        }
    }

    /** Interrupts the watch, which takes what it was told of and ends. */
    private void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1200 && !condition.getAsBoolean(); i++) {
            Thread.sleep(50);
        }
        assertTrue(condition.getAsBoolean());
    }

    private static List<ManifestEntry> entries(Repository opened, StoredSnapshot snapshot, Path below)
            throws IOException {
        List<ManifestEntry> entries = new ArrayList<>();
        var cursor = opened.manifests().within(snapshot.record().root(), TreePath.parse(Workplace.name(below)));
        for (ManifestEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
            entries.add(entry);
        }
        return entries;
    }

    /** What the last snapshot of the watch has is what a walk of everything finds. */
    private void expectNothingMissed() throws IOException {
        try (Repository opened = open()) {
            opened.loadIndex();
            StoredSnapshot watched = Workplace.newest(opened);
            new Backup(opened, Clock.systemUTC()).run(backup(), ProgressListener.NONE);
            assertEquals(entries(opened, Workplace.newest(opened), source), entries(opened, watched, source));
        }
    }

    @Test
    void foldersThatComeAndGoAndMove() throws Exception {
        Files.createDirectories(source.resolve("old/deep"));
        Files.writeString(source.resolve("old/deep/file"), "first");
        begin((opened, report, whole) -> {});
        Files.createDirectories(source.resolve("new/a/b/c"));
        Files.writeString(source.resolve("new/a/b/c/file"), "at once");
        await(() -> reports.size() == 2);
        Files.move(source.resolve("old"), source.resolve("new/a/moved"));
        await(() -> reports.size() == 3);
        Files.writeString(source.resolve("new/a/moved/deep/file"), "changed below its new name");
        await(() -> reports.size() == 4);
        Path away = place.resolve("away");
        Files.move(source.resolve("new/a/moved"), away);
        await(() -> reports.size() == 5);
        Files.writeString(away.resolve("deep/file"), "nobody's matter");
        Thread.sleep(4 * SETTLE.toMillis());
        assertEquals(5, reports.size());
        Files.move(away, source.resolve("back"));
        await(() -> reports.size() == 6);
        Scratch.delete(source.resolve("new"));
        Files.writeString(source.resolve("new"), "a file now");
        await(() -> reports.size() >= 7);
        end();
        expectNothingMissed();
        assertTrue(states.stream().allMatch(state -> state.unwatched() == 0 && state.errors() == 0));
        int above = TreePath.parse(Workplace.name(source)).toString().split("/").length - 1;
        assertEquals(above + 3, states.get(states.size() - 1).folders(), "source, back, back/deep, what is above them");
    }

    /** Also one that is a file, or that comes back after it was gone, and whatever its neighbours do. */
    @Test
    void whatWasGivenItself() throws Exception {
        Path file = place.resolve("single");
        Files.writeString(file, "a file that was given");
        given = List.of(Workplace.name(source), Workplace.name(file));
        begin((opened, report, whole) -> {});
        Files.writeString(place.resolve("neighbour"), "nobody's matter");
        Files.writeString(file, "another text");
        await(() -> reports.size() == 2);
        assertEquals(1, reports.get(1).filesChanged());
        Files.delete(source);
        await(() -> reports.size() == 3);
        Files.createDirectory(source);
        Files.writeString(source.resolve("file"), "it is there again");
        await(() -> reports.size() == 4);
        Files.writeString(source.resolve("file"), "and watched");
        await(() -> reports.size() == 5);
        end();
        expectNothingMissed();
    }

    @Test
    void whatIsToldOfUntilItIsInterruptedIsTaken() throws Exception {
        begin((opened, report, whole) -> {});
        Files.writeString(source.resolve("last"), "word");
        Thread.sleep(SETTLE.toMillis() / 3);
        end();
        assertEquals(2, reports.size());
        expectNothingMissed();
    }

    /** While its thread is busy, more happens than the kernel remembers (fs.inotify.max_queued_events). */
    @Test
    void moreThanTheSystemCanTell() throws Exception {
        long limit = Long.parseLong(Files.readAllLines(Path.of("/proc/sys/fs/inotify/max_queued_events"))
                .get(0));
        org.junit.jupiter.api.Assumptions.assumeTrue(limit <= 20_000, "events are remembered without end here");
        begin((opened, report, whole) -> {
            if (reports.size() == 1) {
                for (int i = 0; i <= limit / 2; i++) {
                    Files.writeString(source.resolve("f" + i), "");
                    Files.delete(source.resolve("f" + i));
                }
                Files.createDirectory(source.resolve("unheard"));
                Files.writeString(source.resolve("unheard/of"), "found all the same");
            }
        });
        await(() -> reports.size() >= 2);
        end();
        assertTrue(states.get(states.size() - 1).overflows() > 0, states.toString());
        expectNothingMissed();
    }

    /** A change that waits for a snapshot that has it. */
    private record Waiting(Path file, long bytes, long nanos) {}

    @Test
    void aChangeIsSoonInASnapshot() throws Exception {
        changesAtARate(2_000, 50, 6);
    }

    @Test
    @Tag("soak")
    void tenMinutesOfChanges() throws Exception {
        changesAtARate(100_000, 200, Integer.getInteger("packstone.seconds", 600));
    }

    /** Files grow with each change, so that the length which a snapshot has says whether a change is in it. */
    private void changesAtARate(int files, int perSecond, int seconds) throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < files; i++) {
            Path folder = source.resolve("d" + i / 100);
            if (i % 100 == 0) {
                Files.createDirectory(folder);
            }
            Files.write(folder.resolve("f" + i), new byte[random.nextInt(8_000)]);
        }
        ConcurrentLinkedQueue<Waiting> waiting = new ConcurrentLinkedQueue<>();
        List<Long> millis = Collections.synchronizedList(new ArrayList<>());
        List<Long> heap = Collections.synchronizedList(new ArrayList<>());
        begin((opened, report, whole) -> {
            if (report.snapshot() == null) {
                return;
            }
            long now = System.nanoTime();
            var root = opened.snapshots().record(report.snapshot()).root();
            for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
                Waiting one = each.next();
                ManifestEntry entry = opened.manifests().find(root, TreePath.parse(Workplace.name(one.file())));
                if (entry != null && entry.body().plainLength() >= one.bytes()) {
                    millis.add((now - one.nanos()) / 1_000_000);
                    each.remove();
                }
            }
            if (reports.size() % 50 == 0) {
                System.gc();
                heap.add((Runtime.getRuntime().totalMemory()
                                - Runtime.getRuntime().freeMemory())
                        / MEGABYTE);
            }
        });
        long begun = System.nanoTime();
        int made = 0;
        while (System.nanoTime() - begun < seconds * 1_000_000_000L) {
            int i = random.nextInt(files);
            Path file = source.resolve("d" + i / 100).resolve("f" + i);
            long length = Files.size(file) + 1 + random.nextInt(20);
            byte[] bytes = new byte[(int) length];
            random.nextBytes(bytes);
            Files.write(file, bytes);
            waiting.add(new Waiting(file, length, System.nanoTime()));
            made++;
            long next = begun + made * 1_000_000_000L / perSecond;
            Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
        }
        await(waiting::isEmpty);
        end();
        expectNothingMissed();
        assertEquals(made, millis.size());
        long[] sorted = millis.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.println(made + " changes among " + files + " files in " + seconds + " s, " + reports.size()
                + " snapshots; milliseconds until a change was in one: half " + sorted[sorted.length / 2]
                + ", 99 of 100 " + sorted[sorted.length * 99 / 100] + ", all " + sorted[sorted.length - 1]
                + "; overflows " + states.get(states.size() - 1).overflows() + "; MiB of heap every 50 snapshots "
                + heap);
    }
}
