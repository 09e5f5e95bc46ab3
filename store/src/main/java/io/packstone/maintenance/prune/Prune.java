package io.packstone.maintenance.prune;

import io.packstone.backend.ObjectNames;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.MissingObjectException;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.error.UnsupportedFormatException;
import io.packstone.id.ChunkId;
import io.packstone.id.JobId;
import io.packstone.id.PackId;
import io.packstone.id.PruneId;
import io.packstone.id.SnapshotId;
import io.packstone.pack.PackTableFormat;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.RepackOutput;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.snapshot.PruneMarker;
import io.packstone.snapshot.SnapshotStructure;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Frees the space of what no snapshot needs, beside running backups and other prunes. Plan, then apply: whole dead packs
 * go unread, packs used in part are repacked as far as it is asked for. Killed at any moment it leaves nothing to mend;
 * the next one ends what it began.
 *
 * <p>For one thread, though it makes others. One plan is applied at most once, by the object that made it.
 */
public final class Prune implements Closeable {
    private static final int ATTEMPTS = 5;

    private final Repository repository;
    private final Clock clock;
    private final WorkFolder folder = new WorkFolder();
    private PruneOptions options = PruneOptions.defaults();
    private boolean contrary;
    private @Nullable Found found;

    /** What a plan rests on. */
    private record Found(
            PrunePlan plan,
            SnapshotLog.Roots roots,
            Leftovers leftovers,
            Liveness liveness,
            int packs,
            Map<PruneId, PruneMarker> plans) {}

    /** In {@code repository}; {@code clock} serves hints of age only. */
    public Prune(Repository repository, Clock clock) {
        this.repository = repository;
        this.clock = clock;
    }

    /** For tests: of what stands twice, keeps the copy that any other prune would drop. */
    void keepOtherCopies() {
        contrary = true;
    }

    /**
     * Finds what could go; changes nothing.
     *
     * @throws RepositoryException when it can't be known what snapshots need: nothing may be deleted then
     */
    public PrunePlan plan(PruneOptions how, ProgressListener progress) throws IOException {
        close();
        options = how;
        if (!repository.config().delete().isEmpty()) {
            throw new UnsupportedFormatException(
                    ObjectNames.config(repository.config().number()),
                    "to delete anything here a program must know "
                            + repository.config().delete());
        }
        progress.stage("find what is used", 0, 0);
        PrunePlan plan = tryPlan();
        for (int attempt = 1; plan == null; attempt++) {
            if (attempt == ATTEMPTS) {
                throw new RepositoryException(
                        ErrorKind.MISSING,
                        null,
                        "what a snapshot under way needs is not all there; run prune again later");
            }
            plan = tryPlan();
        }
        return plan;
    }

    /**
     * Null when a snapshot went, and some of what it needed, between being listed and being followed, or when one that is
     * not decided rests on what is gone.
     */
    private @Nullable PrunePlan tryPlan() throws IOException {
        SnapshotLog.Roots all = repository.protocol().roots();
        Execution.refuseUnreadable(all);
        Leftovers leftovers = new Leftovers(repository, all, options, clock);
        SnapshotLog.Roots roots = without(all, leftovers.staleClaims());
        repository.loadIndex();
        repository.loader().loadPacks(damage -> {});
        Map<PackId, Long> present = new HashMap<>();
        repository.protocol().packs(present::put);
        List<ChunkId> ids =
                roots.live().values().stream().map(SnapshotStructure::root).toList();
        Liveness liveness = Liveness.find(repository, folder, ids, present, contrary);
        boolean kept = false;
        try {
            if (!liveness.unknown().isEmpty()
                    && Execution.anyPasses(roots.live().keySet(), repository)) {
                return null;
            }
            Execution.refuseUnknown(liveness.unknown());
            Selection selection = select(liveness, leftovers);
            Map<PruneId, PruneMarker> plans = repository.protocol().plans();
            PrunePlan plan = new Planning(liveness, selection, roots, plans).plan();
            found = new Found(
                    plan, roots, leftovers, liveness, liveness.catalog().count(), plans);
            kept = true;
            return plan;
        } finally {
            if (!kept) {
                liveness.close();
            }
        }
    }

    private static SnapshotLog.Roots without(SnapshotLog.Roots roots, Set<SnapshotId> claims) {
        Map<SnapshotId, SnapshotStructure> live = new TreeMap<>(roots.live());
        live.keySet().removeAll(claims);
        return new SnapshotLog.Roots(live, roots.undecided(), roots.forgotten(), roots.voided(), roots.unreadable());
    }

    private PackUse.Rewriting rewriting() {
        if (!options.rewritesBlocks()) {
            return PackUse.Rewriting.NEVER;
        }
        return options.maxUnused() == 0 ? PackUse.Rewriting.ALWAYS : PackUse.Rewriting.WORTHWHILE;
    }

