package io.packstone.simulation;

import io.packstone.backup.resume.Interval;
import io.packstone.error.ErrorKind;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.SnapshotId;
import io.packstone.index.ChunkLocation;
import io.packstone.maintenance.prune.ContraryPrune;
import io.packstone.maintenance.prune.Prune;
import io.packstone.maintenance.prune.PruneOptions;
import io.packstone.maintenance.retention.TimeSpan;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Flaw;
import io.packstone.repository.Repository;
import io.packstone.repository.SimulatedRepository;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;

/**
 * Three backups, two prunes and a forget, each the very classes that the command line runs, on one small repository. The
 * seed decides what each does, whose step comes next, who dies, and who is taken for dead.
 */
final class Simulation {
    private static final int BACKUPS = 3;
    private static final int PRUNES = 2;

    private final World world;
    private final Flaw flaw;
    private final Random random;
    private final long seed;
    private final MemoryBackend backend;
    private final Set<SnapshotId> acknowledged = Collections.synchronizedSet(new TreeSet<>());
    private final List<Baton.Actor> actors = new ArrayList<>();
    private final Baton baton;
    private final boolean deadly;

    Simulation(World world, Flaw flaw, long seed) {
        this.world = world;
        this.flaw = flaw;
        this.seed = seed;
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        baton = new Baton(random, flaw.isOfPrunes());
        deadly = random.nextInt(5) == 0;
        List<MemoryBackend> repositories = flaw.isOfPrunes() ? world.twice() : world.repositories;
        backend = repositories.get(random.nextInt(repositories.size())).copy();
    }

    /** Runs all actors to their ends. */
    void run(ExecutorService threads) throws InterruptedException {
        boolean apart = random.nextBoolean();
        int turned = random.nextInt(3);
        for (int i = 0; i < (flaw.isOfPrunes() ? 0 : BACKUPS); i++) {
            int folder = apart ? (turned + i) % 3 : random.nextInt(3);
            boolean full = random.nextInt(3) == 0;
            Interval checkpoints = (seed + i) % 3 == 0 ? Interval.everyBytes(1) : Interval.NEVER;
            add(
                    "backup " + i,
                    i,
                    repository -> acknowledged.add(world.snapshot(repository, folder, full, checkpoints)));
        }
        for (int i = 0; i < PRUNES; i++) {
            boolean contrary = i > 0;
            Clock clock = random.nextInt(3) > 0 ? World.CLOCK : World.EARLY;
            PruneOptions options = PruneOptions.defaults().withMaxUnused(0).withStaleAfter(TimeSpan.parse("1d"));
            PruneOptions how = random.nextBoolean() ? options : options.withSealedBlocksOnly();
            add("prune " + i, BACKUPS + i, repository -> prune(repository, clock, contrary, how));
        }
        add("forget", BACKUPS + PRUNES, this::forget);
        baton.run(threads);
    }

    private interface Work {
        void run(Repository repository) throws IOException;
    }

    private void add(String name, int number, Work work) {
        int steps = deadly && random.nextInt(3) == 0 ? random.nextInt(100) : Integer.MAX_VALUE;
        Random own = new Random(seed * 31 + number);
        actors.add(baton.add(name, steps, actor -> {
            try (Repository repository =
                    SimulatedRepository.open(new SteppedBackend(backend, actor), world.secret, own::nextBytes, flaw)) {
                work.run(repository);
            }
        }));
    }

    private static void prune(Repository repository, Clock clock, boolean contrary, PruneOptions options)
            throws IOException {
        try (Prune prune = ContraryPrune.of(repository, clock, contrary)) {
            prune.apply(prune.plan(options, ProgressListener.NONE), ProgressListener.NONE);
        }
    }

    private void forget(Repository repository) throws IOException {
        SnapshotLog.View view = repository.snapshots().list();
        List<StoredSnapshot> snapshots = view.snapshots();
        for (StoredSnapshot snapshot : snapshots) {
            if (seed % 2 == 0 || (snapshot.record().order() + seed) % 3 != 0) {
                repository.snapshots().forget(snapshot.id(), view.heads());
            }
        }
    }

    /** Who did what, line by line. */
    List<String> trace() {
        return baton.trace();
    }

    /** What no actor may fail of. Being killed is no failure, nor is giving up because others kept deleting. */
    String failures() {
        StringBuilder wrong = new StringBuilder();
        for (Baton.Actor actor : actors) {
            Throwable failure = actor.failure();
            String message = failure == null ? "" : String.valueOf(failure.getMessage());
            boolean gaveUp = failure instanceof StoreException store
                    && store.kind() == ErrorKind.MISSING
                    && (message.contains("keep disappearing") || message.contains("run prune again later"));
            if (failure != null && !actor.isKilled() && !gaveUp) {
                wrong.append(actor).append(" failed: ").append(String.join("\n    ", traceOf(failure)));
            }
        }
        return wrong.toString();
    }

    private static List<String> traceOf(Throwable failure) {
        List<String> lines = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            lines.add(cause.toString());
            for (StackTraceElement frame : cause.getStackTrace()) {
                lines.add("at " + frame);
            }
        }
        return lines;
    }

    /** Every chunk of every snapshot is in a pack that is there, and what was acknowledged is a snapshot. */
    String loss() throws IOException {
        try (Repository repository =
                SimulatedRepository.open(backend, world.secret, new Random(0)::nextBytes, Flaw.NONE)) {
            repository.loadIndex().loader().loadPacks(damage -> {});
            Set<PackId> present = new HashSet<>();
            repository.protocol().packs((id, length) -> present.add(id));
            SnapshotLog.View view = repository.snapshots().list();
            for (SnapshotLog.Unreadable unreadable : view.unreadable()) {
                return "snapshot " + unreadable.id().toShortHex() + " lost: " + unreadable.cause();
            }
            Set<SnapshotId> known = new HashSet<>();
            view.forgotten().forEach(snapshot -> known.add(snapshot.id()));
            for (StoredSnapshot snapshot : view.snapshots()) {
                known.add(snapshot.id());
                String lost = loss(repository, snapshot.record().root(), present, new HashSet<>());
                if (!lost.isEmpty()) {
                    return "snapshot " + snapshot.id().toShortHex() + " lost " + lost;
                }
            }
            Set<SnapshotId> unknown = new TreeSet<>(acknowledged);
            unknown.removeAll(known);
            repository.protocol().done().values().forEach(done -> unknown.removeAll(done.snapshots()));
            return unknown.isEmpty() ? "" : "snapshots lost that were acknowledged: " + unknown;
        }
    }

    private static String loss(Repository repository, ChunkId id, Set<PackId> present, Set<ChunkId> seen)
            throws IOException {
        if (!seen.add(id)) {
            return "";
        }
        ChunkLocation found = null;
        for (ChunkType type : ChunkType.values()) {
            for (ChunkLocation location : repository.index().findAll(id, type)) {
                found = present.contains(location.pack()) ? location : found;
            }
        }
        if (found == null) {
            return "chunk " + id.toShortHex();
        }
        for (int ref = 0; ref < found.table().rowRefCount(found.row()); ref++) {
            String lost = loss(repository, found.table().rowRef(found.row(), ref), present, seen);
            if (!lost.isEmpty()) {
                return lost;
            }
        }
        return "";
    }
}
