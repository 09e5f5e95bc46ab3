package io.packstone.watch;

import io.packstone.metadata.TreePath;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Large files that keep changing, each of which is let alone for {@value #RESTS_PER_READ} times as long as reading it took: a watch
 * must not spend all its time on one disk image. What is told of one meanwhile waits. For one thread.
 */
final class RestingFiles {
    /** Of less than this, reading costs less than the snapshot around it. */
    static final long LARGE_MIN = 16 << 20;

    private static final int RESTS_PER_READ = 10;
    private static final long REST_MAX = Duration.ofMinutes(10).toMillis();

    /** A file that changes while it is read is read so often, at most. */
    private static final double TRIES = 3;

    private final Clock clock;
    private final Map<TreePath, Long> until = new HashMap<>();
    private final Map<TreePath, Long> waiting = new HashMap<>();

    RestingFiles(Clock clock) {
        this.clock = clock;
    }

    /** Files of these lengths were read, among {@code bytes} that took {@code milliseconds} in all: each rests from now on. */
    void read(Map<TreePath, Long> lengths, long bytes, long milliseconds) {
        long now = clock.millis();
        until.values().removeIf(end -> end <= now);
        lengths.forEach((path, length) -> {
            double share = Math.min(1, TRIES * length / Math.max(1, bytes));
            until.put(path, now + Math.min(REST_MAX, (long) (RESTS_PER_READ * share * milliseconds)));
        });
    }

    /** True for a file that rests, of which it is kept in mind that it has changed. */
    boolean holdsBack(TreePath path) {
        Long end = until.get(path);
        if (end == null || end <= clock.millis()) {
            return false;
        }
        waiting.putIfAbsent(path, clock.millis());
        return true;
    }

    /** Everything is looked at, these too. */
    void letGo() {
        waiting.clear();
    }

    /** What is read for another reason now. */
    void letGo(TreePath path) {
        waiting.remove(path);
    }

    /** Those that have changed and rested, or {@code all} that have changed; they wait no more. */
    List<TreePath> rested(boolean all) {
        long now = clock.millis();
        List<TreePath> rested = new ArrayList<>();
        Iterator<TreePath> each = waiting.keySet().iterator();
        while (each.hasNext()) {
            TreePath path = each.next();
            if (all || until.getOrDefault(path, 0L) <= now) {
                rested.add(path);
                each.remove();
            }
        }
        return rested;
    }

    /** How many have changed since they were read. */
    int waiting() {
        return waiting.size();
    }

    /** When the first of these changes was told of, milliseconds since 1970; {@link Long#MAX_VALUE} when there is none. */
    long waitingSince() {
        return waiting.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
    }
}
