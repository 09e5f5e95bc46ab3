package io.packstone.maintenance;

import io.packstone.backend.ObjectNames;
import io.packstone.crypto.Hmac;
import io.packstone.error.CorruptionException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.StoreException;
import io.packstone.format.FrameKind;
import io.packstone.id.JobId;
import io.packstone.id.NoteId;
import io.packstone.id.ObjectHash;
import io.packstone.id.PruneId;
import io.packstone.id.SegmentId;
import io.packstone.id.SlotId;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeySlotFormat;
import io.packstone.repository.Repository;
import io.packstone.repository.VitalStore;
import io.packstone.segment.RandomBytes;
import io.packstone.segment.SegmentReader;
import io.packstone.snapshot.ForgetRecord;
import io.packstone.snapshot.JobRecord;
import io.packstone.snapshot.PruneMarker;
import io.packstone.snapshot.RepairFormat;
import io.packstone.snapshot.SnapshotFormat;
import io.packstone.snapshot.SnapshotNote;
import io.packstone.snapshot.SnapshotState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks everything but packs: both copies of each vital object, and every index segment. */
final class VitalCheck {
    private final Repository repository;
    private final PackCheck packs;
    private final DamageList damage;
    private final List<Expected> absent = new ArrayList<>();

    VitalCheck(Repository repository, PackCheck packs, DamageList damage) {
        this.repository = repository;
        this.packs = packs;
        this.damage = damage;
    }

