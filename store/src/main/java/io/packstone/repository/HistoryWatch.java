package io.packstone.repository;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.bytes.ByteSink;
import io.packstone.crypto.Hkdf;
import io.packstone.crypto.Hmac;
import io.packstone.id.RepositoryId;
import io.packstone.id.SnapshotId;
import io.packstone.repository.memory.SeenSnapshots;
import io.packstone.repository.memory.SeenSnapshots.Seen;
import io.packstone.snapshot.PruneMarker;
import io.packstone.snapshot.SnapshotRecord;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notices a repository that was rolled back. Snapshots seen before must be there, unless something says that they were
 * forgotten; new ones must come after what was seen. What was seen is remembered in the client's cache; without one
 * nothing is noticed. Thread-safe.
 */
public final class HistoryWatch {
    /**
     * So far below the order of one that was there before may a new snapshot be: those of runs that committed at the same
     * time were given their order before each saw the others.
     */
    private static final long FORK_SLACK = 8;

    /** By so much may the clocks of two computers differ. */
    private static final long CLOCKS_DIFFER_SECONDS = 600;

    private final @Nullable SeenSnapshots memory;
    private final Clock clock;
    private final Backend backend;
    private final Protocol protocol;
    private final Map<SnapshotId, Suspicion> suspicions = new TreeMap<>();
    private Consumer<Suspicion> listener = suspicion -> {};

    HistoryWatch(@Nullable SeenSnapshots memory, Clock clock, Backend backend, Protocol protocol) {
        this.memory = memory;
        this.clock = clock;
        this.backend = backend;
        this.protocol = protocol;
    }

    /** Something that an honest storage does not do by itself. */
    public enum Kind {
        /** A snapshot is gone, and nothing says that it was forgotten. */
        VANISHED,
        /** A snapshot came up whose writer did not know what was there before it began: it saw another history. */
        FORKED
    }

    /** What is suspicious about a snapshot. */
    public record Suspicion(Kind kind, SnapshotId snapshot, long order) {
        /** For a person. */
        public String message() {
            String name = "snapshot " + snapshot.toShortHex() + " (number " + order + ")";
            return kind == Kind.VANISHED
                    ? name + " was seen here before and is gone, and nothing says that it was forgotten: the repository"
                            + " was rolled back, or somebody removed it"
                    : name + " was taken without knowing snapshots that were here before it: it was made on another"
                            + " state of the repository, which was rolled back or shown in two versions";
        }
    }

    /** Tells {@code who} of each suspicion when it first comes up. */
    public synchronized void listen(Consumer<Suspicion> who) {
        listener = who;
        suspicions.values().forEach(who);
    }

    /** What is suspicious, as of the last listing. */
    public synchronized List<Suspicion> suspicions() {
        return List.copyOf(suspicions.values());
    }

    /** Compares a listing with what was seen, and remembers it. */
    synchronized void observe(SnapshotLog.View view) throws IOException {
        SeenSnapshots remembered = memory;
        if (remembered == null) {
            return;
        }
        Map<SnapshotId, Seen> before = remembered.read();
        Map<SnapshotId, Seen> now = present(view, before);
        Set<SnapshotId> absent = new TreeSet<>(before.keySet());
        absent.removeAll(now.keySet());
        Set<SnapshotId> vanished = vanished(absent, before);
        before.forEach((id, seen) -> {
            if (vanished.contains(id)) {
                now.put(id, seen);
            }
        });
        suspect(now, vanished);
        if (!now.equals(before)) {
            write(remembered, now);
        }
    }

    private Map<SnapshotId, Seen> present(SnapshotLog.View view, Map<SnapshotId, Seen> before) {
        long now = clock.instant().getEpochSecond();
        Map<SnapshotId, Seen> present = new TreeMap<>();
        for (StoredSnapshot each : view.snapshots()) {
            present.put(each.id(), seen(each, false, before, now));
        }
        for (StoredSnapshot each : view.forgotten()) {
            present.put(each.id(), seen(each, true, before, now));
        }
        for (SnapshotLog.Unreadable each : view.unreadable()) {
            Seen known = before.get(each.id());
            present.put(each.id(), known == null ? new Seen(Seen.UNREAD, now, false, false) : known);
        }
        return present;
    }