    private Selection select(Liveness liveness, Leftovers leftovers) throws IOException {
        Set<PackId> condemned = leftovers.condemnedByLiving();
        PackCatalog catalog = liveness.catalog();
        return new Selection(options, liveness)
                .run(
                        pack -> PackUse.of(pack, repository.index().table(catalog.id(pack)), liveness, rewriting()),
                        pack -> condemned.contains(catalog.id(pack))
                                || liveness.isRetired(pack) && liveness.usedRows(pack) > 0
                                || leftovers.anyOpen() && isPending(catalog.id(pack), leftovers));
    }

    /** The job that wrote a pack stands in the clear behind its header. A pack where it can't be read is left alone. */
    private boolean isPending(PackId pack, Leftovers leftovers) throws IOException {
        byte[] job = new byte[JobId.LENGTH];
        int offset = PackTableFormat.BLOCKS_OFFSET - JobId.LENGTH;
        try {
            repository.backend().read(ObjectNames.pack(pack), offset, job, 0, job.length);
        } catch (CorruptionException | MissingObjectException e) {
            return true;
        }
        return leftovers.isOpen(JobId.of(job));
    }

    /** Puts numbers and names to a selection. */
    private final class Planning {
        private final Liveness liveness;
        private final PackCatalog catalog;
        private final Selection selection;
        private final SnapshotLog.Roots roots;
        private final Set<PackId> ripe = new HashSet<>();
        private final Set<SnapshotId> ripeSnapshots = new HashSet<>();

        Planning(Liveness liveness, Selection selection, SnapshotLog.Roots roots, Map<PruneId, PruneMarker> plans) {
            this.liveness = liveness;
            this.catalog = liveness.catalog();
            this.selection = selection;
            this.roots = roots;
            Instant limit = options.grace().before(clock.instant(), ZoneOffset.UTC);
            for (PruneMarker plan : plans.values()) {
                if (!Instant.ofEpochSecond(plan.written()).isAfter(limit)) {
                    ripe.addAll(plan.packs());
                    ripeSnapshots.addAll(plan.snapshots());
                }
            }
        }

        private boolean isRipe(PackId pack) {
            return options.grace().isNone() || ripe.contains(pack);
        }

        PrunePlan plan() throws IOException {
            Set<PackId> dead = new HashSet<>();
            Set<PackId> waiting = new HashSet<>();
            List<PackId> repacked = new ArrayList<>();
            BitSet leaving = new BitSet();
            long freed = 0;
            long rewritten = 0;
            for (int pack = selection.dead().nextSetBit(0);
                    pack >= 0;
                    pack = selection.dead().nextSetBit(pack + 1)) {
                if (isRipe(catalog.id(pack))) {
                    dead.add(catalog.id(pack));
                    leaving.set(pack);
                    freed += catalog.length(pack);
                } else {
                    waiting.add(catalog.id(pack));
                }
            }
            BitSet moving = new BitSet();
            for (PackUse use : selection.repacked()) {
                if (isRipe(catalog.id(use.pack()))) {
                    repacked.add(catalog.id(use.pack()));
                    leaving.set(use.pack());
                    moving.set(use.pack());
                    freed += use.freed();
                    rewritten += use.kept();
                } else {
                    waiting.add(catalog.id(use.pack()));
                }
            }
            BitSet keepers = liveness.keepers(leaving);
            keepers.andNot(moving);
            List<PackId> verified = keepers.stream().mapToObj(catalog::id).toList();
            Set<SnapshotId> forgotten = new TreeSet<>(roots.forgotten());
            if (!options.grace().isNone()) {
                forgotten.retainAll(ripeSnapshots);
            }
            PrunePlan.Choice choice = new PrunePlan.Choice(dead, repacked, verified, waiting, forgotten);
            return numbers(choice, freed, rewritten);
        }

        private PrunePlan numbers(PrunePlan.Choice choice, long freed, long rewritten) {
            long packs = 0;
            long bytes = 0;
            for (int pack = 0; pack < catalog.count(); pack++) {
                if (catalog.isPresent(pack)) {
                    packs++;
                    bytes += catalog.length(pack);
                }
            }
            long dead = selection.bytesDead() + selection.bytesUnused();
            long sealed = selection.partly().stream()
                    .mapToLong(use -> use.unused() - use.freed())
                    .sum();
            long going = choice.dead().size() + choice.repacked().size();
            long requests = 2 * going
                    + choice.verified().size()
                    + rewritten / (32 << 20)
                    + 2L * choice.forgotten().size()
                    + (going > 0 ? 20 : 0);
            return new PrunePlan(
                    packs - going - choice.waiting().size() - selection.untouched(),
                    choice.dead().size(),
                    choice.repacked().size(),
                    selection.untouched(),
                    choice.waiting().size(),
                    bytes - dead,
                    dead,
                    freed,
                    rewritten,
                    sealed,
                    choice.forgotten().size(),
                    requests,
                    liveness.missing() == 0
                            ? List.of()
                            : List.of(liveness.missing() + " chunks that snapshots need are in no pack that is there;"
                                    + " run check"),
                    choice);
        }
    }

