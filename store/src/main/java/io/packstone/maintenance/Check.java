package io.packstone.maintenance;

import io.packstone.backend.ObjectNames;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.index.ChunkLocation;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileType;
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
        repository.damage().forEach(cause -> damage.add(String.valueOf(cause.object()), cause));
        PackCheck packs = new PackCheck(repository, damage);
        List<PackId> present = structure(packs, damage);
        SnapshotLog.View view = repository.snapshots().list();
        long chunks;
        try (PackReading reading = new PackReading(packs, progress)) {
            reading.begin(sample(present, options.dataPercent()));
            new VitalCheck(repository, packs, damage).run();
            for (SnapshotLog.Unreadable unreadable : view.unreadable()) {
                damage.add(ObjectNames.snapshot(unreadable.id()), unreadable.cause());
                damage.touches(ObjectNames.snapshot(unreadable.id()), unreadable.id(), "/");
            }
            chunks = walk(view, packs, damage, options.dataPercent() > 0 ? ProgressListener.NONE : progress);
            reading.await();
        }
        if (packs.anyLost()) {
            walk(view, packs, damage, ProgressListener.NONE); // Again, now that all that is lost is known.
        }
        return new CheckReport(
                damage.list(),
                view.snapshots().size(),
                present.size(),
                chunks,
                packs.bytesRead(),
                (System.nanoTime() - begun) / 1e9);
    }

    private long walk(SnapshotLog.View view, PackCheck packs, DamageList damage, ProgressListener progress)
            throws IOException {
        long[] chunks = new long[1];
        for (StoredSnapshot snapshot : view.snapshots()) {
            walk(snapshot, packs, damage, chunks, progress);
        }
        return chunks[0];
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
        List<PackId> present = new ArrayList<>();
        for (Map.Entry<PackId, Long> pack : stored.entrySet()) {
            if (repository.index().hasPack(pack.getKey())) {
                packs.structure(pack.getKey(), pack.getValue());
                present.add(pack.getKey());
            } else {
                unindexed(pack.getKey(), pack.getValue(), damage);
            }
        }
        return present;
    }

    /** A pack no segment speaks of: what an interrupted run left, unless its own table does not open. */
    private void unindexed(PackId id, long length, DamageList damage) throws IOException {
        try {
            repository.loader().table(id, length);
        } catch (StoreException e) {
            damage.add(ObjectNames.pack(id), e);
        }
    }

    private static List<PackId> sample(List<PackId> packs, double percent) {
        List<PackId> shuffled = new ArrayList<>(packs);
        Collections.shuffle(shuffled);
        return shuffled.subList(0, (int) Math.ceil(packs.size() * percent / 100));
    }

    private void walk(
            StoredSnapshot snapshot, PackCheck packs, DamageList damage, long[] chunks, ProgressListener progress)
            throws IOException {
        progress.stage(
                "check snapshot " + snapshot.id().toShortHex(),
                snapshot.record().counts().files(),
                0);
        try {
            ManifestCursor cursor =
                    repository.manifests().walk(snapshot.record().root());
            for (ManifestEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
                if (entry.metadata().type() == FileType.FILE) {
                    chunks[0] += file(snapshot, entry, packs, damage);
                    progress.advance(1, 0);
                }
            }
        } catch (StoreException e) {
            String object = e.object() == null ? "the manifest of " + snapshot.id() : e.object();
            damage.add(object, e);
            damage.touches(object, snapshot.id(), "/");
        }
    }

    private long file(StoredSnapshot snapshot, ManifestEntry entry, PackCheck packs, DamageList damage)
            throws IOException {
        long count = 0;
        try {
            BodyReader body = new BodyReader(repository.chunks(), entry.body());
            while (body.next()) {
                count++;
                ChunkId id = body.id();
                ChunkLocation location = repository.index().find(id, ChunkType.DATA);
                if (location == null) {
                    String object = "chunk " + id;
                    damage.add(object, "missing", object + " is in no pack that is known");
                    damage.touches(object, snapshot.id(), entry.path().toString());
                } else if (packs.isLost(location.pack(), id) && !another(id, packs)) {
                    damage.touches(
                            ObjectNames.pack(location.pack()),
                            snapshot.id(),
                            entry.path().toString());
                }
            }
        } catch (StoreException e) {
            String object = e.object() == null ? entry.path().toString() : e.object();
            damage.add(object, e);
            damage.touches(object, snapshot.id(), entry.path().toString());
        }
        return count;
    }

    private boolean another(ChunkId id, PackCheck packs) throws IOException {
        for (ChunkLocation location : repository.index().findAll(id, ChunkType.DATA)) {
            if (!packs.isLost(location.pack(), id)) {
                return true;
            }
        }
        return false;
    }
}
