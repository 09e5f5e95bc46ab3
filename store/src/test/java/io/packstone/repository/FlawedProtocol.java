package io.packstone.repository;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.id.PackId;
import io.packstone.id.PruneId;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.Secret;
import io.packstone.snapshot.PruneMarker;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.snapshot.SnapshotState;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The protocol with one mistake. One object for one actor, which either backs up or prunes. */
final class FlawedProtocol extends Protocol {
    private final Backend backend;
    private final KeyRing keys;
    private final Flaw flaw;
    private @Nullable Set<PackId> condemnedBefore;
    private @Nullable Map<PackId, Long> packsBefore;
    private @Nullable Boolean parentBefore;
    private SnapshotLog.@Nullable Roots rootsBefore;

    FlawedProtocol(Backend backend, KeyRing keys, SnapshotLog snapshots, Flaw flaw) {
        super(backend, keys, snapshots);
        this.backend = backend;
        this.keys = keys;
        this.flaw = flaw;
    }

    private Map<PackId, Long> listed() throws IOException {
        Map<PackId, Long> packs = new TreeMap<>();
        super.packs(packs::put);
        return packs;
    }

    @Override
    public SnapshotId claim(SnapshotRecord record, Randomness randomness) throws IOException {
        SnapshotId parent = record.parent();
        if (flaw == Flaw.CHECKS_BEFORE_CLAIM) {
            condemnedBefore = super.condemned(null);
            packsBefore = listed();
        }
        if (parent != null && (flaw == Flaw.CHECKS_BEFORE_CLAIM || flaw == Flaw.PARENT_BEFORE_CLAIM)) {
            parentBefore = super.stands(parent);
        }
        return super.claim(record, randomness);
    }

    @Override
    public Set<PackId> condemned(@Nullable PruneId own) throws IOException {
        if (own == null && flaw == Flaw.NO_EXEC_CHECK || own != null && flaw == Flaw.BLIND_TO_PEERS) {
            return Set.of();
        }
        if (own == null && flaw == Flaw.EXISTENCE_BEFORE_EXEC || own != null && flaw == Flaw.DATA_BEFORE_PEERS) {
            packsBefore = listed();
        }
        Set<PackId> before = condemnedBefore;
        condemnedBefore = null;
        return before == null ? super.condemned(own) : before;
    }

    @Override
    public void packs(PackVisitor visitor) throws IOException {
        Map<PackId, Long> before = packsBefore;
        packsBefore = null;
        if (before == null) {
            super.packs(visitor);
            return;
        }
        for (Map.Entry<PackId, Long> pack : before.entrySet()) {
            visitor.visit(pack.getKey(), pack.getValue());
        }
    }

    @Override
    public boolean stands(SnapshotId id) throws IOException {
        Boolean before = parentBefore;
        parentBefore = null;
        return before == null ? super.stands(id) : before;
    }

    @Override
    public boolean decide(SnapshotId id, SnapshotState state) throws IOException {
        if (flaw == Flaw.VOID_NOT_EXCLUSIVE && state == SnapshotState.CONFIRMED) {
            new VitalStore(backend).delete(ObjectNames.state(id));
        }
        return super.decide(id, state);
    }

    @Override
    public SnapshotLog.Roots roots() throws IOException {
        SnapshotLog.Roots before = rootsBefore;
        rootsBefore = null;
        return before == null ? super.roots() : before;
    }

    @Override
    public void publish(PruneMarker exec) throws IOException {
        if (flaw == Flaw.CLAIMS_BEFORE_EXEC) {
            rootsBefore = super.roots();
        }
        if (flaw != Flaw.ONLY_TIME) {
            super.publish(exec);
        }
    }

    @Override
    public boolean decideFinal(PruneMarker decision) throws IOException {
        return switch (flaw) {
            case ONLY_TIME, NO_FINAL -> true;
            case NO_SECOND_LOOK ->
                new VitalStore(backend).putIfAbsent(ObjectNames.execFinal(decision.prune()), decision.encode(keys));
            default -> super.decideFinal(decision);
        };
    }

    @Override
    public PruneMarker abort(PruneMarker exec) throws IOException {
        if (flaw == Flaw.NO_FINAL) {
            return new PruneMarker(
                    PruneMarker.Sort.ABORTED,
                    exec.prune(),
                    exec.job(),
                    exec.written(),
                    java.util.List.of(),
                    java.util.List.of());
        }
        return super.abort(exec);
    }

    /** Opens a repository that works without threads of its own, with that randomness and that mistake. */
    static Repository open(Backend backend, Secret secret, Randomness randomness, Flaw flaw) throws IOException {
        Repository repository =
                Repository.open(backend, secret, RepositoryOptions.defaults().withPlainIndex(true));
        Protocol protocol = flaw == Flaw.NONE
                ? repository.protocol()
                : new FlawedProtocol(repository.backend(), repository.keys(), repository.snapshots(), flaw);
        repository.work(new Repository.Workings(protocol, randomness, false));
        return repository;
    }
}