    private static Seen seen(StoredSnapshot snapshot, boolean forgotten, Map<SnapshotId, Seen> before, long now) {
        Seen known = before.get(snapshot.id());
        boolean forked = known == null || known.isUnread() ? isForked(snapshot.record(), before) : known.forked();
        return new Seen(snapshot.record().order(), known == null ? now : known.since(), forgotten, forked);
    }

    /** However long a run takes to commit, it knows what was there when it began. */
    private static boolean isForked(SnapshotRecord record, Map<SnapshotId, Seen> before) {
        long begun = record.time().seconds() - CLOCKS_DIFFER_SECONDS;
        return before.values().stream()
                .anyMatch(each -> each.order() > record.order() + FORK_SLACK && each.since() < begun);
    }

    /** Those of {@code absent} for which there is no reason. */
    private Set<SnapshotId> vanished(Set<SnapshotId> absent, Map<SnapshotId, Seen> before) throws IOException {
        Set<SnapshotId> vanished = new TreeSet<>();
        for (SnapshotId id : absent) {
            Seen seen = before.get(id);
            String forgot = ObjectNames.forgot(id);
            boolean excused = seen != null && (seen.forgotten() || seen.isUnread())
                    || backend.length(forgot) >= 0
                    || backend.length(ObjectNames.copyOf(forgot)) >= 0;
            if (!excused) {
                vanished.add(id);
            }
        }
        if (!vanished.isEmpty()) {
            vanished.removeAll(removedByPrunes());
        }
        return vanished;
    }

    /** Prunes say which forgotten snapshots they removed; one that is under way has not said it yet. */
    private Set<SnapshotId> removedByPrunes() throws IOException {
        Set<SnapshotId> removed = new HashSet<>();
        for (PruneMarker marker : protocol.done().values()) {
            removed.addAll(marker.snapshots());
        }
        for (PruneMarker marker : protocol.plans().values()) {
            removed.addAll(marker.snapshots());
        }
        return removed;
    }

    private void suspect(Map<SnapshotId, Seen> now, Set<SnapshotId> vanished) {
        Map<SnapshotId, Suspicion> found = new TreeMap<>();
        now.forEach((id, seen) -> {
            if (vanished.contains(id)) {
                found.put(id, new Suspicion(Kind.VANISHED, id, seen.order()));
            } else if (seen.forked()) {
                found.put(id, new Suspicion(Kind.FORKED, id, seen.order()));
            }
        });
        List<Suspicion> fresh = new ArrayList<>(found.values());
        fresh.removeAll(suspicions.values());
        suspicions.clear();
        suspicions.putAll(found);
        fresh.forEach(listener);
    }

    private static void write(SeenSnapshots remembered, Map<SnapshotId, Seen> now) {
        try {
            remembered.write(now);
        } catch (IOException e) {
            return; // A cache that can't be written remembers nothing new; what it does remember still counts.
        }
    }

    /** Takes a listing as it is for right, and forgets what was suspicious. */
    public synchronized void accept(SnapshotLog.View view) throws IOException {
        SeenSnapshots remembered = memory;
        suspicions.clear();
        if (remembered != null) {
            remembered.write(present(view, Map.of()));
        }
    }

    /**
     * A hash over the repository's id and the newest records, and through their links over all that came before: equal
     * ones mean equal histories.
     */
    public static byte[] fingerprint(RepositoryId repository, List<SnapshotId> heads) {
        ByteSink all = new ByteSink(64).putBytes(Hkdf.info("fingerprint")).putBytes(repository.toBytes());
        new TreeSet<>(heads).forEach(head -> all.putBytes(head.toBytes()));
        return Hmac.sha256(all.array(), 0, all.length());
    }
}
