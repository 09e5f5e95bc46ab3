package io.packstone.maintenance.retention;

import io.packstone.repository.StoredSnapshot;
import io.packstone.snapshot.SnapshotRecord;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Applies rules to the snapshots of one group, in record order; tells why each one stays. */
final class GroupRetention {
    private final List<StoredSnapshot> snapshots;
    private final List<Instant> times;
    private final ZoneId zone;
    private final List<Set<String>> reasons = new ArrayList<>();

    GroupRetention(List<StoredSnapshot> snapshots, List<Instant> times, ZoneId zone) {
        this.snapshots = snapshots;
        this.times = times;
        this.zone = zone;
        snapshots.forEach(snapshot -> reasons.add(new LinkedHashSet<>()));
    }

    /**
     * The reasons of each snapshot; one without any may go. Rules of numbers and time are applied twice, to all snapshots but the
     * partial ones and to the complete ones alone, so that a degraded one takes no complete one's place. A partial one stays
     * until a whole one of its host and paths comes after it, for the next run goes on from there, and no longer, whatever a rule
     * says.
     */
    List<Set<String>> apply(RetentionRules rules) {
        List<Integer> newestFirst = new ArrayList<>();
        List<Integer> completeOnes = new ArrayList<>();
        for (int i = snapshots.size() - 1; i >= 0; i--) {
            SnapshotRecord record = snapshots.get(i).record();
            if (!record.isPartial()) {
                newestFirst.add(i);
            } else if (newestFirst.stream()
                    .noneMatch(whole -> follows(snapshots.get(whole).record(), record))) {
                reasons.get(i).add("partial");
            }
            if (record.isComplete()) {
                completeOnes.add(i);
            }
        }
        for (List<Integer> among : List.of(newestFirst, completeOnes)) {
            for (int i = 0; i < Math.min(rules.last(), among.size()); i++) {
                reasons.get(among.get(i)).add("last");
            }
            buckets(among, "hourly", rules.hourly(), time -> time.truncatedTo(ChronoUnit.HOURS));
            buckets(among, "daily", rules.daily(), ZonedDateTime::toLocalDate);
            buckets(among, "weekly", rules.weekly(), GroupRetention::week);
            buckets(among, "monthly", rules.monthly(), time -> time.getYear() * 12L + time.getMonthValue());
            buckets(among, "yearly", rules.yearly(), ZonedDateTime::getYear);
            within(among, rules.within());
        }
        for (int i = 0; i < snapshots.size(); i++) {
            for (String tag : rules.tags()) {
                SnapshotRecord record = snapshots.get(i).record();
                if (record.tags().contains(tag) && !record.isPartial()) {
                    reasons.get(i).add("tag " + tag);
                }
            }
        }
        return reasons;
    }

    private static boolean follows(SnapshotRecord whole, SnapshotRecord partial) {
        return whole.host().equals(partial.host()) && whole.paths().equals(partial.paths());
    }

    private static Object week(ZonedDateTime time) {
        return time.get(IsoFields.WEEK_BASED_YEAR) * 100L + time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
    }

    private void buckets(
            List<Integer> newestFirst, String reason, int count, Function<ZonedDateTime, Object> bucketOf) {
        Object last = "";
        int left = count;
        for (int index : newestFirst) {
            Object bucket = bucketOf.apply(times.get(index).atZone(zone));
            if (left > 0 && !bucket.equals(last)) {
                reasons.get(index).add(reason);
                left--;
            }
            last = bucket;
        }
    }

    private void within(List<Integer> newestFirst, TimeSpan span) {
        if (span.isNone() || newestFirst.isEmpty()) {
            return;
        }
        Instant limit = span.before(times.get(newestFirst.get(0)), zone);
        for (int index : newestFirst) {
            if (!times.get(index).isBefore(limit)) {
                reasons.get(index).add("within");
            }
        }
    }
}