    /**
     * Does what {@code plan} says, as far as it is still right: what anybody has come to need since is spared.
     *
     * @throws IllegalStateException when this object made another plan, or has applied it
     */
    public PruneReport apply(PrunePlan plan, ProgressListener progress) throws IOException {
        Found rests = found;
        if (rests == null || rests.plan() != plan) {
            throw new IllegalStateException("a plan is applied once, by the object that made it last");
        }
        found = null;
        try (Liveness liveness = rests.liveness()) {
            PruneReport report = new Run(rests, liveness, progress).apply();
            repository.backend().keepReserve();
            return report;
        } finally {
            folder.close();
        }
    }

    /** One application of a plan. */
    private final class Run {
        private final Found rests;
        private final Liveness liveness;
        private final ProgressListener progress;
        private final PrunePlan.Choice choice;
        private final List<String> problems = new ArrayList<>();
        private final Set<PackId> trusted = new HashSet<>();
        private final List<Execution> executions = new ArrayList<>();
        private final long begun = System.nanoTime();
        private SnapshotLog.Roots roots;
        private long bytesDeleted;
        private long packsDeleted;
        private long packsRewritten;
        private long packsSpared;

        Run(Found rests, Liveness liveness, ProgressListener progress) {
            this.rests = rests;
            this.liveness = liveness;
            this.progress = progress;
            this.choice = rests.plan().choice();
            this.roots = rests.roots();
        }

        PruneReport apply() throws IOException {
            repository.backend().settle(); // A word that forgets must not be lost once its packs are gone.
            Set<PackId> dropped = new HashSet<>(rests.leftovers().takeForDead());
            try (RepackOutput output = repository.beginRepack()) {
                boolean ended = false;
                try {
                    PruneReport report = apply(output, dropped);
                    ended = true;
                    return report;
                } finally {
                    if (!ended) {
                        giveUp(output);
                    }
                }
            }
        }

        /** Somebody else may then finish what was decided: this process may live on. */
        private void giveUp(RepackOutput output) {
            try {
                output.end();
            } catch (IOException e) {
                // What failed before is told; the next prune ends this job when it sees that it is dead.
                return;
            }
        }

        private PruneReport apply(RepackOutput output, Set<PackId> dropped) throws IOException {
            verifyKeepers();
            progress.stage("delete packs", choice.dead().size(), 0);
            execute(choice.dead(), output.job());
            List<PackId> copied = repack(output);
            trusted.addAll(output.packs().keySet());
            liveness.addPacks();
            packsRewritten = execute(copied, output.job());
            progress.stage("write index", 0, 0);
            executions.forEach(execution -> dropped.addAll(execution.deleted()));
            addGhosts(dropped);
            new SegmentMerge(repository, dropped).run();
            int removed = finish(output.job());
            output.end();
            rests.leftovers().end();
            long written =
                    output.packs().values().stream().mapToLong(Long::longValue).sum();
            return new PruneReport(
                    packsDeleted,
                    packsRewritten,
                    packsSpared,
                    choice.waiting().size(),
                    bytesDeleted - written,
                    written,
                    removed,
                    problems,
                    (System.nanoTime() - begun) / 1e9);
        }

        /** Reads the packs that hold the copies which are kept of what stands twice: only what was read is relied on. */
        private void verifyKeepers() throws IOException {
            progress.stage("verify copies", choice.verified().size(), 0);
            Repacking reading = new Repacking(repository, liveness, rewriting());
            for (PackId id : choice.verified()) {
                try {
                    reading.verify(id);
                    trusted.add(id);
                } catch (StoreException e) {
                    reading.note(id, e, problems);
                }
                progress.advance(1, 0);
            }
        }

        private List<PackId> repack(RepackOutput output) throws IOException {
            progress.stage("repack", choice.repacked().size(), rests.plan().bytesRewritten());
            RepackThreads threads = new RepackThreads(
                    () -> new Repacking(repository, liveness, rewriting()),
                    liveness.catalog().rows(),
                    output,
                    progress);
            try {
                List<PackId> copied = threads.run(choice.repacked());
                problems.addAll(threads.problems());
                return copied;
            } catch (RepositoryException e) {
                if (e.kind() != ErrorKind.NO_ROOM) {
                    throw e;
                }
                problems.add("there is no room to repack; packs without anything of use were deleted, run again");
                return List.of();
            }
        }

