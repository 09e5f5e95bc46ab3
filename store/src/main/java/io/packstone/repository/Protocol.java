package io.packstone.repository;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.error.CorruptionException;
import io.packstone.error.LimitExceededException;
import io.packstone.error.UnsupportedFormatException;
import io.packstone.format.FrameKind;
import io.packstone.id.PackId;
import io.packstone.id.PruneId;
import io.packstone.id.SnapshotId;
import io.packstone.snapshot.PruneMarker;
import io.packstone.snapshot.PruneMarker.Sort;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.snapshot.SnapshotState;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The steps by which backups and prunes agree without a lock or a clock (docs/format.md, Invariants): each publishes
 * what it is about to do, then lists what others are about to do, then looks at the data. Every method is one such step;
 * their order is the caller's matter. Thread-safe.
 */
public class Protocol {
    private final Backend backend;
    private final VitalStore vital;
    private final KeyRing keys;
    private final SnapshotLog snapshots;

    Protocol(Backend backend, KeyRing keys, SnapshotLog snapshots) {
        this.backend = backend;
        this.vital = new VitalStore(backend).urgent();
        this.keys = keys;
        this.snapshots = snapshots;
    }

    /** Told of packs. */
    public interface PackVisitor {
        /** {@code length} in bytes. */
        void visit(PackId id, long length) throws IOException;
    }

    /** Puts a claim: from here on it counts as a root for every prune. */
    public SnapshotId claim(SnapshotRecord record, Randomness randomness) throws IOException {
        return snapshots.claim(record, randomness);
    }

    /**
     * The packs that prunes have condemned, but for the run {@code own}. A prune without a final decision has condemned
     * all that its exec names.
     *
     * @throws UnsupportedFormatException when a marker is none that this program knows
     * @throws CorruptionException when neither a prune's exec nor its final decision can be read
     */
    public Set<PackId> condemned(@Nullable PruneId own) throws IOException {
        Set<PackId> packs = new HashSet<>();
        for (Map.Entry<PruneId, Boolean> exec : execs().entrySet()) {
            if (!exec.getKey().equals(own)) {
                PruneMarker marker = standing(exec.getKey(), exec.getValue());
                if (marker != null && marker.sort() != Sort.ABORTED) {
                    packs.addAll(marker.packs());
                }
            }
        }
        return packs;
    }

    /** The prunes that have condemned something, and whether a final decision was listed. */
    private Map<PruneId, Boolean> execs() throws IOException {
        Map<PruneId, Boolean> execs = new TreeMap<>();
        Set<PruneId> finals = new TreeSet<>();
        backend.list(ObjectNames.GC, (name, length) -> {
            String primary = ObjectNames.primaryOf(name);
            PruneId exec = ObjectNames.execId(primary);
            PruneId decided = ObjectNames.finalId(primary);
            if (exec != null) {
                execs.put(exec, false);
            } else if (decided != null) {
                finals.add(decided);
            } else if (ObjectNames.planId(primary) == null && ObjectNames.doneId(primary) == null) {
                throw new UnsupportedFormatException(
                        name, "a prune by a newer program is under way; use that version for this too");
            }
        });
        execs.replaceAll((exec, listed) -> finals.contains(exec));
        return execs;
    }

    /** What a prune condemns as far as it has decided; null when its exec is gone, and so its deletions are over. */
    private @Nullable PruneMarker standing(PruneId id, boolean decided) throws IOException {
        if (decided) {
            try {
                PruneMarker last = read(ObjectNames.execFinal(id), id);
                if (last != null) {
                    return last;
                }
            } catch (CorruptionException | LimitExceededException e) {
                // All that the exec names is then taken for condemned; when that can't be read either, it is told.
                return read(ObjectNames.exec(id), id);
            }
        }
        return read(ObjectNames.exec(id), id);
    }

    private @Nullable PruneMarker read(String name, PruneId id) throws IOException {
        return vital.find(
                name, FrameKind.MARKER.maxLength(), (bytes, copy) -> PruneMarker.decode(bytes, copy, keys, id));
    }

    /** The packs that there are. */
    public void packs(PackVisitor visitor) throws IOException {
        backend.list(ObjectNames.PACKS, (name, length) -> {
            PackId id = ObjectNames.packId(name);
            if (id != null) {
                visitor.visit(id, length);
            }
        });
    }

    /**
     * True when a snapshot that was seen confirmed is not forgotten. Its record is looked for last: it is the first to
     * go when a forgotten snapshot is removed, and the word that forgets it is the last.
     */
    public boolean stands(SnapshotId id) throws IOException {
        String forgot = ObjectNames.forgot(id);
        return backend.length(forgot) < 0
                && backend.length(ObjectNames.copyOf(forgot)) < 0
                && backend.length(ObjectNames.snapshot(id)) >= 0;
    }

    /** Decides a claim; true when its state is now {@code state}, whoever wrote it. */
    public boolean decide(SnapshotId id, SnapshotState state) throws IOException {
        return snapshots.decide(id, state);
    }

    /** Decides that a claim is void, if nobody has confirmed it before. */
    public void refuse(SnapshotId claim) throws IOException {
        if (decide(claim, SnapshotState.VOID)) {
            copyState(claim, SnapshotState.VOID);
        }
    }

    /** Puts the second copy of what was decided. */
    public void copyState(SnapshotId id, SnapshotState state) throws IOException {
        snapshots.copyState(id, state);
    }

    /** What counts as a root for a prune: all but what is void or forgotten. */
    public SnapshotLog.Roots roots() throws IOException {
        return snapshots.roots();
    }

