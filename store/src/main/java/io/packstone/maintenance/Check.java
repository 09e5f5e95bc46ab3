package io.packstone.maintenance;

import io.packstone.backend.ObjectNames;
import io.packstone.id.PackId;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Proves that every snapshot can be restored: every object is what its name says, every reference leads to a chunk in a
 * pack that is there; with data, every byte of every chunk is read.
 */
public final class Check {
    private final Repository repository;

    /** Of {@code repository}, whose index must be loaded. */
    public Check(Repository repository) {
        this.repository = repository;
    }

    /** Checks, and tells everything it found; an error is thrown only when the check itself could not go on. */
    public CheckReport run(CheckOptions options, ProgressListener progress) throws IOException {
        long begun = System.nanoTime();
        DamageList damage = new DamageList();
        progress.stage("check structure", 0, 0);
        SnapshotLog.View view = repository.snapshots().list();
        repository.loadIndex(); // After the list: whoever commits a snapshot puts its segments first.
        PackCheck packs = new PackCheck(repository, damage);
        List<PackId> present = structure(packs, damage);
        VitalCheck vital = new VitalCheck(repository, packs, damage);
        long chunks;
        try (PackReading reading = new PackReading(packs, progress)) {
            reading.begin(sample(present, options));
            vital.run();
            for (SnapshotLog.Unreadable unreadable : view.unreadable()) {
                damage.add(unreadable.cause());
                damage.touches(DamageList.objectOf(unreadable.cause()), unreadable.id(), "/");
            }
            ManifestCheck manifests = new ManifestCheck(repository, packs, damage);
            chunks = walk(view, manifests, options.dataPercent() > 0 ? ProgressListener.NONE : progress);
            reading.await();
        }
        if (packs.anyLost()) {
            // Again, now that all that is lost is known.
            walk(view, new ManifestCheck(repository, packs, damage), ProgressListener.NONE);
        }
        vital.lookAgain();
        return new CheckReport(
                damage.list(),
                view.snapshots().size(),
                present.size(),
                chunks,
                packs.bytesRead(),
                (System.nanoTime() - begun) / 1e9);
    }

    private static long walk(SnapshotLog.View view, ManifestCheck manifests, ProgressListener progress)
            throws IOException {
        long chunks = 0;
        for (StoredSnapshot snapshot : view.snapshots()) {
            chunks += manifests.run(snapshot, progress);
        }
        return chunks;
    }

    private List<PackId> structure(PackCheck packs, DamageList damage) throws IOException {
        Map<PackId, Long> stored = new HashMap<>();
        repository.backend().list(ObjectNames.PACKS, (name, length) -> {
            PackId id = ObjectNames.packId(name);
            if (id != null) {
                stored.put(id, length);
            }
        });
        repository.index().forEachPack((id, length) -> {
            if (!stored.containsKey(id)) {
                packs.missing(id);
            }
        });
        // Packs no segment speaks of: what an interrupted run left, or what a lost segment spoke of.
        packs.loadRest();
        repository.damage().forEach(damage::add);
        List<PackId> present = new ArrayList<>();
        for (Map.Entry<PackId, Long> pack : stored.entrySet()) {
            if (repository.index().hasPack(pack.getKey())) {
                packs.structure(pack.getKey(), pack.getValue());
                present.add(pack.getKey());
            }
        }
        return present;
    }

    /** Packs drawn at random, so that checks of a part prove all of it in time. */
    private List<PackId> sample(List<PackId> packs, CheckOptions options) throws IOException {
        List<PackId> shuffled = new ArrayList<>(packs);
        Collections.shuffle(shuffled);
        int wanted = (int) Math.ceil(packs.size() * options.dataPercent() / 100);
        int count = 0;
        long bytes = 0;
        while (count < wanted) {
            long length = repository.index().packLength(shuffled.get(count));
            if (count > 0 && bytes + length / 2 > options.dataBytesMax()) {
                break; // With this one, the sum would be farther off than without.
            }
            bytes += length;
            count++;
        }
        return shuffled.subList(0, count);
    }
}
