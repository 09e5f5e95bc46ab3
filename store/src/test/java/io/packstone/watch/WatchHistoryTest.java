package io.packstone.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.browse.SnapshotSelector;
import io.packstone.endtoend.Workplace;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.Restore;
import io.packstone.restore.RestoreOptions;
import io.packstone.snapshot.SnapshotNote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a watch leaves behind: each moment of the last hour, fewer ones of days and weeks, and what is not its own. */
final class WatchHistoryTest extends WatchCase {
    /** A Monday. */
    private static final Instant BEGIN = Instant.parse("2026-03-02T00:00:00Z");

    /** Looks at no more than it is told of, so that one change makes one snapshot. */
    private static final WatchOptions OPTIONS = new WatchOptions(
            Duration.ZERO, Duration.ZERO, Duration.ofDays(10_000), WatchOptions.KEPT, ZoneOffset.UTC, List.of());

    private final HandClock clock = new HandClock(BEGIN);

    /** Snapshots that the watch has not taken. */
    private final List<SnapshotId> others = new ArrayList<>();

    private int changes;

    private interface Deed {
        void run() throws IOException;
    }

    /** One change that no snapshot can have half of, the snapshot of it, and what is forgotten then; when. */
    private Instant change(Duration later, Deed deed) throws IOException, InterruptedException {
        long before = states.get(states.size() - 1).snapshots();
        Instant now = clock.forward(later);
        deed.run();
        await(() -> {
            WatchListener.State state = states.get(states.size() - 1);
            return state.snapshots() > before && state.pending() == 0;
        });
        return now;
    }

    private Instant change(Duration later) throws IOException, InterruptedException {
        return change(later, () -> replace(source.resolve("file")));
    }

