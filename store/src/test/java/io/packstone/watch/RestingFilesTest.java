package io.packstone.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backup.BackupReport;
import io.packstone.maintenance.retention.RetentionRules;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Large files that keep changing: how long each is let alone, and that nothing else waits for them. */
final class RestingFilesTest extends WatchCase {
    private static final int LARGE = 16 << 20;
    private static final TreePath IMAGE = TreePath.parse(io.packstone.metadata.RawName.of("/vm/image"));
    private static final TreePath OTHER = TreePath.parse(io.packstone.metadata.RawName.of("/vm/other"));

    private final HandClock clock = new HandClock(Instant.parse("2026-03-02T00:00:00Z"));

    @Test
    void aFileRestsTenTimesAsLongAsItsReadingTook() {
        RestingFiles resting = new RestingFiles(clock);
        assertFalse(resting.holdsBack(IMAGE));
        resting.read(Map.of(IMAGE, 1L << 30), 1L << 30, 4_000);
        assertTrue(resting.holdsBack(IMAGE));
        assertFalse(resting.holdsBack(OTHER));
        long since = clock.millis();
        clock.forward(Duration.ofMillis(39_999));
        assertTrue(resting.holdsBack(IMAGE));
        assertEquals(since, resting.waitingSince(), "the first change is what waits the longest");
        assertEquals(List.of(), resting.rested(false));
        clock.forward(Duration.ofMillis(1));
        assertEquals(List.of(IMAGE), resting.rested(false));
        assertEquals(0, resting.waiting());
        assertEquals(Long.MAX_VALUE, resting.waitingSince());
        assertFalse(resting.holdsBack(IMAGE));
    }

    @Test
    void atMostTenMinutes() {
        RestingFiles resting = new RestingFiles(clock);
        resting.read(Map.of(IMAGE, 1L << 40), 1L << 40, 4_000_000);
        assertTrue(resting.holdsBack(IMAGE));
        clock.forward(Duration.ofMinutes(10));
        assertEquals(List.of(IMAGE), resting.rested(false));
    }

    /** A snapshot that took long for other reasons is not the fault of a file with a small part of its bytes. */
    @Test
    void aFileAnswersForItsShareOfTheBytes() {
        RestingFiles resting = new RestingFiles(clock);
        resting.read(Map.of(IMAGE, 1L << 24), 300L << 24, 10_000);
        assertTrue(resting.holdsBack(IMAGE));
        clock.forward(Duration.ofMillis(1_000));
        assertEquals(List.of(IMAGE), resting.rested(false));
    }

    @Test
    void whatRestsIsTakenInTheEndAndForgottenWhenAllIsRead() {
        RestingFiles resting = new RestingFiles(clock);
        resting.read(Map.of(IMAGE, 1L << 30, OTHER, 1L << 30), 1L << 31, 4_000);
        assertTrue(resting.holdsBack(IMAGE) && resting.holdsBack(OTHER));
        resting.letGo(OTHER);
        assertEquals(List.of(IMAGE), resting.rested(true));
        assertTrue(resting.holdsBack(IMAGE));
        resting.letGo();
        assertEquals(0, resting.waiting());
    }

    private void touch(Path file) throws IOException {
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
            random.seek(LARGE / 2);
            random.write(reports.size() + 1);
        }
    }

    /** How many snapshots have read the large file so far. */
    private long large() {
        synchronized (reports) {
            return reports.stream()
                    .filter(report -> report.bytesRead() >= LARGE)
                    .count();
        }
    }

    /** What snapshots have read that did not read the large file. */
    private long smallBytes() {
        synchronized (reports) {
            return reports.stream()
                    .mapToLong(BackupReport::bytesRead)
                    .filter(bytes -> bytes < LARGE)
                    .sum();
        }
    }

    private WatchListener.State state() {
        return states.get(states.size() - 1);
    }

    /** The clock goes on by a second for each 4 MiB that are read. */
    @Test
    void whatChangesBesideALargeFileDoesNotWaitForIt() throws Exception {
        Path image = source.resolve("image");
        Path small = source.resolve("small");
        Files.write(image, new byte[LARGE]);
        Files.writeString(small, "first");
        progress = new ProgressListener() {
            @Override
            public void advance(long files, long bytes) {
                clock.forward(Duration.ofMillis(bytes >> 12));
            }
        };
        WatchOptions options = new WatchOptions(
                Duration.ZERO, Duration.ZERO, Duration.ofHours(1), RetentionRules.NONE, ZoneOffset.UTC, List.of());
        begin(options, clock, (opened, report, whole) -> {});
        touch(image);
        await(() -> large() == 2);
        for (int i = 0; i < 4; i++) {
            String change = "change " + i;
            long before = smallBytes();
            touch(image);
            Files.writeString(small, change);
            await(() -> smallBytes() >= before + change.length() && state().pending() == 1);
            WatchListener.State state = state();
            assertTrue(state.waitingSince() > 0 && state.lastSuccess() <= state.waitingSince(), state.toString());
            clock.forward(Duration.ofSeconds(8));
        }
        assertEquals(2, large());
        clock.forward(Duration.ofSeconds(10));
        await(() -> large() == 3 && state().pending() == 0);
        touch(image);
        end();
        assertEquals(4, large());
        expectNothingMissed();
    }
}
