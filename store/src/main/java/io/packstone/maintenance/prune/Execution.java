package io.packstone.maintenance.prune;

import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.id.JobId;
import io.packstone.id.PackId;
import io.packstone.id.PruneId;
import io.packstone.id.SnapshotId;
import io.packstone.repository.Protocol;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.snapshot.PruneMarker;
import io.packstone.snapshot.PruneMarker.Sort;
import io.packstone.snapshot.SnapshotStructure;
import java.io.IOException;
import java.time.Clock;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Condemns packs and deletes those that nothing needs, by the protocol: publish, list other prunes, list snapshots, list
 * packs, decide, delete (docs/format.md, Invariants). One object for one exec; for one thread.
 */
final class Execution {
    private final Repository repository;
    private final Protocol protocol;
    private final Liveness liveness;
    private final JobId job;
    private final Clock clock;
    private final PruneId id;
    private final Set<PackId> deleted = new TreeSet<>();
    private SnapshotLog.Roots roots;

    Execution(Repository repository, Liveness liveness, JobId job, Clock clock, SnapshotLog.Roots planned) {
        this.repository = repository;
        this.protocol = repository.protocol();
        this.liveness = liveness;
        this.job = job;
        this.clock = clock;
        id = randomId(repository);
        roots = planned;
    }

    /** A name for a run that was never used. */
    static PruneId randomId(Repository repository) {
        byte[] name = new byte[PruneId.LENGTH];
        repository.randomness().fill(name);
        return PruneId.of(name);
    }

    /**
     * Condemns {@code candidates} and deletes what may go. Its exec stands afterwards, until {@link #end}.
     *
     * @param trusted packs that this run has written, or read whole: only a copy there counts
     * @return the packs deleted; none when somebody took this prune for dead
     */
    Set<PackId> run(Collection<PackId> candidates, Set<PackId> trusted) throws IOException {
        PruneMarker exec = marker(Sort.EXEC, candidates, Set.of());
        protocol.publish(exec);
        Set<PackId> decision;
        try {
            decision = decide(candidates, trusted);
        } catch (StoreException e) {
            protocol.abort(exec);
            protocol.end(id);
            throw e;
        }
        if (!protocol.decideFinal(marker(Sort.DECIDED, decision, Set.of()))) {
            return deleted;
        }
        for (PackId pack : decision) {
            protocol.delete(pack);
            deleted.add(pack);
        }
        return deleted;
    }

    private PruneMarker marker(Sort sort, Collection<PackId> packs, Set<SnapshotId> snapshots) {
        return new PruneMarker(
                sort, id, job, clock.instant().getEpochSecond(), List.copyOf(packs), List.copyOf(snapshots));
    }

    private Set<PackId> decide(Collection<PackId> candidates, Set<PackId> trusted) throws IOException {
        Set<PackId> othersCondemned = protocol.condemned(id);
        SnapshotLog.Roots now = protocol.roots();
        if (liveness.isUnsure() || !follow(now)) {
            return Set.of();
        }
        Set<PackId> present = new HashSet<>();
        protocol.packs((pack, length) -> {
            if (trusted.contains(pack)) {
                present.add(pack);
            }
        });
        BitSet copies = new BitSet();
        for (PackId pack : present) {
            int number = liveness.catalog().find(pack);
            if (number >= 0 && !othersCondemned.contains(pack) && !candidates.contains(pack)) {
                copies.set(number);
            }
        }
        BitSet condemned = new BitSet();
        candidates.forEach(pack -> condemned.set(liveness.catalog().find(pack)));
        BitSet withoutCopy = liveness.withoutCopy(condemned, copies);
        Set<PackId> decision = new TreeSet<>();
        for (PackId pack : candidates) {
            if (!withoutCopy.get(liveness.catalog().find(pack))) {
                decision.add(pack);
            }
        }
        return decision;
    }

    /**
     * Follows what is new among the snapshots: their packs were indexed before they were claimed. False when one of them
     * went, and some of what it needed, before it was followed: nothing is known then.
     */
    private boolean follow(SnapshotLog.Roots now) throws IOException {
        refuseUnreadable(now);
        Map<SnapshotId, SnapshotStructure> fresh = new TreeMap<>(now.live());
        fresh.keySet().removeAll(roots.live().keySet());
        if (!fresh.isEmpty()) {
            repository.loader().loadSegments(damage -> {});
            liveness.addPacks();
            List<ChunkId> unknown = liveness.extend(
                    fresh.values().stream().map(SnapshotStructure::root).toList());
            if (!unknown.isEmpty() && anyPasses(fresh.keySet(), repository)) {
                return false;
            }
            refuseUnknown(unknown);
        }
        roots = now;
        return true;
    }

    /**
     * True when one of these snapshots is no root any more, or a claim that nobody has decided: a claim may rest on what is
     * gone, as whoever put it is about to find.
     */
    static boolean anyPasses(Set<SnapshotId> snapshots, Repository repository) throws IOException {
        SnapshotLog.Roots now = repository.protocol().roots();
        return !now.live().keySet().containsAll(snapshots)
                || now.undecided().stream().anyMatch(snapshots::contains);
    }

    static void refuseUnreadable(SnapshotLog.Roots roots) throws RepositoryException {
        if (!roots.unreadable().isEmpty()) {
            SnapshotLog.Unreadable first = roots.unreadable().get(0);
            throw new RepositoryException(
                    ErrorKind.CORRUPTION,
                    null,
                    "snapshot " + first.id().toShortHex() + " can't be read ("
                            + first.cause().getMessage()
                            + "), so nobody knows what it needs; repair it, or forget it: packstone forget "
                            + first.id().toShortHex());
        }
    }

    static void refuseUnknown(List<ChunkId> unknown) throws RepositoryException {
        if (!unknown.isEmpty()) {
            throw new RepositoryException(
                    ErrorKind.MISSING,
                    "chunk " + unknown.get(0).toHex(),
                    "snapshots need chunks that are in no pack, such as "
                            + unknown.get(0).toShortHex()
                            + ", and what those lead to can't be known; nothing is deleted. Run check, then repair or"
                            + " forget the snapshots that it names");
        }
    }

    /** The snapshots as they were listed last. */
    SnapshotLog.Roots roots() {
        return roots;
    }

    Set<PackId> deleted() {
        return deleted;
    }

    /** Says what was done, and removes the exec; no segment may speak of the deleted packs any more. */
    void end(Set<PackId> gone, Set<SnapshotId> removed) throws IOException {
        if (!gone.isEmpty() || !removed.isEmpty()) {
            protocol.note(marker(Sort.DONE, gone, removed));
        }
        protocol.end(id);
    }
}
