package io.packstone.backup.rewrite;

import io.packstone.backup.Backup;
import io.packstone.crypto.BoundaryHash;
import io.packstone.crypto.ChunkHasher;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.RepositoryException;
import io.packstone.id.ChunkId;
import io.packstone.id.SnapshotId;
import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.ManifestRoot;
import io.packstone.manifest.ManifestSieve;
import io.packstone.manifest.ManifestSieve.Fate;
import io.packstone.manifest.NodeSink;
import io.packstone.manifest.Totals;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.CommitOutcome;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import io.packstone.repository.WriteSession;
import io.packstone.snapshot.Fidelity;
import io.packstone.snapshot.SnapshotCounts;
import io.packstone.snapshot.SnapshotNote.Pin;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.snapshot.SnapshotState;
import io.packstone.source.rules.Heeded;
import io.packstone.source.rules.RecordedRules;
import io.packstone.source.rules.Rules;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Drops paths from snapshots. Each that holds any becomes a new snapshot, which says of itself what the former one says and
 * takes its place in the log; nodes of the manifest without any of it are taken over unread. What the new one needs is what
 * the former one needs, so that one is its parent, and the commit protocol sees that it stands. The former ones stay, or
 * are forgotten once all new ones are confirmed.
 *
 * <p>For one thread, and one plan at a time: what a plan has looked at is remembered for when it is applied.
 */
public final class Rewrite {
    private static final int ATTEMPTS = 3;
    private static final String FORGOTTEN = "it was forgotten meanwhile";

    private final Repository repository;
    private final RewriteOptions options;
    private @Nullable ManifestSieve sieve;
    private long bytesStored;

    /** In {@code repository}. */
    public Rewrite(Repository repository, RewriteOptions options) {
        this.repository = repository;
        this.options = options;
    }

    /** Looks for what is to be dropped; changes nothing. */
    public RewritePlan plan(ProgressListener progress) throws IOException {
        SnapshotLog.View view = repository.snapshots().list();
        repository.loadIndex(); // After the list: whoever commits a snapshot puts its segments first.
        List<StoredSnapshot> chosen = view.snapshots().stream()
                .filter(each -> options.chosen().isEmpty() || options.chosen().contains(each.id()))
                .toList();
        sieve = new ManifestSieve(repository.chunks());
        List<RewritePlan.Change> changes = new ArrayList<>();
        List<StoredSnapshot> untouched = new ArrayList<>();
        List<StoredSnapshot> emptied = new ArrayList<>();
        List<RewritePlan.Unread> unread = new ArrayList<>();
        progress.stage("look for what to drop", chosen.size(), 0);
        for (StoredSnapshot snapshot : chosen) {
            checkInterrupt();
            try {
                DropChoice choice = choice(snapshot);
                Totals dropped = sieve().dropped(snapshot.record().root(), choice);
                if (dropped.entries() == 0) {
                    untouched.add(snapshot);
                } else if (leavesNothing(snapshot, dropped, choice)) {
                    emptied.add(snapshot);
                } else {
                    changes.add(new RewritePlan.Change(snapshot, dropped, already(snapshot, choice, view)));
                }
            } catch (CorruptionException | MissingObjectException | LimitExceededException e) {
                if (stands(snapshot)) { // A prune may have just removed what somebody forgot.
                    unread.add(new RewritePlan.Unread(snapshot, e));
                }
            }
            progress.advance(1, 0);
        }
        List<SnapshotLog.Unreadable> unreadable = options.chosen().isEmpty() ? view.unreadable() : List.of();
        return new RewritePlan(changes, untouched, emptied, unread, unreadable);
    }

    private ManifestSieve sieve() {
        return Objects.requireNonNull(sieve, "no plan was made");
    }

    private DropChoice choice(StoredSnapshot snapshot) {
        return new DropChoice(options, snapshot.record().paths());
    }

    /** True when all that the snapshot was taken of would go, and at most directories be left that led to it. */
    private boolean leavesNothing(StoredSnapshot snapshot, Totals dropped, DropChoice choice) throws IOException {
        ChunkId root = snapshot.record().root();
        boolean found = false;
        for (RawName path : snapshot.record().paths()) {
            ManifestEntry entry = repository.manifests().find(root, TreePath.parse(path));
            if (entry != null && choice.of(entry) != Fate.DROPPED) {
                return false;
            }
            found |= entry != null;
        }
        return found || dropped.entries() == repository.manifests().totals(root).entries();
    }

