package io.packstone.maintenance;

import io.packstone.backend.ObjectNames;
import io.packstone.error.ErrorKind;
import io.packstone.error.StoreException;
import io.packstone.id.PackId;
import io.packstone.id.SnapshotId;
import io.packstone.pipeline.WarmUp;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.HistoryWatch;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import io.packstone.repository.memory.ProvenPacks;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proves that every snapshot can be restored: every object is what its name says, every reference leads to a chunk in a
 * pack that is there; with data, every byte of every chunk is read.
 */
public final class Check {
    /** Packs may go away during each of them where prunes follow one another. */
    private static final int PASSES_MAX = 5;

    private final Repository repository;
    private final Clock clock;
    private final @Nullable ProvenPacks memory;

    /** Of {@code repository}, whose index must be loaded; what is proved is not remembered. */
    public Check(Repository repository) {
        this.repository = repository;
        this.clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        this.memory = null;
    }

    /** As above; the client remembers what was proved when, by {@code clock}. */
    public Check(Repository repository, Clock clock) {
        this.repository = repository;
        this.clock = clock;
        this.memory = repository.proven();
    }

    /** Checks, and tells everything it found; an error is thrown only when the check itself could not go on. */
    public CheckReport run(CheckOptions options, ProgressListener progress) throws IOException {
        long begun = System.nanoTime();
        if (options.dataPercent() > 0) {
            WarmUp.begin();
        }
        return look(Proofs.of(memory, clock), pass -> pass.run(options, begun, progress));
    }

    /** Reads everything but the manifests, and keeps what a repair wants to know. */
    public Survey survey(ProgressListener progress) throws IOException {
        return survey(Proofs.of(memory, clock), progress);
    }

    /** As above, but packs that {@code before} has found right are not read again. */
    public Survey surveyAgain(Survey before, ProgressListener progress) throws IOException {
        return survey(before.proofs(), progress);
    }

    private Survey survey(Proofs proofs, ProgressListener progress) throws IOException {
        return look(proofs, pass -> pass.survey(progress));
    }

    private interface Look<T> {
        T with(Pass pass) throws IOException;
    }

    /** Looks until nothing is amiss, or nothing went away meanwhile. */
    private <T> T look(Proofs proofs, Look<T> look) throws IOException {
        Pass pass = new Pass(proofs, null);
        T found = look.with(pass);
        for (int again = 1; again < PASSES_MAX && pass.mayBeOutdated(); again++) {
            pass = new Pass(proofs, pass);
            found = look.with(pass);
        }
        return found;
    }

    /**
     * One look at everything. Others may forget and prune meanwhile, and what is amiss may be that: so what is found is told
     * only of a pass in which nothing went away, but for the last. What an earlier pass has read is not read again.
     */
    private final class Pass {
        private final DamageList damage = new DamageList();
        private final PackCheck packs = new PackCheck(repository, damage);
        private final Proofs proofs;
        private final @Nullable Pass before;
        private final Map<PackId, Long> stored = new HashMap<>();
        private final Set<String> standing = new HashSet<>();
        private List<PackId> chosen = List.of();
        private List<SnapshotId> looked = List.of();

        Pass(Proofs proofs, @Nullable Pass before) {
            this.proofs = proofs;
            this.before = before;
        }

        /** True when something is amiss, and a pack, segment or snapshot that was there in the beginning is gone. */
        boolean mayBeOutdated() throws IOException {
            if (damage.isEmpty()) {
                return false;
            }
            Set<SnapshotId> snapshots = new HashSet<>();
            repository.snapshots().list().snapshots().forEach(each -> snapshots.add(each.id()));
            Set<String> gone = new HashSet<>(standing);
            repository.backend().list(ObjectNames.INDEX, (name, length) -> gone.remove(name));
            repository.backend().list(ObjectNames.PACKS, (name, length) -> gone.remove(name));
            return !gone.isEmpty() || !snapshots.containsAll(looked);
        }

        private long bytesRead() {
            return packs.bytesRead() + (before == null ? 0 : before.bytesRead());
        }

        CheckReport run(CheckOptions options, long begun, ProgressListener progress) throws IOException {
            progress.stage("check structure", 0, 0);
            SnapshotLog.View view = repository.snapshots().list();
            looked = view.snapshots().stream().map(StoredSnapshot::id).toList();
            List<PackId> present = structure(); // After the list: whoever commits a snapshot puts its segments first.
            VitalCheck vital = new VitalCheck(repository, packs, damage);
            history(damage);
            long chunks;
            try (PackReading reading = new PackReading(packs, proofs, progress)) {
                boolean isReading = reading.begin(toRead(present, options));
                vital.run();
                for (SnapshotLog.Unreadable unreadable : view.unreadable()) {
                    damage.add(unreadable.cause());
                    damage.touches(DamageList.objectOf(unreadable.cause()), unreadable.id(), "/");
                }
                ManifestCheck manifests = new ManifestCheck(repository, packs, damage);
                chunks = walk(view, manifests, isReading ? ProgressListener.NONE : progress);
                reading.await();
            } finally {
                proofs.finish(present);
            }
            if (packs.anyLost()) {
                // Again, now that all that is lost is known.
                walk(view, new ManifestCheck(repository, packs, damage), ProgressListener.NONE);
            }
            if (view.unreadable().isEmpty()) {
                damage.tellUnneeded();
            }
            vital.lookAgain();
            return new CheckReport(
                    damage.list(),
                    view.snapshots().size(),
                    present.size(),
                    chunks,
                    bytesRead(),
                    present.stream().filter(id -> proofs.at(id) == Proofs.NEVER).count(),
                    present.stream().mapToLong(proofs::at).min().orElse(Proofs.NEVER),
                    (System.nanoTime() - begun) / 1e9);
        }