    /** Puts an exec: from here on no backup that has not committed yet relies on its packs. */
    public void publish(PruneMarker exec) throws IOException {
        vital.put(ObjectNames.exec(exec.prune()), exec.encode(keys));
    }

    /**
     * Decides what a prune of one's own deletes; true when it may. It may not when somebody took it for dead: a final
     * decision stands already, or was put and removed again after the exec. That is why the exec is looked for again.
     */
    public boolean decideFinal(PruneMarker decision) throws IOException {
        return vital.putIfAbsent(ObjectNames.execFinal(decision.prune()), decision.encode(keys))
                && backend.length(ObjectNames.exec(decision.prune())) >= 0;
    }

    /** Deletes a pack that a final decision of one's own, or of a prune taken for dead, names. */
    public void delete(PackId pack) throws IOException {
        backend.delete(ObjectNames.pack(pack));
    }

    /** A prune that has condemned something and not ended: its exec, and its final decision when there is one. */
    public record Standing(PruneMarker exec, @Nullable PruneMarker decision) {}

    /** The prunes that have condemned something and not ended. */
    public Map<PruneId, Standing> standing() throws IOException {
        Map<PruneId, Standing> found = new TreeMap<>();
        for (PruneId id : execs().keySet()) {
            PruneMarker exec = read(ObjectNames.exec(id), id);
            if (exec != null) {
                found.put(id, new Standing(exec, read(ObjectNames.execFinal(id), id)));
            }
        }
        return found;
    }

    /** Decides for a prune taken for dead that it deletes nothing, unless it has decided; what stands then. */
    public PruneMarker abort(PruneMarker exec) throws IOException {
        PruneMarker aborted =
                new PruneMarker(Sort.ABORTED, exec.prune(), exec.job(), exec.written(), List.of(), List.of());
        String name = ObjectNames.execFinal(exec.prune());
        if (vital.putIfAbsent(name, aborted.encode(keys))) {
            return aborted;
        }
        PruneMarker decided = read(name, exec.prune());
        return decided == null ? aborted : decided;
    }

    /** Removes the exec of a prune that deletes nothing any more, and then its final decision: never the other way round. */
    public void end(PruneId id) throws IOException {
        vital.delete(ObjectNames.exec(id));
        vital.delete(ObjectNames.execFinal(id));
    }

    /** Removes final decisions whose exec is gone, which is looked for afresh: a listing may miss one just put. */
    public void sweepFinals() throws IOException {
        Set<PruneId> execs = new TreeSet<>();
        Set<PruneId> finals = new TreeSet<>();
        backend.list(ObjectNames.GC_EXEC, (name, length) -> {
            String primary = ObjectNames.primaryOf(name);
            PruneId exec = ObjectNames.execId(primary);
            PruneId decided = ObjectNames.finalId(primary);
            if (exec != null) {
                execs.add(exec);
            } else if (decided != null) {
                finals.add(decided);
            }
        });
        finals.removeAll(execs);
        for (PruneId id : finals) {
            if (backend.length(ObjectNames.exec(id)) < 0) {
                vital.delete(ObjectNames.execFinal(id));
            }
        }
    }

    /** Every plan that was put and not removed. */
    public Map<PruneId, PruneMarker> plans() throws IOException {
        return markers(ObjectNames.GC_PLAN);
    }

    /** What prunes have done, as far as it is kept. */
    public Map<PruneId, PruneMarker> done() throws IOException {
        return markers(ObjectNames.GC_DONE);
    }

    private Map<PruneId, PruneMarker> markers(String folder) throws IOException {
        Set<PruneId> ids = new TreeSet<>();
        backend.list(folder, (name, length) -> {
            String primary = ObjectNames.primaryOf(name);
            PruneId id = folder.equals(ObjectNames.GC_PLAN) ? ObjectNames.planId(primary) : ObjectNames.doneId(primary);
            if (id != null) {
                ids.add(id);
            }
        });
        Map<PruneId, PruneMarker> markers = new TreeMap<>();
        for (PruneId id : ids) {
            PruneMarker marker = read(folder + id.toHex(), id);
            if (marker != null) {
                markers.put(id, marker);
            }
        }
        return markers;
    }

    /** Packs that prunes have deleted or are deleting, as far as that is kept: whoever misses one need not wonder. */
    public Set<PackId> deleted() throws IOException {
        Set<PackId> packs = condemned(null);
        done().values().forEach(done -> packs.addAll(done.packs()));
        return packs;
    }

    /** Puts a plan, or what was done. */
    public void note(PruneMarker marker) throws IOException {
        vital.put(nameOf(marker), marker.encode(keys));
    }

    /** Removes a plan, or what was done. */
    public void remove(PruneMarker marker) throws IOException {
        vital.delete(nameOf(marker));
    }

    private static String nameOf(PruneMarker marker) {
        return switch (marker.sort()) {
            case PLAN -> ObjectNames.plan(marker.prune());
            case DONE -> ObjectNames.done(marker.prune());
            case EXEC, DECIDED, ABORTED ->
                throw new IllegalArgumentException(marker.sort() + " is put in a step of its own");
        };
    }

    /** What a session had better not rely on, since it is condemned or may be soon. What can't be read is passed over. */
    Set<PackId> avoided() throws IOException {
        Set<PackId> packs = new HashSet<>();
        try {
            packs.addAll(condemned(null));
            plans().values().forEach(plan -> packs.addAll(plan.packs()));
        } catch (CorruptionException | LimitExceededException e) {
            // It only saves work: what is condemned is asked for again before the commit, and told then.
            return packs;
        }
        return packs;
    }
}