    /** A snapshot that was made of this one before, and is what would be made of it now. */
    private @Nullable SnapshotId already(StoredSnapshot former, DropChoice choice, SnapshotLog.View view)
            throws IOException {
        List<StoredSnapshot> made = view.snapshots().stream()
                .filter(each -> isMadeFrom(each.record().origin(), former.id()))
                .toList();
        if (made.isEmpty()) {
            return null;
        }
        ChunkHasher hasher = new ChunkHasher(repository.keys().idKey());
        NodeSink naming =
                (type, refs, refCount, payload, length) -> hasher.id(type, refs, refCount, payload, 0, length);
        ChunkId root = rest(former, choice, naming).id();
        return made.stream()
                .filter(each -> each.record().root().equals(root))
                .findFirst()
                .map(StoredSnapshot::id)
                .orElse(null);
    }

    private static boolean isMadeFrom(SnapshotRecord.@Nullable Origin origin, SnapshotId former) {
        return origin != null && origin.snapshot().equals(former);
    }

    private ManifestRoot rest(StoredSnapshot former, DropChoice choice, NodeSink sink) throws IOException {
        BoundaryHash boundaries = new BoundaryHash(repository.keys().boundaryKey());
        return sieve().rest(former.record().root(), choice, sink, boundaries);
    }

    /**
     * Makes the new snapshots, protected where the former ones are, and then, when {@code forget} says so, forgets those. What
     * somebody has forgotten meanwhile is left alone.
     *
     * @param plan the last one that was made
     */
    public RewriteReport apply(RewritePlan plan, boolean forget, ProgressListener progress) throws IOException {
        List<RewriteReport.Made> made = new ArrayList<>();
        List<RewriteReport.Spared> spared = new ArrayList<>();
        List<RewritePlan.Unread> unread = new ArrayList<>(plan.unread());
        bytesStored = 0;
        progress.stage("rewrite", plan.changes().size(), 0);
        for (RewritePlan.Change change : plan.changes()) {
            checkInterrupt();
            try {
                SnapshotId already = change.already();
                SnapshotId snapshot = already == null ? make(change.former(), progress) : already;
                if (snapshot == null) {
                    spared.add(new RewriteReport.Spared(change.former().id(), FORGOTTEN));
                } else {
                    made.add(new RewriteReport.Made(change.former(), change.dropped(), snapshot, already == null));
                }
            } catch (CorruptionException | MissingObjectException | LimitExceededException e) {
                if (stands(change.former())) {
                    unread.add(new RewritePlan.Unread(change.former(), e));
                } else {
                    spared.add(new RewriteReport.Spared(change.former().id(), FORGOTTEN));
                }
            }
            progress.advance(1, 0);
        }
        List<SnapshotId> forgotten = new ArrayList<>();
        SnapshotLog.View view = repository.snapshots().list();
        for (RewriteReport.Made each : made) {
            String why = settle(each, forget, view);
            if (!why.isEmpty()) {
                spared.add(new RewriteReport.Spared(each.former().id(), why));
            } else if (forget) {
                forgotten.add(each.former().id());
            }
        }
        return new RewriteReport(made, forgotten, spared, unread, bytesStored);
    }

