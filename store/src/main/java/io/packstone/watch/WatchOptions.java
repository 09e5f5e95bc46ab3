package io.packstone.watch;

import io.packstone.maintenance.retention.RetentionRules;
import io.packstone.maintenance.retention.TimeSpan;
import io.packstone.metadata.TreePath;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * When to take snapshots, and which to keep.
 *
 * @param every not sooner than this after the last one
 * @param settle when nothing changed for so long; while changes go on, after some times that
 * @param rescan how often everything is looked at, whatever the system told
 * @param kept which of the snapshots that a watch has taken stay, in the calendar of {@code zone}
 * @param ignored places whose changes are none, such as the file that tells how the watch is
 */
public record WatchOptions(
        Duration every, Duration settle, Duration rescan, RetentionRules kept, ZoneId zone, List<TreePath> ignored) {
    /** All of the last hour, the newest of each hour of a day, each day of a month, each week of a year. */
    public static final RetentionRules KEPT = new RetentionRules(1, 24, 30, 52, 0, 0, TimeSpan.parse("1h"), List.of());

    /** Copies the list. */
    public WatchOptions {
        ignored = List.copyOf(ignored);
    }
}
