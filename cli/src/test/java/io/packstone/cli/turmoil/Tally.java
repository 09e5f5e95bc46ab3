package io.packstone.cli.turmoil;

import java.util.Map;
import java.util.TreeMap;

/** How often what happened. Thread-safe. */
final class Tally {
    private final Map<String, Long> counts = new TreeMap<>();

    synchronized void add(String what, long count) {
        counts.merge(what, count, Long::sum);
    }

    synchronized void most(String what, long value) {
        counts.merge(what, value, Math::max);
    }

    synchronized long get(String what) {
        return counts.getOrDefault(what, 0L);
    }

    @Override
    public synchronized String toString() {
        return counts.toString();
    }
}