    /** The new snapshot; null when the former one stands no more. */
    private @Nullable SnapshotId make(StoredSnapshot planned, ProgressListener progress) throws IOException {
        StoredSnapshot former = repository.snapshots().list().find(planned.id());
        if (former == null) {
            return null;
        }
        try (WriteSession session = repository.begin(repository.compression())) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                CommitOutcome outcome = attempt(session, former);
                SnapshotId snapshot = outcome.snapshot();
                if (snapshot != null) {
                    if (outcome.unfinished() != null) {
                        progress.warn("the snapshot is rewritten; what failed after that is left to the next one: "
                                + outcome.unfinished().getMessage());
                    }
                    bytesStored += session.bytesStored();
                    return snapshot;
                }
                if (outcome.parentGone()) {
                    session.abandon();
                    return null;
                }
            }
            session.abandon();
        }
        throw new RepositoryException(
                ErrorKind.MISSING,
                null,
                "snapshot " + former.id().toShortHex() + " could not be rewritten: packs keep disappearing from the"
                        + " repository; run check and try again");
    }

    private CommitOutcome attempt(WriteSession session, StoredSnapshot former) throws IOException {
        try {
            DropChoice choice = choice(former);
            ManifestRoot root = rest(former, choice, session.nodes());
            session.flush();
            return session.commit(record(former, choice, root, session.bytesStored()));
        } catch (InterruptedIOException | CorruptionException | MissingObjectException | LimitExceededException e) {
            session.abandon();
            throw e;
        }
    }

    private SnapshotRecord record(StoredSnapshot former, DropChoice choice, ManifestRoot root, long stored) {
        SnapshotRecord record = former.record();
        List<SnapshotRecord.Problem> problems = new ArrayList<>(record.problems());
        problems.removeIf(problem -> choice.of(TreePath.parse(problem.path()), true) == Fate.DROPPED);
        long problemCount = record.problemCount() - (record.problems().size() - problems.size());
        boolean mended = problemCount == 0 && record.problemCount() > 0 && !record.isPartial();
        List<String> rules = new ArrayList<>(record.options());
        rules.addAll(new RecordedRules(Rules.NONE.withDropped(options.recorded()), Heeded.NOTHING).format());
        Totals totals = root.totals();
        return new SnapshotRecord(
                root.id(),
                former.id(),
                List.of(),
                0,
                null,
                record.time(),
                record.host(),
                record.user(),
                record.paths(),
                record.tags(),
                record.strategy(),
                mended ? SnapshotRecord.COMPLETE : record.status(),
                problems,
                problemCount,
                new SnapshotCounts(
                        totals.files(),
                        totals.directories(),
                        totals.entries() - totals.files() - totals.directories(),
                        totals.bytes(),
                        0,
                        0,
                        totals.files(),
                        0,
                        0,
                        stored),
                rules,
                record.consistency(),
                Backup.PROGRAM,
                new SnapshotRecord.Origin(former.id(), record.place()),
                fidelity(record.fidelity(), choice));
    }

    /** Counts stay as they are; a path that is dropped is not told of here either. */
    private static @Nullable Fidelity fidelity(@Nullable Fidelity former, DropChoice choice) {
        if (former == null) {
            return null;
        }
        List<Fidelity.Lack> lacks = new ArrayList<>();
        for (Fidelity.Lack lack : former.lacks()) {
            boolean dropped = lack.path().length() > 0 && choice.of(TreePath.parse(lack.path()), true) == Fate.DROPPED;
            lacks.add(dropped ? new Fidelity.Lack(lack.kind(), lack.count(), RawName.EMPTY) : lack);
        }
        return new Fidelity(lacks);
    }

    /**
     * Says of the new snapshot what is said of the former one, which is then forgotten when {@code forget} says so. Empty, or
     * why the former one is not to be forgotten.
     */
    private String settle(RewriteReport.Made made, boolean forget, SnapshotLog.View view) throws IOException {
        SnapshotLog log = repository.snapshots();
        StoredSnapshot former = view.find(made.former().id());
        StoredSnapshot now = view.find(made.snapshot());
        if (former == null) {
            return FORGOTTEN;
        }
        if (now == null) {
            return "the snapshot made from it was forgotten meanwhile";
        }
        List<String> added =
                without(former.record().tags(), made.former().record().tags());
        List<String> removed =
                without(made.former().record().tags(), former.record().tags());
        boolean protect = former.isProtected() && !now.isProtected();
        if (protect || !added.isEmpty() || !removed.isEmpty()) {
            Pin pin = protect ? Pin.PROTECTED : Pin.SILENT;
            if (!log.annotate(now.id(), pin, added, removed, repository.randomness())) {
                return "the snapshot made from it was forgotten meanwhile";
            }
        }
        if (forget) {
            repository.protocol().copyState(now.id(), SnapshotState.CONFIRMED); // Whoever made it may have been killed.
            if (former.isProtected()) {
                log.annotate(former.id(), Pin.RELEASED, List.of(), List.of(), repository.randomness());
            }
            log.forget(former.id(), view.heads());
        }
        return "";
    }

    private static List<String> without(List<String> tags, List<String> others) {
        List<String> rest = new ArrayList<>(tags);
        rest.removeAll(others);
        return rest;
    }

    private boolean stands(StoredSnapshot snapshot) throws IOException {
        return repository.snapshots().list().find(snapshot.id()) != null;
    }

    private static void checkInterrupt() throws InterruptedIOException {
        if (Thread.interrupted()) {
            throw new InterruptedIOException("interrupted; snapshots rewritten so far stay, and so do the former ones");
        }
    }
}
