package io.packstone.maintenance.retention;

import io.packstone.id.SnapshotId;
import java.time.ZoneId;
import java.util.List;

/**
 * What to forget: the snapshots in {@code chosen}, or, when that is empty, what {@code rules} do not keep of each group.
 *
 * @param byHost snapshots of different hosts are of different groups
 * @param byPaths so are those of different paths
 * @param zone whose calendar hours, days and weeks follow
 */
public record ForgetOptions(
        List<SnapshotId> chosen, RetentionRules rules, boolean byHost, boolean byPaths, ZoneId zone) {
    /** Copies the list. */
    public ForgetOptions {
        chosen = List.copyOf(chosen);
    }

    /** By rules, for each host and its paths. */
    public static ForgetOptions byRules(RetentionRules rules, ZoneId zone) {
        return new ForgetOptions(List.of(), rules, true, true, zone);
    }

    /** These snapshots, whatever any rule says. */
    public static ForgetOptions of(List<SnapshotId> chosen, ZoneId zone) {
        return new ForgetOptions(chosen, RetentionRules.NONE, true, true, zone);
    }
}