    private void replace(Path file) throws IOException {
        Path next = place.resolve("next");
        Files.writeString(next, "change " + changes++);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Deed deed(int step) throws IOException {
        Path folder = source.resolve("d" + step);
        return switch (step % 4) {
            case 0 -> () -> replace(folder.resolve("f"));
            case 1 -> () -> Files.delete(folder.resolve("g"));
            case 2 ->
                () -> {
                    Path made = Files.createDirectories(place.resolve("made"));
                    Files.createDirectories(made.resolve("deep"));
                    Files.writeString(made.resolve("deep/file"), "of step " + step);
                    Files.move(made, folder.resolve("new"));
                };
            default -> () -> Files.move(folder, source.resolve("moved" + step));
        };
    }

    @Test
    void everyMomentOfAWatchComesBackByItsTime() throws Exception {
        for (int i = 0; i < 8; i++) {
            Files.createDirectories(source.resolve("d" + i));
            Files.writeString(source.resolve("d" + i).resolve("f"), "first " + i);
            Files.writeString(source.resolve("d" + i).resolve("g"), "second " + i);
        }
        begin(OPTIONS, clock, (opened, report, whole) -> {});
        Map<Instant, Map<String, String>> moments = new TreeMap<>();
        moments.put(clock.instant(), Workplace.describe(source));
        for (int i = 0; i < 8; i++) {
            Instant now = change(Duration.ofMillis(1_700), deed(i));
            moments.put(now, Workplace.describe(source));
        }
        end();
        assertEquals(9, moments.size());
        try (Repository opened = open()) {
            opened.loadIndex();
            SnapshotSelector selector = new SnapshotSelector(opened, "elsewhere", RawName.of("/"));
            for (Map.Entry<Instant, Map<String, String>> moment : moments.entrySet()) {
                for (long late : new long[] {0, 1, 1_699}) {
                    String time = "@" + moment.getKey().plusMillis(late);
                    SnapshotSelector.Selection selection = selector.select(time + ":" + source);
                    Path target = place.resolve("target" + moment.getKey() + late);
                    RestoreOptions options =
                            RestoreOptions.to(Workplace.name(target)).withPath(selection.path());
                    new Restore(opened).run(selection.snapshot(), options, ProgressListener.NONE);
                    assertEquals(moment.getValue(), Workplace.describe(target), time);
                }
            }
        }
    }

    /** Which of ascending times stay, told once more and in another way than the program tells it. */
    private static Set<Instant> kept(List<Instant> times) {
        Instant newest = times.get(times.size() - 1);
        Set<Instant> kept = new TreeSet<>();
        kept.add(newest);
        times.stream()
                .filter(time -> !time.isBefore(newest.minus(Duration.ofHours(1))))
                .forEach(kept::add);
        long hour = 3_600;
        long day = 24 * hour;
        kept.addAll(newestOfEach(times, hour, 0, 24));
        kept.addAll(newestOfEach(times, day, 0, 30));
        kept.addAll(newestOfEach(times, 7 * day, 3 * day, 52)); // The first of January 1970 was a Thursday.
        return kept;
    }

    private static List<Instant> newestOfEach(List<Instant> times, long seconds, long offset, int count) {
        TreeMap<Long, Instant> newest = new TreeMap<>();
        times.forEach(time -> newest.put(Math.floorDiv(time.getEpochSecond() + offset, seconds), time));
        return newest.descendingMap().values().stream().limit(count).toList();
    }

    private SnapshotId other(Repository opened, String host, Path path, String... tags) throws IOException {
        BackupOptions.Label label = new BackupOptions.Label(host, "user", List.of(tags), null);
        BackupOptions options =
                BackupOptions.of(List.of(Workplace.name(path)), host, "user").withLabel(label);
        SnapshotId id = Objects.requireNonNull(
                new Backup(opened, clock).run(options, ProgressListener.NONE).snapshot());
        others.add(id);
        clock.forward(Duration.ofMillis(1)); // So that no two have one time.
        return id;
    }

    private static Map<Instant, SnapshotId> listed(Repository opened) throws IOException {
        Map<Instant, SnapshotId> all = new TreeMap<>();
        for (StoredSnapshot snapshot : opened.snapshots().list().snapshots()) {
            var time = snapshot.record().time();
            all.put(Instant.ofEpochSecond(time.seconds(), time.nanos()), snapshot.id());
        }
        return all;
    }

    @Test
    void anHourOfMomentsADayOfHoursAMonthOfDaysAndAYearOfWeeksStay() throws Exception {
        Files.writeString(source.resolve("file"), "first");
        begin(OPTIONS, clock, (opened, report, whole) -> {});
        List<Instant> times = new ArrayList<>(List.of(BEGIN));
        Duration[][] phases = {
            {Duration.ofSeconds(5), Duration.ofSeconds(40)},
            {Duration.ofMinutes(20), Duration.ofMinutes(140)},
            {Duration.ofHours(5), Duration.ofHours(160)},
            {Duration.ofDays(1).plusHours(1), Duration.ofDays(25)},
            {Duration.ofDays(9), Duration.ofDays(270)}
        };
        try (Repository opened = open()) {
            for (Duration[] phase : phases) {
                Instant until = clock.instant().plus(phase[1]);
                while (clock.instant().isBefore(until)) {
                    times.add(change(phase[0]));
                }
                times.add(change(Duration.ofSeconds(61))); // It looks at its rules once a minute.
                assertEquals(kept(times), listed(opened).keySet());
            }
        }
        assertEquals(times.size() - kept(times).size(), forgotten.get());
        assertTrue(forgotten.get() > 30, times.size() + " snapshots");
    }

    @Test
    void whatAWatchHasNotTakenItselfStays() throws Exception {
        Files.writeString(source.resolve("file"), "first");
        Path beside = Files.createDirectory(place.resolve("beside"));
        begin(OPTIONS, clock, (opened, report, whole) -> {});
        List<Instant> own = new ArrayList<>(List.of(BEGIN));
        try (Repository opened = open()) {
            for (int i = 0; i < 3; i++) {
                clock.forward(Duration.ofSeconds(5));
                other(opened, "host", source);
                other(opened, "host", source, "nightly");
                other(opened, "another host", source, Watch.TAG);
                other(opened, "host", beside, Watch.TAG);
                own.add(change(Duration.ofSeconds(5)));
            }
            SnapshotId untagged = Objects.requireNonNull(listed(opened).get(own.get(1)));
            SnapshotId held = Objects.requireNonNull(listed(opened).get(own.get(2)));
            opened.snapshots()
                    .annotate(untagged, SnapshotNote.Pin.SILENT, List.of(), List.of(Watch.TAG), opened.randomness());
            opened.snapshots().annotate(held, SnapshotNote.Pin.PROTECTED, List.of(), List.of(), opened.randomness());
            Instant last = change(Duration.ofDays(500));
            List<SnapshotId> left = new ArrayList<>(listed(opened).values());
            SnapshotId newest = Objects.requireNonNull(listed(opened).get(last));
            assertTrue(left.removeAll(List.of(untagged, held, newest)));
            assertNotEquals(List.of(), left);
            assertTrue(left.removeAll(others));
            assertEquals(12, others.size());
            // The last of its own before the leap is still the newest of its hour, day and week.
            assertEquals(List.of(Objects.requireNonNull(listed(opened).get(own.get(3)))), left);
        }
        assertEquals(1, forgotten.get());
    }
}