        private int execute(Collection<PackId> candidates, JobId job) throws IOException {
            int deleted = 0;
            List<PackId> left = new ArrayList<>(candidates);
            while (!left.isEmpty()) {
                List<PackId> part = left.subList(0, Math.min(left.size(), PruneMarker.PACKS_MAX));
                Execution execution = new Execution(repository, liveness, job, clock, roots);
                Set<PackId> gone = execution.run(part, trusted);
                roots = execution.roots();
                executions.add(execution);
                for (PackId pack : gone) {
                    bytesDeleted += liveness.catalog().length(liveness.catalog().find(pack));
                }
                progress.advance(gone.size(), 0);
                packsSpared += part.size() - gone.size();
                packsDeleted += gone.size();
                deleted += gone.size();
                part.clear();
            }
            return deleted;
        }

        /** Packs that are gone, whoever deleted them, need no place in the index unless something needs them back. */
        private void addGhosts(Set<PackId> dropped) {
            PackCatalog catalog = liveness.catalog();
            for (int pack = 0; pack < rests.packs(); pack++) {
                if (!catalog.isPresent(pack) && !liveness.isNeededThoughAbsent(pack)) {
                    dropped.add(catalog.id(pack));
                }
            }
        }

        /** Notes what was done, removes forgotten and void records and old plans, and ends every exec; how many records. */
        private int finish(JobId job) throws IOException {
            if (executions.isEmpty() && !choice.forgotten().isEmpty()) {
                executions.add(new Execution(repository, liveness, job, clock, roots));
            }
            Set<SnapshotId> removed = new TreeSet<>(choice.forgotten());
            removed.retainAll(roots.forgotten());
            notePlans(job);
            List<PruneMarker> folded = executions.isEmpty() ? List.of() : spentNotes();
            Set<SnapshotId> told = new TreeSet<>(removed);
            folded.forEach(note -> told.addAll(note.snapshots()));
            Set<PackId> deleted = new TreeSet<>();
            executions.forEach(execution -> deleted.addAll(execution.deleted()));
            boolean together = deleted.size() <= PruneMarker.PACKS_MAX;
            for (Execution execution : executions) {
                execution.end(together ? deleted : execution.deleted(), told);
                told.clear();
                deleted.clear();
            }
            for (PruneMarker note : folded) {
                repository.protocol().remove(note);
            }
            for (SnapshotId id : removed) {
                repository.snapshots().removeForgotten(id);
            }
            for (SnapshotId id : roots.voided()) {
                repository.snapshots().removeVoid(id);
            }
            return removed.size();
        }

        /** Notes of earlier prunes that no index needs any more; whom they removed is told again in a new one. */
        private List<PruneMarker> spentNotes() throws IOException {
            List<PruneMarker> spent = new ArrayList<>();
            for (PruneMarker note : repository.protocol().done().values()) {
                boolean needed = false;
                for (PackId pack : note.packs()) {
                    needed |= repository.index().hasPack(pack);
                }
                if (!needed) {
                    spent.add(note);
                }
            }
            return spent;
        }

        /** Puts what is to wait in a plan, unless one says so already; drops plans that no longer say anything. */
        private void notePlans(JobId job) throws IOException {
            Set<PackId> unplanned = new TreeSet<>(choice.waiting());
            Set<SnapshotId> forgotten = new TreeSet<>(roots.forgotten());
            if (options.grace().isNone()) {
                forgotten.clear();
            }
            for (PruneMarker plan : rests.plans().values()) {
                Set<PackId> still = new HashSet<>(plan.packs());
                still.retainAll(choice.waiting());
                Set<SnapshotId> stillForgotten = new HashSet<>(plan.snapshots());
                stillForgotten.retainAll(forgotten);
                stillForgotten.removeAll(choice.forgotten());
                if (still.isEmpty() && stillForgotten.isEmpty()) {
                    repository.protocol().remove(plan);
                } else {
                    unplanned.removeAll(still);
                    forgotten.removeAll(stillForgotten);
                }
            }
            forgotten.removeAll(choice.forgotten());
            if (!unplanned.isEmpty() || !forgotten.isEmpty()) {
                repository
                        .protocol()
                        .note(new PruneMarker(
                                PruneMarker.Sort.PLAN,
                                Execution.randomId(repository),
                                job,
                                clock.instant().getEpochSecond(),
                                unplanned.stream().limit(PruneMarker.PACKS_MAX).toList(),
                                List.copyOf(forgotten)));
            }
        }
    }

    @Override
    public void close() throws IOException {
        Found rests = found;
        found = null;
        try (WorkFolder emptied = folder) {
            if (rests != null) {
                rests.liveness().close();
            }
            assert emptied == folder;
        }
    }
}
