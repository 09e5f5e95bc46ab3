package io.packstone.maintenance.prune;

import io.packstone.backend.ObjectNames;
import io.packstone.id.JobId;
import io.packstone.id.ObjectHash;
import io.packstone.id.PackId;
import io.packstone.id.PruneId;
import io.packstone.id.SnapshotId;
import io.packstone.repository.JobLog;
import io.packstone.repository.Protocol;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.snapshot.JobRecord;
import io.packstone.snapshot.PruneMarker;
import io.packstone.snapshot.SnapshotStructure;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What killed runs left: announcements, claims nobody decided, execs nobody ended. Who is dead is a guess, from the
 * process of a job on this machine or from its age elsewhere; a wrong guess costs the living one work, and nobody data.
 */
final class Leftovers {
    private static final Duration TEMPORARY_AGE = Duration.ofDays(1);

    private final Repository repository;
    private final Clock clock;
    private final Instant oldest;
    private final Set<JobId> open = new TreeSet<>();
    private final Set<JobId> stale = new TreeSet<>();
    private final Set<SnapshotId> staleClaims = new TreeSet<>();
    private final List<PruneId> ended = new ArrayList<>();

    /** Lists the jobs, after {@code roots} were listed. */
    Leftovers(Repository repository, SnapshotLog.Roots roots, PruneOptions options, Clock clock) throws IOException {
        this.repository = repository;
        this.clock = clock;
        oldest = options.staleAfter().before(clock.instant(), ZoneOffset.UTC);
        for (JobLog.Open job : repository.jobs().list()) {
            (job.isVoid() || isStale(job.record()) ? stale : open).add(job.id());
        }
        for (SnapshotId id : roots.undecided()) {
            SnapshotStructure claim = roots.live().get(id);
            if (claim != null && claim.job() != null && !open.contains(claim.job())) {
                staleClaims.add(id);
            }
        }
    }

    /**
     * The jobs that live now, those that were announced after the plan was made among them. An exec stands between its
     * job's announcement and that job's end, so of an exec that was listed before this the job is here, or it is over.
     */
    private Set<JobId> living() throws IOException {
        Set<JobId> living = new TreeSet<>(open);
        for (JobLog.Open job : repository.jobs().list()) {
            if (!job.isVoid() && !stale.contains(job.id()) && !isStale(job.record())) {
                living.add(job.id());
            }
        }
        return living;
    }

    private boolean isStale(@Nullable JobRecord job) {
        if (job == null || repository.jobs().isGone(job)) {
            return true;
        }
        return job.started() != 0 && Instant.ofEpochMilli(job.started()).isBefore(oldest);
    }

    /** True while packs of that job are pending. */
    boolean isOpen(JobId job) {
        return open.contains(job);
    }

    /** True when any job's packs are pending. */
    boolean anyOpen() {
        return !open.isEmpty();
    }

    /** The claims that nobody will decide any more. */
    Set<SnapshotId> staleClaims() {
        return Set.copyOf(staleClaims);
    }

    /** The packs that prunes which live have condemned. */
    Set<PackId> condemnedByLiving() throws IOException {
        Set<PackId> packs = new HashSet<>();
        for (Protocol.Standing standing : repository.protocol().standing().values()) {
            if (open.contains(standing.exec().job())) {
                packs.addAll(standing.exec().packs());
            }
        }
        return packs;
    }

    /**
     * Takes the stale for dead: their jobs and claims are void, their execs are decided or finished.
     *
     * @return the packs that execs of the dead had decided to delete; no index may speak of them, then {@link #end}
     */
    Set<PackId> takeForDead() throws IOException {
        Protocol protocol = repository.protocol();
        for (JobId job : stale) {
            repository.jobs().makeVoid(job);
        }
        for (SnapshotId claim : staleClaims) {
            protocol.refuse(claim);
        }
        Map<PruneId, Protocol.Standing> all = protocol.standing();
        Set<JobId> living = all.isEmpty() ? open : living();
        Set<PackId> deleted = new HashSet<>();
        for (Map.Entry<PruneId, Protocol.Standing> standing : all.entrySet()) {
            PruneMarker exec = standing.getValue().exec();
            if (living.contains(exec.job())) {
                continue;
            }
            PruneMarker decision = standing.getValue().decision();
            PruneMarker decided = decision == null ? protocol.abort(exec) : decision;
            for (PackId pack : decided.packs()) {
                protocol.delete(pack);
                deleted.add(pack);
            }
            ended.add(standing.getKey());
        }
        return deleted;
    }

    /** Clears away what is left of the dead. */
    void end() throws IOException {
        for (PruneId prune : ended) {
            repository.protocol().end(prune);
        }
        for (JobId job : stale) {
            repository.jobs().end(job);
        }
        repository.protocol().sweepFinals();
        repository.jobs().sweep();
        repository.snapshots().sweep();
        sweepParity();
        repository.backend().sweepTemporary(clock.instant().minus(TEMPORARY_AGE));
    }

    /** Deletes the parity of what is gone. Parity is put after its object, so it is listed before. */
    private void sweepParity() throws IOException {
        Set<ObjectHash> parity = new HashSet<>();
        repository.backend().list(ObjectNames.PARITY, (name, length) -> {
            ObjectHash object = ObjectNames.parityOf(name);
            if (object != null) {
                parity.add(object);
            }
        });
        for (String folder : List.of(ObjectNames.PACKS, ObjectNames.INDEX)) {
            if (!parity.isEmpty()) {
                repository.backend().list(folder, (name, length) -> parity.remove(ObjectNames.hashOf(name)));
            }
        }
        for (ObjectHash object : parity) {
            repository.backend().delete(ObjectNames.parity(object));
        }
    }
}
