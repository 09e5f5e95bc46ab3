package io.packstone.cli.turmoil;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What was done to a repository, and so what must be in it. Thread-safe. */
final class Ledger {
    /** Of each tree so many of the newest snapshots are never forgotten. */
    static final int KEPT = 3;

    private final AtomicInteger runs = new AtomicInteger();
    private final Map<String, Run> standing = new LinkedHashMap<>();
    private final Map<String, List<Run>> untold = new HashMap<>();
    private final Set<String> forgotten = new HashSet<>();
    private boolean forgetting;
    private boolean forgotUntold;

    /** A run that takes a snapshot: the tree at {@code path} as it was; later ones have higher numbers. */
    record Run(int number, String path, Map<String, String> tree) {}

    /** A snapshot in a listing. */
    record Listed(String id, String path) {}

    /** Something is about to take a snapshot. */
    synchronized Run begin(String path, Map<String, String> tree) {
        Run run = new Run(runs.incrementAndGet(), path, tree);
        untold.computeIfAbsent(path, absent -> new ArrayList<>()).add(run);
        return run;
    }

    /** It was told that it is taken. */
    synchronized void acknowledge(Run run, String id) {
        untold.get(run.path).remove(run);
        standing.put(id, run);
    }

    /** What a snapshot was taken of; null when nobody was told of it. */
    synchronized @Nullable Run find(String id) {
        return standing.get(id);
    }

    /** A snapshot that nobody was told of was found, and restored: it must be what one of the runs took that were killed. */
    synchronized void found(Listed snapshot, Map<String, String> tree) {
        List<Run> runsThere = untold.getOrDefault(snapshot.path, List.of());
        Run of = runsThere.stream()
                .filter(run -> run.tree.equals(tree))
                .findFirst()
                .orElse(null);
        if (of == null) {
            throw new AssertionError("snapshot " + snapshot + " is of no tree that there ever was: " + tree);
        }
        standing.put(snapshot.id, of);
    }

    synchronized void forgetBegins() {
        forgetting = true;
    }

    /** A forget has told what it forgot. */
    synchronized void forgot(Collection<String> ids) {
        forgetting = false;
        forgotten.addAll(ids);
    }

    /** A forget was killed. */
    synchronized void forgetsUntold() {
        forgetting = false;
        forgotUntold = true;
    }

    /**
     * Compares with a listing of which every snapshot is known. What was forgotten does not come back; what is missing
     * was forgotten, and never one of the newest.
     *
     * @return how many turned out to be forgotten
     */
    synchronized int settle(List<Listed> listing) {
        Set<String> there = new HashSet<>();
        listing.forEach(listed -> there.add(listed.id));
        for (String id : there) {
            assertFalse(forgotten.contains(id), () -> "snapshot " + id + " was forgotten and is there again");
        }
        List<String> missing = new ArrayList<>(standing.keySet());
        missing.removeAll(there);
        for (String id : missing) {
            Run run = standing.get(id);
            long newer = there.stream()
                    .map(standing::get)
                    .filter(other -> other.path.equals(run.path) && other.number > run.number)
                    .count();
            assertTrue(newer >= KEPT, () -> "snapshot " + id + " of " + run.path + " is lost; newer are " + newer);
            assertTrue(
                    forgotten.contains(id) || forgetting || forgotUntold,
                    () -> "snapshot " + id + " of " + run.path + " is gone, and nobody forgot it");
        }
        missing.forEach(standing::remove);
        forgotten.addAll(missing);
        forgotUntold = false;
        return missing.size();
    }
}
