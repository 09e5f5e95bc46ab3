package io.packstone.maintenance.retention;

import io.packstone.metadata.Timestamp;
import io.packstone.repository.StoredSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * When snapshots were taken, as far as the record of their order allows. Clocks of clients err, by years at times; the
 * links of records do not. So the longest run of snapshots whose times agree with their order is believed, and the time of
 * any other is bounded by those believed before and after it. Nothing is later than now.
 */
final class BelievedTimes {
    private BelievedTimes() {}

    /** The times of {@code snapshots}, which stand in record order; they never descend. */
    static List<Instant> of(List<StoredSnapshot> snapshots, Instant now) {
        List<Instant> told = new ArrayList<>();
        for (StoredSnapshot snapshot : snapshots) {
            Timestamp time = snapshot.record().time();
            told.add(Instant.ofEpochSecond(time.seconds(), time.nanos()));
        }
        boolean[] believed = longestRun(told, now);
        Instant[] times = new Instant[told.size()];
        Instant next = now;
        for (int i = times.length - 1; i >= 0; i--) {
            next = believed[i] ? told.get(i) : next;
            times[i] = next;
        }
        Instant before = Instant.MIN;
        for (int i = 0; i < times.length; i++) {
            if (!believed[i]) {
                Instant own = told.get(i);
                Instant bounded = own.isBefore(before) ? before : own;
                times[i] = bounded.isAfter(times[i]) ? times[i] : bounded;
            }
            before = times[i];
        }
        return List.of(times);
    }

    /** The longest run that never descends (patience sorting: each pile's top is the least end of a run that long). */
    private static boolean[] longestRun(List<Instant> told, Instant now) {
        int[] tops = new int[told.size()];
        int[] before = new int[told.size()];
        int piles = 0;
        for (int i = 0; i < told.size(); i++) {
            if (told.get(i).isAfter(now)) {
                continue;
            }
            int low = 0;
            int high = piles;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (told.get(tops[middle]).isAfter(told.get(i))) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            before[i] = low == 0 ? -1 : tops[low - 1];
            tops[low] = i;
            piles = Math.max(piles, low + 1);
        }
        boolean[] run = new boolean[told.size()];
        for (int i = piles == 0 ? -1 : tops[piles - 1]; i >= 0; i = before[i]) {
            run[i] = true;
        }
        return run;
    }
}
