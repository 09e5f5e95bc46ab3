package io.packstone.repository;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.crypto.Hmac;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.error.CorruptionException;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.StoreException;
import io.packstone.format.FrameKind;
import io.packstone.id.SnapshotId;
import io.packstone.snapshot.SnapshotFormat;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.snapshot.SnapshotState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot records and their states. A record without a CONFIRMED state is a claim, and no reader sees it
 * (docs/format.md, Snapshots).
 */
public final class SnapshotLog {
    private static final Comparator<StoredSnapshot> RECORD_ORDER = Comparator.comparingLong(
                    (StoredSnapshot s) -> s.record().order())
            .thenComparing(s -> s.record().time())
            .thenComparing(StoredSnapshot::id);

    private final Backend backend;
    private final VitalStore vital;
    private final KeyRing keys;
    private final java.util.Map<SnapshotId, StoredSnapshot> confirmed = new java.util.concurrent.ConcurrentHashMap<>();

    SnapshotLog(Backend backend, KeyRing keys) {
        this.backend = backend;
        this.vital = new VitalStore(backend);
        this.keys = keys;
    }

    /** A record that can't be read, and why: never silently left out. */
    public record Unreadable(SnapshotId id, StoreException cause) {}

    /** What a listing found: confirmed snapshots in record order, and those that could not be read. */
    public record View(List<StoredSnapshot> snapshots, List<Unreadable> unreadable) {
        /** The ids that the newest records linked as far as this view goes: those no other record links. */
        public List<SnapshotId> heads() {
            Set<SnapshotId> heads = new TreeSet<>();
            snapshots.forEach(s -> heads.add(s.id()));
            snapshots.forEach(s -> s.record().links().forEach(heads::remove));
            return List.copyOf(heads);
        }

        /** One more than the highest order seen. */
        public long nextOrder() {
            return 1
                    + snapshots.stream()
                            .mapToLong(s -> s.record().order())
                            .max()
                            .orElse(0);
        }
    }

    /** Lists afresh. States are written once, so a record read before is not read again. */
    public View list() throws IOException {
        Set<SnapshotId> claims = new TreeSet<>();
        Set<SnapshotId> decided = new TreeSet<>();
        backend.list(ObjectNames.SNAPSHOTS, (name, length) -> {
            SnapshotId record = ObjectNames.snapshotId(ObjectNames.primaryOf(name));
            if (record != null) {
                claims.add(record);
            }
            SnapshotId state = ObjectNames.stateOf(ObjectNames.primaryOf(name));
            if (state != null) {
                decided.add(state);
            }
        });
        List<StoredSnapshot> snapshots = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        for (SnapshotId id : decided) {
            try {
                StoredSnapshot snapshot = claims.contains(id) ? load(id) : missing(id);
                if (snapshot != null) {
                    snapshots.add(snapshot);
                }
            } catch (StoreException e) {
                unreadable.add(new Unreadable(id, e));
            }
        }
        snapshots.sort(RECORD_ORDER);
        return new View(List.copyOf(snapshots), List.copyOf(unreadable));
    }

    private @Nullable StoredSnapshot missing(SnapshotId id) throws IOException {
        if (state(id) == SnapshotState.VOID) {
            return null;
        }
        throw new MissingObjectException(ObjectNames.snapshot(id), "its state");
    }

    private @Nullable StoredSnapshot load(SnapshotId id) throws IOException {
        StoredSnapshot known = confirmed.get(id);
        if (known == null && state(id) == SnapshotState.CONFIRMED) {
            known = new StoredSnapshot(id, record(id));
            confirmed.put(id, known);
        }
        return known;
    }

    /** The state of a claim, null while nothing is decided. */
    public @Nullable SnapshotState state(SnapshotId id) throws IOException {
        return vital.find(
                ObjectNames.state(id),
                FrameKind.STATE.maxLength(),
                (bytes, name) -> SnapshotState.decode(bytes, name, keys, id));
    }

    /** The record of a claim, whatever its state. */
    public SnapshotRecord record(SnapshotId id) throws IOException {
        return vital.get(
                ObjectNames.snapshot(id),
                FrameKind.SNAPSHOT.maxLength(),
                "its state",
                (bytes, name) -> decode(id, bytes, name));
    }

    private SnapshotRecord decode(SnapshotId id, byte[] bytes, String name) throws IOException {
        if (!SnapshotId.of(sha256(bytes)).equals(id)) {
            throw new CorruptionException(name, "its SHA-256 is not its name");
        }
        return SnapshotFormat.decode(bytes, name, keys);
    }

    /**
     * Puts second copies that a killed process came not to put. A damaged first copy is left to whoever repairs, and one
     * that is being deleted is not brought back.
     */
    void completeCopies() throws IOException {
        Set<String> names = new TreeSet<>();
        backend.list(ObjectNames.SNAPSHOTS, (name, length) -> names.add(name));
        for (String name : names) {
            if (ObjectNames.isCopy(name) || names.contains(ObjectNames.copyOf(name))) {
                continue;
            }
            SnapshotId record = ObjectNames.snapshotId(name);
            SnapshotId state = ObjectNames.stateOf(name);
            try {
                if (record != null) {
                    byte[] bytes = backend.get(name, FrameKind.SNAPSHOT.maxLength());
                    decode(record, bytes, name);
                    vital.putCopy(name, bytes);
                } else if (state != null) {
                    byte[] bytes = backend.get(name, FrameKind.STATE.maxLength());
                    SnapshotState.decode(bytes, name, keys, state);
                    vital.putCopy(name, bytes);
                }
            } catch (CorruptionException | MissingObjectException | LimitExceededException e) {
                continue;
            }
        }
    }

    /** Puts a claim (B3); durable when it returns. */
    SnapshotId claim(SnapshotRecord record, Randomness randomness) throws IOException {
        byte[] bytes = SnapshotFormat.encode(record, keys, randomness);
        SnapshotId id = SnapshotId.of(sha256(bytes));
        decode(id, bytes, "a snapshot record just sealed");
        vital.put(ObjectNames.snapshot(id), bytes);
        return id;
    }

    /** Decides a claim; true when the state is now {@code state}, whoever wrote it. */
    boolean decide(SnapshotId id, SnapshotState state) throws IOException {
        byte[] bytes = state.encode(keys, id);
        return vital.putIfAbsent(ObjectNames.state(id), bytes) || state(id) == state;
    }

    static byte[] sha256(byte[] bytes) {
        return Hmac.sha256(bytes, 0, bytes.length);
    }
}