        Survey survey(ProgressListener progress) throws IOException {
            List<PackId> present = structure();
            VitalCheck vital = new VitalCheck(repository, packs, damage);
            try (PackReading reading = new PackReading(packs, proofs, progress)) {
                reading.begin(toRead(present, CheckOptions.ALL_DATA));
                vital.run();
                reading.await();
            }
            vital.lookAgain();
            return new Survey(damage.list(), packs, proofs);
        }

        /** All, or the part that the first pass chose, but for what was found right by now. */
        private List<PackId> toRead(List<PackId> present, CheckOptions options) throws IOException {
            boolean isPart = options.dataPercent() < 100 || options.dataBytesMax() < Long.MAX_VALUE;
            chosen = before != null && isPart ? before.chosen : sample(proofs.oldestFirst(present), options);
            Set<PackId> there = new HashSet<>(present);
            return chosen.stream()
                    .filter(id -> there.contains(id) && !proofs.isFresh(id))
                    .toList();
        }

        private List<PackId> structure() throws IOException {
            repository.backend().list(ObjectNames.INDEX, (name, length) -> standing.add(name));
            repository.loadIndex();
            repository.backend().list(ObjectNames.PACKS, (name, length) -> {
                standing.add(name);
                PackId id = ObjectNames.packId(name);
                if (id != null) {
                    stored.put(id, length);
                }
            });
            Set<PackId> deleted = repository.protocol().deleted();
            repository.index().forEachPack((id, length) -> {
                if (!stored.containsKey(id)
                        && !deleted.contains(id)
                        && !repository.loader().isRetired(id)) {
                    packs.missing(id);
                }
            });
            // Packs no segment speaks of: what an interrupted run left, or what a lost segment spoke of.
            packs.loadRest();
            repository.damage().stream()
                    .filter(cause -> !isLookedAtAgain(cause))
                    .forEach(damage::add);
            List<PackId> present = new ArrayList<>();
            for (Map.Entry<PackId, Long> pack : stored.entrySet()) {
                if (repository.loader().isRetired(pack.getKey())) {
                    continue; // A repair has stored elsewhere what could be read of it; it is read no more.
                }
                if (repository.index().hasPack(pack.getKey())) {
                    packs.structure(pack.getKey(), pack.getValue());
                    present.add(pack.getKey());
                }
            }
            return present;
        }

        /** Segments are; and packs that are gone where the index has them, while of others nobody speaks. */
        private boolean isLookedAtAgain(StoreException cause) {
            String object = DamageList.objectOf(cause);
            return object.startsWith(ObjectNames.INDEX)
                    || object.startsWith(ObjectNames.PACKS) && cause.kind() == ErrorKind.MISSING;
        }
    }

    /** What this client saw before must still be there. */
    private void history(DamageList damage) {
        for (HistoryWatch.Suspicion each : repository.history().suspicions()) {
            boolean vanished = each.kind() == HistoryWatch.Kind.VANISHED;
            damage.add(
                    ObjectNames.snapshot(each.snapshot()),
                    vanished ? "missing" : "forked",
                    each.message()
                            + "; compare packstone fingerprint with what you wrote down, and accept what there is"
                            + " with packstone fingerprint --accept");
        }
    }

    private static long walk(SnapshotLog.View view, ManifestCheck manifests, ProgressListener progress)
            throws IOException {
        long chunks = 0;
        for (StoredSnapshot snapshot : view.snapshots()) {
            chunks += manifests.run(snapshot, progress);
        }
        return chunks;
    }

    /** As many of the first as are wanted: checks of a part prove all of it in time. */
    private List<PackId> sample(List<PackId> packs, CheckOptions options) throws IOException {
        int wanted = (int) Math.ceil(packs.size() * options.dataPercent() / 100);
        int count = 0;
        long bytes = 0;
        while (count < wanted) {
            long length = repository.index().packLength(packs.get(count));
            if (count > 0 && bytes + length / 2 > options.dataBytesMax()) {
                break; // With this one, the sum would be farther off than without.
            }
            bytes += length;
            count++;
        }
        return packs.subList(0, count);
    }
}
