package io.packstone.maintenance.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.id.ChunkId;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.repository.StoredSnapshot;
import io.packstone.snapshot.SnapshotCounts;
import io.packstone.snapshot.SnapshotRecord;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class GroupRetentionTest {
    private static final Instant NOW = Instant.parse("2026-12-31T23:00:00Z");

    static StoredSnapshot snapshot(int order, String time, String status, String... tags) {
        Instant instant = Instant.parse(time);
        byte[] id = new byte[32];
        id[31] = (byte) order;
        id[30] = (byte) (order >> 8);
        SnapshotRecord record = new SnapshotRecord(
                ChunkId.of(new byte[32]),
                null,
                List.of(),
                order,
                null,
                new Timestamp(instant.getEpochSecond(), instant.getNano()),
                "host",
                "user",
                List.of(RawName.of("/a")),
                List.of(tags),
                "full",
                status,
                List.of(),
                0,
                new SnapshotCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                List.of(),
                "live",
                "test");
        return new StoredSnapshot(SnapshotId.of(id), record);
    }

    private static List<StoredSnapshot> complete(String... times) {
        List<StoredSnapshot> snapshots = new ArrayList<>();
        for (String time : times) {
            snapshots.add(snapshot(snapshots.size() + 1, time, SnapshotRecord.COMPLETE));
        }
        return snapshots;
    }

    /** The positions that stay. */
    private static List<Integer> kept(List<StoredSnapshot> snapshots, RetentionRules rules, ZoneId zone) {
        List<Set<String>> reasons = new GroupRetention(snapshots, BelievedTimes.of(snapshots, NOW), zone).apply(rules);
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < reasons.size(); i++) {
            if (!reasons.get(i).isEmpty()) {
                kept.add(i);
            }
        }
        return kept;
    }

    private static RetentionRules rules(int last, int hourly, int daily, int weekly, int monthly, int yearly) {
        return new RetentionRules(last, hourly, daily, weekly, monthly, yearly, TimeSpan.NONE, List.of());
    }

    @Test
    void theNewestOfEachBucketStays() {
        List<StoredSnapshot> snapshots = complete(
                "2024-12-30T10:00:00Z",
                "2025-12-30T10:00:00Z",
                "2026-11-30T10:00:00Z",
                "2026-12-01T09:00:00Z",
                "2026-12-01T09:30:00Z",
                "2026-12-01T10:00:00Z",
                "2026-12-02T08:00:00Z");
        assertEquals(List.of(6), kept(snapshots, rules(1, 0, 0, 0, 0, 0), ZoneOffset.UTC));
        assertEquals(List.of(4, 5, 6), kept(snapshots, rules(0, 3, 0, 0, 0, 0), ZoneOffset.UTC));
        assertEquals(List.of(2, 5, 6), kept(snapshots, rules(0, 0, 3, 0, 0, 0), ZoneOffset.UTC));
        assertEquals(List.of(1, 6), kept(snapshots, rules(0, 0, 0, 2, 0, 0), ZoneOffset.UTC));
        assertEquals(List.of(2, 6), kept(snapshots, rules(0, 0, 0, 0, 2, 0), ZoneOffset.UTC));
        assertEquals(List.of(0, 1, 6), kept(snapshots, rules(0, 0, 0, 0, 0, 9), ZoneOffset.UTC));
        assertEquals(List.of(1, 2, 6), kept(snapshots, rules(0, 0, 1, 0, 3, 0), ZoneOffset.UTC));
    }

    @Test
    void daysFollowTheZone() {
        List<StoredSnapshot> snapshots = complete("2026-12-01T22:30:00Z", "2026-12-01T23:30:00Z");
        assertEquals(List.of(1), kept(snapshots, rules(0, 0, 9, 0, 0, 0), ZoneOffset.UTC));
        assertEquals(List.of(0, 1), kept(snapshots, rules(0, 0, 9, 0, 0, 0), ZoneOffset.ofHours(1)));
    }

    @Test
    void aSpanIsCountedBackFromTheNewest() {
        List<StoredSnapshot> snapshots =
                complete("2026-01-31T12:00:00Z", "2026-02-27T12:00:00Z", "2026-02-28T12:00:00Z");
        RetentionRules within = new RetentionRules(0, 0, 0, 0, 0, 0, TimeSpan.parse("1d"), List.of());
        assertEquals(List.of(1, 2), kept(snapshots, within, ZoneOffset.UTC));
        RetentionRules month = new RetentionRules(0, 0, 0, 0, 0, 0, TimeSpan.parse("1m"), List.of());
        assertEquals(List.of(0, 1, 2), kept(snapshots, month, ZoneOffset.UTC));
    }

    @Test
    void tagsKeep() {
        List<StoredSnapshot> snapshots = List.of(
                snapshot(1, "2026-01-01T00:00:00Z", SnapshotRecord.COMPLETE, "x"),
                snapshot(2, "2026-01-02T00:00:00Z", SnapshotRecord.COMPLETE, "y", "z"));
        RetentionRules tagged = new RetentionRules(0, 0, 0, 0, 0, 0, TimeSpan.NONE, List.of("z", "w"));
        assertEquals(List.of(1), kept(snapshots, tagged, ZoneOffset.UTC));
    }

    @Test
    void aDegradedSnapshotTakesNoCompleteOnesPlace() {
        List<StoredSnapshot> snapshots = List.of(
                snapshot(1, "2026-01-01T00:00:00Z", SnapshotRecord.COMPLETE),
                snapshot(2, "2026-01-02T00:00:00Z", SnapshotRecord.COMPLETE),
                snapshot(3, "2026-01-02T01:00:00Z", SnapshotRecord.DEGRADED),
                snapshot(4, "2026-01-02T02:00:00Z", SnapshotRecord.DEGRADED));
        assertEquals(List.of(1, 3), kept(snapshots, rules(1, 0, 0, 0, 0, 0), ZoneOffset.UTC));
        assertEquals(List.of(0, 1, 3), kept(snapshots, rules(0, 0, 2, 0, 0, 0), ZoneOffset.UTC));
        RetentionRules within = new RetentionRules(0, 0, 0, 0, 0, 0, TimeSpan.parse("90min"), List.of());
        assertEquals(List.of(1, 2, 3), kept(snapshots, within, ZoneOffset.UTC));
    }

    @Test
    void aClockThatIsYearsAheadPushesNobodyOut() {
        List<StoredSnapshot> snapshots = complete(
                "2026-12-01T10:00:00Z",
                "2026-12-02T10:00:00Z",
                "2099-01-01T00:00:00Z",
                "2026-12-03T10:00:00Z",
                "2026-12-04T10:00:00Z");
        List<Instant> times = BelievedTimes.of(snapshots, NOW);
        assertEquals(Instant.parse("2026-12-03T10:00:00Z"), times.get(2));
        assertEquals(List.of(0, 1, 3, 4), kept(snapshots, rules(0, 0, 4, 0, 0, 0), ZoneOffset.UTC));
        List<StoredSnapshot> newest = complete("2026-12-01T10:00:00Z", "2026-12-02T10:00:00Z", "2099-01-01T00:00:00Z");
        assertEquals(NOW, BelievedTimes.of(newest, NOW).get(2));
        RetentionRules within = new RetentionRules(0, 0, 0, 0, 0, 0, TimeSpan.parse("30d"), List.of());
        assertEquals(List.of(1, 2), kept(newest, within, ZoneOffset.UTC));
    }

    @Test
    void aClockThatIsYearsBehindPushesNobodyOut() {
        List<StoredSnapshot> snapshots = complete(
                "2026-12-01T10:00:00Z", "2026-12-02T10:00:00Z", "1970-01-01T00:00:00Z", "2026-12-03T10:00:00Z");
        List<Instant> times = BelievedTimes.of(snapshots, NOW);
        assertEquals(Instant.parse("2026-12-02T10:00:00Z"), times.get(2));
        assertEquals(List.of(0, 2, 3), kept(snapshots, rules(0, 0, 3, 0, 0, 0), ZoneOffset.UTC));
    }

    @Test
    void believedTimesNeverDescend() {
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            String[] told = new String[random.nextInt(12)];
            for (int i = 0; i < told.length; i++) {
                told[i] = NOW.minusSeconds(random.nextInt(40) - 5).toString();
            }
            List<Instant> times = BelievedTimes.of(complete(told), NOW);
            for (int i = 1; i < told.length; i++) {
                assertFalse(times.get(i).isBefore(times.get(i - 1)), "seed " + seed + " " + Arrays.toString(told));
            }
            assertTrue(told.length == 0 || !times.get(told.length - 1).isAfter(NOW));
        }
    }

    @Test
    void spansAreReadOrRefused() {
        assertEquals(
                Instant.parse("2025-06-28T21:00:00Z"),
                TimeSpan.parse("1y6m2d2h").before(NOW, ZoneOffset.UTC));
        assertEquals(
                Instant.parse("2026-12-16T22:30:00Z"),
                TimeSpan.parse("2w1d30min").before(NOW, ZoneOffset.UTC));
        assertTrue(TimeSpan.parse("0").isNone());
        for (String wrong : List.of("", "d", "3", "-3d", "3d2y", "3D", "3 d", "99999999999d")) {
            assertThrows(IllegalArgumentException.class, () -> TimeSpan.parse(wrong), wrong);
        }
    }

    @Test
    void aPartialOneTakesNoPlaceAndStaysUntilAWholeOneComesAfterIt() {
        List<StoredSnapshot> snapshots = List.of(
                snapshot(1, "2026-12-01T10:00:00Z", SnapshotRecord.COMPLETE),
                snapshot(2, "2026-12-02T10:00:00Z", SnapshotRecord.PARTIAL, "keep"),
                snapshot(3, "2026-12-03T10:00:00Z", SnapshotRecord.DEGRADED),
                snapshot(4, "2026-12-04T10:00:00Z", SnapshotRecord.PARTIAL),
                snapshot(5, "2026-12-04T11:00:00Z", SnapshotRecord.PARTIAL));
        assertEquals(List.of(0, 2, 3, 4), kept(snapshots, RetentionRules.keepLast(1), ZoneOffset.UTC));
        RetentionRules tagged = new RetentionRules(0, 0, 5, 0, 0, 0, TimeSpan.parse("1y"), List.of("keep"));
        assertEquals(List.of(0, 2, 3, 4), kept(snapshots, tagged, ZoneOffset.UTC));
    }
}
