package io.packstone.maintenance;

import io.packstone.backend.ObjectNames;
import io.packstone.crypto.Hmac;
import io.packstone.error.CorruptionException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.StoreException;
import io.packstone.format.ConfigFormat;
import io.packstone.format.FrameKind;
import io.packstone.id.SegmentId;
import io.packstone.id.SlotId;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeySlotFormat;
import io.packstone.repository.Repository;
import io.packstone.repository.VitalStore;
import io.packstone.segment.RandomBytes;
import io.packstone.segment.SegmentReader;
import io.packstone.snapshot.SnapshotFormat;
import io.packstone.snapshot.SnapshotState;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

/** Checks everything but packs: both copies of each vital object, and every index segment. */
final class VitalCheck {
    private final Repository repository;
    private final PackCheck packs;
    private final DamageList damage;

    VitalCheck(Repository repository, PackCheck packs, DamageList damage) {
        this.repository = repository;
        this.packs = packs;
        this.damage = damage;
    }

    void run() throws IOException {
        both(
                ObjectNames.config(repository.config().number()),
                FrameKind.CONFIG,
                null,
                (bytes, name) ->
                        ConfigFormat.verify(bytes, name, repository.keys().configMacKey()));
        for (String name : firstCopies(ObjectNames.KEYS)) {
            SlotId id = ObjectNames.slotId(name);
            if (id != null) {
                both(
                        name,
                        FrameKind.KEY_SLOT,
                        id.toHex(),
                        (bytes, copy) -> KeySlotFormat.describe(bytes, copy, repository.id()));
            }
        }
        for (String name : firstCopies(ObjectNames.SNAPSHOTS)) {
            SnapshotId record = ObjectNames.snapshotId(name);
            SnapshotId state = ObjectNames.stateOf(name);
            if (record != null) {
                both(
                        name,
                        FrameKind.SNAPSHOT,
                        record.toHex(),
                        (bytes, copy) -> SnapshotFormat.decode(bytes, copy, repository.keys()));
            } else if (state != null) {
                both(
                        name,
                        FrameKind.STATE,
                        null,
                        (bytes, copy) -> SnapshotState.decode(bytes, copy, repository.keys(), state));
            }
        }
        segments();
    }

    private Set<String> firstCopies(String folder) throws IOException {
        Set<String> names = new TreeSet<>();
        repository
                .backend()
                .list(
                        folder,
                        (name, length) -> names.add(
                                name.endsWith(VitalStore.COPY_SUFFIX) ? name.substring(0, name.length() - 2) : name));
        return names;
    }

    private interface Reader {
        Object read(byte[] bytes, String name) throws IOException;
    }

    private void both(String name, FrameKind kind, @org.jspecify.annotations.Nullable String sha256, Reader reader)
            throws IOException {
        one(name, kind, sha256, reader);
        one(name + VitalStore.COPY_SUFFIX, kind, sha256, reader);
    }

    private void one(String name, FrameKind kind, @org.jspecify.annotations.Nullable String sha256, Reader reader)
            throws IOException {
        try {
            byte[] bytes = repository.backend().get(name, kind.maxLength());
            if (sha256 != null
                    && !SlotId.of(Hmac.sha256(bytes, 0, bytes.length)).toHex().equals(sha256)) {
                throw new CorruptionException(name, "its SHA-256 is not its name");
            }
            reader.read(bytes, name);
        } catch (MissingObjectException e) {
            damage.add(name, "missing", name + " is missing: one of the two copies of a vital object");
        } catch (StoreException e) {
            damage.add(name, e);
        }
    }

    private void segments() throws IOException {
        for (String name : firstCopies(ObjectNames.INDEX)) {
            SegmentId id = ObjectNames.segmentId(name);
            if (id == null) {
                continue;
            }
            try {
                byte[] bytes = repository.backend().get(name, FrameKind.INDEX_SEGMENT.maxLength());
                if (!SegmentId.of(Hmac.sha256(bytes, 0, bytes.length)).equals(id)) {
                    throw new CorruptionException(name, "its SHA-256 is not its name");
                }
                SegmentReader.open(RandomBytes.of(bytes), repository.keys(), name)
                        .verifyAll();
                packs.parity(name, bytes.length);
            } catch (StoreException e) {
                damage.add(name, e);
            }
        }
    }
}
