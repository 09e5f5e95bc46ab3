package io.packstone.repository;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.FrameKind;
import io.packstone.id.ObjectHash;
import io.packstone.id.PackId;
import io.packstone.id.SnapshotId;
import io.packstone.snapshot.RepairFormat;
import io.packstone.snapshot.RepairRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The records of repairs: which packs are out of use, and what snapshots lack. Thread-safe. */
public final class RepairLog {
    private final Backend backend;
    private final VitalStore vital;
    private final KeyRing keys;

    RepairLog(Backend backend, KeyRing keys) {
        this.backend = backend;
        this.vital = new VitalStore(backend);
        this.keys = keys;
    }

    /** What all readable records say together. */
    public record View(List<RepairRecord> records) {
        /** Packs that nothing is to be read from. */
        public Set<PackId> retired() {
            Set<PackId> retired = new HashSet<>();
            records.forEach(record -> retired.addAll(record.retired()));
            return retired;
        }

        /** What snapshots lack, by the newest record; of several at once the one that counts more. */
        public Map<SnapshotId, RepairRecord.Loss> losses() {
            Map<SnapshotId, RepairRecord.Loss> losses = new TreeMap<>();
            for (RepairRecord record : records) {
                if (record.order() == nextOrder() - 1) {
                    for (RepairRecord.Loss loss : record.losses()) {
                        losses.merge(loss.snapshot(), loss, (a, b) -> a.files() < b.files() ? b : a);
                    }
                }
            }
            return losses;
        }

        /** One more than the highest order. */
        public long nextOrder() {
            return 1 + records.stream().mapToLong(RepairRecord::order).max().orElse(0);
        }
    }

    /** Lists afresh; {@code unreadable} is told of records that can't be read. */
    public View list(Consumer<StoreException> unreadable) throws IOException {
        Set<ObjectHash> ids = new TreeSet<>();
        backend.list(ObjectNames.REPAIRS, (name, length) -> {
            ObjectHash id = ObjectNames.repairId(ObjectNames.primaryOf(name));
            if (id != null) {
                ids.add(id);
            }
        });
        List<RepairRecord> records = new ArrayList<>();
        for (ObjectHash id : ids) {
            try {
                records.add(vital.get(
                        ObjectNames.repair(id),
                        FrameKind.REPAIR.maxLength(),
                        "the log of repairs",
                        (bytes, name) -> decode(id, bytes, name)));
            } catch (StoreException e) {
                unreadable.accept(e);
            }
        }
        return new View(List.copyOf(records));
    }

    private RepairRecord decode(ObjectHash id, byte[] bytes, String name) throws StoreException {
        if (!ObjectHash.of(SnapshotLog.sha256(bytes)).equals(id)) {
            throw new CorruptionException(name, "its SHA-256 is not its name");
        }
        return RepairFormat.decode(bytes, name, keys);
    }

    /** Puts a record; durable when it returns. */
    public void put(RepairRecord record) throws IOException {
        byte[] bytes = RepairFormat.encode(record, keys, Randomness.secure());
        ObjectHash id = ObjectHash.of(SnapshotLog.sha256(bytes));
        decode(id, bytes, "a repair's record just sealed");
        vital.put(ObjectNames.repair(id), bytes);
    }
}