    void run() throws IOException {
        for (String name : firstCopies(ObjectNames.CONFIG)) {
            int number = ObjectNames.configNumber(name);
            if (number > 0) {
                both(name, FrameKind.CONFIG, null, repository::verifyConfig);
            }
        }
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
            } else {
                laterWord(name);
            }
        }
        jobs();
        for (String name : firstCopies(ObjectNames.REPAIRS)) {
            ObjectHash id = ObjectNames.repairId(name);
            if (id != null) {
                both(
                        name,
                        FrameKind.REPAIR,
                        id.toHex(),
                        (bytes, copy) -> RepairFormat.decode(bytes, copy, repository.keys()));
            }
        }
        markers();
        segments();
    }

    /** That a snapshot is forgotten, or a note on one. */
    private void laterWord(String name) throws IOException {
        SnapshotId forgotten = ObjectNames.forgottenBy(name);
        SnapshotId noted = ObjectNames.notedBy(name);
        NoteId note = ObjectNames.noteId(name);
        if (forgotten != null) {
            both(
                    name,
                    FrameKind.FORGET,
                    null,
                    (bytes, copy) -> ForgetRecord.decode(bytes, copy, repository.keys(), forgotten));
        } else if (noted != null && note != null) {
            both(
                    name,
                    FrameKind.NOTE,
                    null,
                    (bytes, copy) -> SnapshotNote.decode(bytes, copy, repository.keys(), noted));
        }
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

    /** What an object should be: of a kind, of a SHA-256 if its name says so, and what {@code reader} takes. */
    private record Expected(
            String name, FrameKind kind, @Nullable String sha256, Reader reader) {}

    private void both(String name, FrameKind kind, @Nullable String sha256, Reader reader) throws IOException {
        one(new Expected(name, kind, sha256, reader));
        one(new Expected(name + VitalStore.COPY_SUFFIX, kind, sha256, reader));
    }

    private void one(Expected expected) throws IOException {
        try {
            prove(expected);
        } catch (MissingObjectException e) {
            absent.add(expected);
        } catch (StoreException e) {
            damage.add(expected.name(), e);
        }
    }

    private void prove(Expected expected) throws IOException {
        String name = expected.name();
        byte[] bytes = repository.backend().get(name, expected.kind().maxLength());
        if (expected.sha256() != null
                && !SlotId.of(Hmac.sha256(bytes, 0, bytes.length)).toHex().equals(expected.sha256())) {
            throw new CorruptionException(name, "its SHA-256 is not its name");
        }
        expected.reader().read(bytes, name);
    }

    /**
     * Looks again, when all else is checked, for copies that were not there: somebody may have been about to put or to
     * delete the second one.
     */
    void lookAgain() throws IOException {
        for (Expected expected : absent) {
            String name = expected.name();
            String other = ObjectNames.isCopy(name) ? ObjectNames.primaryOf(name) : ObjectNames.copyOf(name);
            try {
                prove(expected);
            } catch (MissingObjectException e) {
                if (repository.backend().length(other) >= 0 && !isLeftOver(other)) {
                    damage.add(name, "missing", name + " is missing: one of the two copies of a vital object");
                }
            } catch (StoreException e) {
                damage.add(name, e);
            }
        }
    }

    /**
     * True for a lone copy that counts for nothing: of a claim that nobody acknowledged, or a word on a snapshot that is
     * gone. Whoever was stopped or killed while a prune deleted the other copy leaves one; the next prune deletes it.
     */
    private boolean isLeftOver(String copy) {
        String name = ObjectNames.primaryOf(copy);
        SnapshotId claim = ObjectNames.snapshotId(name);
        SnapshotId forgotten = ObjectNames.forgottenBy(name);
        SnapshotId about = forgotten == null ? ObjectNames.notedBy(name) : forgotten;
        try {
            if (claim != null) {
                return repository.snapshots().state(claim) != SnapshotState.CONFIRMED;
            }
            return about != null
                    && repository.backend().length(ObjectNames.snapshot(about)) < 0
                    && repository.backend().length(ObjectNames.copyOf(ObjectNames.snapshot(about))) < 0;
        } catch (IOException e) {
            return false; // What can't be read is told elsewhere; this copy counts until that is known.
        }
    }

    /** A job under way may end, and its announcement go, at any time; and one copy comes or goes before the other. */
    private void jobs() throws IOException {
        for (String name : names(ObjectNames.JOBS)) {
            JobId id = ObjectNames.jobId(ObjectNames.primaryOf(name));
            JobId voided = ObjectNames.voidedBy(ObjectNames.primaryOf(name));
            if (id != null) {
                passing(new Expected(
                        name,
                        FrameKind.JOB,
                        id.toHex(),
                        (bytes, copy) -> JobRecord.decode(bytes, copy, repository.keys())));
            } else if (voided != null) {
                passing(new Expected(name, FrameKind.JOB, null, (bytes, copy) -> {
                    JobRecord.verifyVoid(bytes, copy, repository.keys(), voided);
                    return voided;
                }));
            }
        }
    }

    /** So do the markers of prunes. */
    private void markers() throws IOException {
        for (String name : names(ObjectNames.GC)) {
            PruneId id = ObjectNames.pruneId(ObjectNames.primaryOf(name));
            if (id != null) {
                passing(new Expected(
                        name,
                        FrameKind.MARKER,
                        null,
                        (bytes, copy) -> PruneMarker.decode(bytes, copy, repository.keys(), id)));
            }
        }
    }

    private Set<String> names(String folder) throws IOException {
        Set<String> names = new TreeSet<>();
        repository.backend().list(folder, (name, length) -> names.add(name));
        return names;
    }

    /** Proves what may go meanwhile. */
    private void passing(Expected expected) throws IOException {
        try {
            prove(expected);
        } catch (MissingObjectException e) {
            return;
        } catch (StoreException e) {
            damage.add(expected.name(), e);
        }
    }

    private void segments() throws IOException {
        Map<SegmentId, StoreException> damaged = new TreeMap<>();
        Set<SegmentId> superseded = new HashSet<>();
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
                SegmentReader segment = SegmentReader.open(RandomBytes.of(bytes), repository.keys(), name);
                segment.verifyAll();
                superseded.addAll(segment.superseded());
            } catch (StoreException e) {
                damaged.put(id, e);
            }
            packs.parity(name, -1);
        }
        damaged.forEach((id, cause) -> {
            if (!superseded.contains(id)) {
                damage.add(ObjectNames.segment(id), cause);
            }
        });
    }
}
