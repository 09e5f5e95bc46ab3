package io.packstone.maintenance.healing;

import io.packstone.backend.ObjectNames;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.JobId;
import io.packstone.id.SnapshotId;
import io.packstone.maintenance.prune.IdTable;
import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.Totals;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.pack.PackTable;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.CommitOutcome;
import io.packstone.repository.JobLog;
import io.packstone.repository.Repository;
import io.packstone.repository.WriteSession;
import io.packstone.snapshot.SnapshotRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds snapshots whose records or states are gone: claims that nobody decided, and trees that nothing refers to, found
 * in the tables of packs alone. Recovered ones are new snapshots with the same tree. Memory: some 60 bytes a manifest
 * node.
 */
public final class Recover {
    private static final int ATTEMPTS = 3;
    private static final long REFERRED_TO = 1;

    private final Repository repository;
    private final String program;

    /** In {@code repository}, whose index must be loaded; {@code program} is what records name. */
    public Recover(Repository repository, String program) {
        this.repository = repository;
        this.program = program;
    }

    /**
     * Something that can be made a snapshot again.
     *
     * @param name {@code recovered-1} for the newest, and so on
     * @param root of its manifest
     * @param claim its record, when there still is one
     * @param totals what the root says is below it
     * @param top the path that everything in it lies below
     * @param isPart its top is not in it: part of a snapshot that was never finished, or whose upper nodes are lost
     */
    public record Offer(
            String name, ChunkId root, @Nullable SnapshotRecord claim, Totals totals, RawName top, boolean isPart) {
        Offer named(int number) {
            return new Offer("recovered-" + number, root, claim, totals, top, isPart);
        }
    }

    /** What there is to recover, the newest first. */
    public List<Offer> offers(ProgressListener progress) throws IOException {
        progress.stage("look for trees", 0, 0);
        repository.loader().loadPacks(damage -> {});
        List<Offer> offers = new ArrayList<>();
        Set<ChunkId> known = new HashSet<>();
        addClaims(offers, known);
        for (ChunkId root : unreferred()) {
            if (!known.contains(root)) {
                Offer offer = offer(root, null);
                if (offer != null) {
                    offers.add(offer);
                }
            }
        }
        offers.sort(Comparator.comparing(Offer::isPart)
                .thenComparing(offer -> -offer.totals().newest())
                .thenComparing(offer -> -offer.totals().entries())
                .thenComparing(Offer::root));
        List<Offer> named = new ArrayList<>();
        offers.forEach(offer -> named.add(offer.named(named.size() + 1)));
        return named;
    }

    /** Offers claims whose job has ended and that have no state; notes the roots of all records. */
    private void addClaims(List<Offer> offers, Set<ChunkId> known) throws IOException {
        Set<SnapshotId> records = new TreeSet<>();
        Set<SnapshotId> states = new TreeSet<>();
        repository.backend().list(ObjectNames.SNAPSHOTS, (name, length) -> {
            SnapshotId record = ObjectNames.snapshotId(ObjectNames.primaryOf(name));
            SnapshotId state = ObjectNames.stateOf(ObjectNames.primaryOf(name));
            if (record != null) {
                records.add(record);
            } else if (state != null) {
                states.add(state);
            }
        });
        Set<JobId> open = new HashSet<>();
        for (JobLog.Open job : repository.jobs().list()) {
            open.add(job.id());
        }
        List<SnapshotRecord> undecided = new ArrayList<>();
        for (SnapshotId id : records) {
            try {
                SnapshotRecord record = repository.snapshots().record(id);
                if (states.contains(id)) {
                    known.add(record.root());
                } else if (record.job() == null || !open.contains(record.job())) {
                    undecided.add(record);
                }
            } catch (StoreException e) {
                continue; // Its tree is found without it.
            }
        }
        for (SnapshotRecord record : undecided) {
            Offer offer = known.add(record.root()) ? offer(record.root(), record) : null;
            if (offer != null) {
                offers.add(offer);
            }
        }
    }

    /** Null when not even the root can be read. */
    private @Nullable Offer offer(ChunkId root, @Nullable SnapshotRecord claim) throws IOException {
        try {
            Totals totals = repository.manifests().totals(root);
            ManifestEntry first = repository.manifests().walk(root).next();
            if (first == null) {
                return null; // An empty tree is nothing to recover.
            }
            boolean isPart = first.path().directory().length() > 0;
            return new Offer("", root, claim, totals, RecoveredTree.top(repository, root), isPart);
        } catch (StoreException e) {
            if (e.kind() == ErrorKind.UNSUPPORTED_FORMAT) {
                throw e;
            }
            return null;
        }
    }

    private List<ChunkId> unreferred() throws IOException {
        IdTable nodes = new IdTable();
        byte[] id = new byte[ChunkId.LENGTH];
        forEachNode((table, row) -> {
            table.rowId(row).copyTo(id, 0);
            nodes.add(id, 0);
        });
        forEachNode((table, row) -> {
            byte[] refs = table.rowRefs(row);
            for (int at = 0; at < refs.length; at += ChunkId.LENGTH) {
                int number = nodes.find(refs, at);
                if (number >= 0) {
                    nodes.set(number, REFERRED_TO);
                }
            }
        });
        List<ChunkId> roots = new ArrayList<>();
        for (int number = 0; number < nodes.count(); number++) {
            if (nodes.value(number) != REFERRED_TO) {
                nodes.copyTo(number, id, 0);
                roots.add(ChunkId.of(id));
            }
        }
        return roots;
    }

    private interface NodeVisitor {
        void visit(PackTable table, int row);
    }

    private void forEachNode(NodeVisitor visitor) throws IOException {
        repository.index().forEachPack((pack, length) -> {
            PackTable table = repository.index().table(pack);
            for (int row = 0; row < table.rowCount(); row++) {
                if (table.rowType(row) == ChunkType.NODE && !table.rowDead(row)) {
                    visitor.visit(table, row);
                }
            }
        });
    }

    /** A recovered snapshot, and how many files in it are not whole. */
    public record Recovered(String name, SnapshotId snapshot, long problems) {}

    /** Makes {@code offer} a snapshot: degraded when something of it is lost, and saying what. */
    public Recovered apply(Offer offer, ProgressListener progress) throws IOException {
        progress.stage("recover " + offer.name(), offer.totals().files(), 0);
        try (WriteSession session = repository.begin(repository.compression())) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                RecoveredTree tree = new RecoveredTree(repository, session);
                tree.walk(offer.root());
                CommitOutcome outcome = session.commit(record(offer, tree));
                SnapshotId snapshot = outcome.snapshot();
                if (snapshot != null) {
                    return new Recovered(offer.name(), snapshot, tree.problemCount());
                }
            }
            session.abandon();
        }
        throw new RepositoryException(
                ErrorKind.MISSING,
                null,
                offer.name() + " could not be recovered: a prune deletes what it needs; run recover again");
    }

    private SnapshotRecord record(Offer offer, RecoveredTree tree) {
        SnapshotRecord claim = offer.claim();
        List<String> tags = new ArrayList<>(claim == null ? List.of() : claim.tags());
        tags.add(offer.name());
        boolean degraded = tree.problemCount() > 0 || offer.isPart() || claim != null && !claim.isComplete();
        String lacking = claim != null && claim.isPartial() ? SnapshotRecord.PARTIAL : SnapshotRecord.DEGRADED;
        long newest = Math.max(0, offer.totals().newest());
        return new SnapshotRecord(
                offer.root(),
                null,
                List.of(),
                0,
                null,
                claim == null ? new Timestamp(newest, 0) : claim.time(),
                claim == null ? "recovered" : claim.host(),
                claim == null ? "" : claim.user(),
                claim == null ? List.of(offer.top()) : claim.paths(),
                tags,
                claim == null ? "full" : claim.strategy(),
                degraded ? lacking : SnapshotRecord.COMPLETE,
                tree.problems(),
                tree.problemCount(),
                tree.counts(),
                claim == null ? List.of() : claim.options(),
                claim == null ? "live" : claim.consistency(),
                program,
                null,
                claim == null ? null : claim.fidelity());
    }
}
