package io.packstone.repository;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.crypto.Hmac;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.StoreException;
import io.packstone.format.FrameKind;
import io.packstone.id.NoteId;
import io.packstone.id.SnapshotId;
import io.packstone.snapshot.ForgetRecord;
import io.packstone.snapshot.SnapshotFormat;
import io.packstone.snapshot.SnapshotNote;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.snapshot.SnapshotState;
import io.packstone.snapshot.SnapshotStructure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot records, their states, and what is said of them later. A record without a CONFIRMED state is a claim, and
 * no reader sees it (docs/format.md, Snapshots). Thread-safe.
 */
public final class SnapshotLog {
    /** One that was made from another stands where that stood, and behind it. */
    private static final Comparator<StoredSnapshot> RECORD_ORDER = Comparator.comparingLong(
                    (StoredSnapshot s) -> s.record().place())
            .thenComparing(s -> s.record().time())
            .thenComparingLong(s -> s.record().order())
            .thenComparing(StoredSnapshot::id);

    private final Backend backend;
    private final VitalStore vital;
    private final KeyRing keys;
    private volatile Observer observer = view -> {};
    private final Map<SnapshotId, SnapshotRecord> confirmed = new ConcurrentHashMap<>();
    private final Map<NoteId, SnapshotNote> notes = new ConcurrentHashMap<>();
    private final Set<SnapshotId> forgotten = ConcurrentHashMap.newKeySet();
    private final Set<SnapshotId> voided = ConcurrentHashMap.newKeySet();

    /** Told of each listing. */
    interface Observer {
        void observe(View view) throws IOException;
    }

    /** Tells {@code who} of every listing from now on. */
    void tell(Observer who) {
        observer = who;
    }

    SnapshotLog(Backend backend, KeyRing keys) {
        this.backend = backend;
        this.vital = new VitalStore(backend);
        this.keys = keys;
    }

    /** A record that can't be read, and why: never silently left out. */
    public record Unreadable(SnapshotId id, StoreException cause) {}

    /**
     * What a listing found: confirmed snapshots in record order, those that could not be read, and those that are
     * forgotten and not removed yet.
     */
    public record View(List<StoredSnapshot> snapshots, List<Unreadable> unreadable, List<StoredSnapshot> forgotten) {
        /** The confirmed snapshot of that id; null when this view has none. */
        public @Nullable StoredSnapshot find(SnapshotId id) {
            return snapshots.stream().filter(s -> s.id().equals(id)).findFirst().orElse(null);
        }

        /** The ids that the newest records linked as far as this view goes: those no other record links. */
        public List<SnapshotId> heads() {
            Set<SnapshotId> heads = new TreeSet<>();
            for (List<StoredSnapshot> part : List.of(snapshots, forgotten)) {
                part.forEach(s -> heads.add(s.id()));
            }
            for (List<StoredSnapshot> part : List.of(snapshots, forgotten)) {
                part.forEach(s -> s.record().links().forEach(heads::remove));
            }
            return List.copyOf(heads);
        }

        /** One more than the highest order seen. */
        public long nextOrder() {
            long highest = 0;
            for (List<StoredSnapshot> part : List.of(snapshots, forgotten)) {
                for (StoredSnapshot snapshot : part) {
                    highest = Math.max(highest, snapshot.record().order());
                }
            }
            return highest + 1;
        }
    }

    /**
     * What a prune must know of snapshots, and all that the structure key tells.
     *
     * @param live confirmed and undecided ones that are not forgotten: their closures are kept
     * @param undecided those among them that are claims
     * @param voided void claims whose records are still there
     * @param unreadable nobody knows what they need
     */
    public record Roots(
            Map<SnapshotId, SnapshotStructure> live,
            Set<SnapshotId> undecided,
            Set<SnapshotId> forgotten,
            Set<SnapshotId> voided,
            List<Unreadable> unreadable) {}

    /** The names that a listing found, by snapshot. */
    private static final class Names {
        private final Set<SnapshotId> records = new TreeSet<>();
        private final Set<SnapshotId> states = new TreeSet<>();
        private final Set<SnapshotId> forgets = new TreeSet<>();
        private final Map<SnapshotId, Set<NoteId>> notes = new TreeMap<>();

        private void add(String primary) {
            SnapshotId record = ObjectNames.snapshotId(primary);
            SnapshotId state = ObjectNames.stateOf(primary);
            SnapshotId forget = ObjectNames.forgottenBy(primary);
            SnapshotId noted = ObjectNames.notedBy(primary);
            if (record != null) {
                records.add(record);
            } else if (state != null) {
                states.add(state);
            } else if (forget != null) {
                forgets.add(forget);
            } else if (noted != null) {
                NoteId note = ObjectNames.noteId(primary);
                if (note != null) {
                    notes.computeIfAbsent(noted, id -> new TreeSet<>()).add(note);
                }
            }
        }
    }

    private Names names() throws IOException {
        Names names = new Names();
        backend.list(ObjectNames.SNAPSHOTS, (name, length) -> names.add(ObjectNames.primaryOf(name)));
        return names;
    }

    /** Lists afresh. Objects are written once, so what was read before is not read again. */
    public View list() throws IOException {
        Names names = names();
        List<StoredSnapshot> snapshots = new ArrayList<>();
        List<StoredSnapshot> hidden = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        for (SnapshotId id : names.states) {
            boolean gone = false;
            try {
                Map<NoteId, SnapshotNote> said = notes(id, names, false);
                gone = isForgotten(id, names, said);
                SnapshotRecord record = names.records.contains(id) ? load(id) : missing(id, names);
                if (record != null) {
                    SnapshotRecord now = record.withTags(SnapshotNote.tags(record.tags(), said));
                    (gone ? hidden : snapshots).add(new StoredSnapshot(id, now, SnapshotNote.isProtected(said)));
                }
            } catch (StoreException e) {
                if (!gone && !removedMeanwhile(id, e)) {
                    unreadable.add(new Unreadable(id, e));
                }
            }
        }
        snapshots.sort(RECORD_ORDER);
        hidden.sort(RECORD_ORDER);
        View view = new View(List.copyOf(snapshots), List.copyOf(unreadable), List.copyOf(hidden));
        observer.observe(view);
        return view;
    }

    /** True when something is missing because a prune has just removed a forgotten snapshot. */
    private boolean removedMeanwhile(SnapshotId id, StoreException cause) throws IOException {
        return cause.kind() == ErrorKind.MISSING
                && (backend.length(ObjectNames.forgot(id)) >= 0 || backend.length(ObjectNames.state(id)) < 0);
    }

    /**
     * Whether a snapshot is forgotten: there is a record that says so, and no note that protects it all the same, put by
     * somebody who did not see that record.
     */
    private boolean isForgotten(SnapshotId id, Names names, Map<NoteId, SnapshotNote> said) throws IOException {
        if (!names.forgets.contains(id)) {
            return false;
        }
        if (!forgotten.contains(id)) {
            ForgetRecord record = vital.find(
                    ObjectNames.forgot(id),
                    FrameKind.FORGET.maxLength(),
                    (bytes, name) -> ForgetRecord.decode(bytes, name, keys, id));
            if (record == null) {
                return true; // removed meanwhile, and so is all that it spoke of
            }
            forgotten.add(id);
        }
        return !SnapshotNote.isProtected(said);
    }

    /** The notes on a snapshot; without those that can't be read. Of the structure, or all of them. */
    private Map<NoteId, SnapshotNote> notes(SnapshotId id, Names names, boolean structureOnly) throws IOException {
        Map<NoteId, SnapshotNote> said = new TreeMap<>();
        for (NoteId note : names.notes.getOrDefault(id, Set.of())) {
            SnapshotNote known = structureOnly ? null : notes.get(note);
            if (known == null) {
                known = note(id, note, structureOnly);
            }
            if (known != null) {
                said.put(note, known);
            }
        }
        return said;
    }

    private @Nullable SnapshotNote note(SnapshotId id, NoteId note, boolean structureOnly) throws IOException {
        try {
            SnapshotNote read = vital.find(ObjectNames.note(id, note), FrameKind.NOTE.maxLength(), (bytes, name) -> {
                if (!NoteId.of(sha256(bytes)).equals(note)) {
                    throw new CorruptionException(name, "its SHA-256 is not its name");
                }
                return structureOnly
                        ? SnapshotNote.decodeStructure(bytes, name, keys, id)
                        : SnapshotNote.decode(bytes, name, keys, id);
            });
            if (read != null && !structureOnly) {
                notes.put(note, read);
            }
            return read;
        } catch (CorruptionException e) {
            return null; // check tells; a snapshot is worth more than what is said of it
        }
    }

    /** A state without a record: void, removed after it was forgotten, or a loss. */
    private @Nullable SnapshotRecord missing(SnapshotId id, Names names) throws IOException {
        if (names.forgets.contains(id) || isVoid(id) || state(id) == null) {
            return null;
        }
        throw new MissingObjectException(ObjectNames.snapshot(id), "its state");
    }

    private boolean isVoid(SnapshotId id) throws IOException {
        boolean known = voided.contains(id);
        if (!known && state(id) == SnapshotState.VOID) {
            voided.add(id);
            known = true;
        }
        return known;
    }

    private @Nullable SnapshotRecord load(SnapshotId id) throws IOException {
        SnapshotRecord known = confirmed.get(id);
        if (known == null && !isVoid(id) && state(id) == SnapshotState.CONFIRMED) {
            known = record(id);
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

    /** The record of a claim as it is stored. */
    public byte[] stored(SnapshotId id) throws IOException {
        return vital.get(ObjectNames.snapshot(id), FrameKind.SNAPSHOT.maxLength(), "its state", (bytes, name) -> {
            decode(id, bytes, name);
            return bytes;
        });
    }

    private SnapshotRecord decode(SnapshotId id, byte[] bytes, String name) throws IOException {
        expectName(id, bytes, name);
        return SnapshotFormat.decode(bytes, name, keys);
    }

    private static void expectName(SnapshotId id, byte[] bytes, String name) throws CorruptionException {
        if (!SnapshotId.of(sha256(bytes)).equals(id)) {
            throw new CorruptionException(name, "its SHA-256 is not its name");
        }
    }

    /** Lists afresh what a prune must know, with the structure key only. */
    Roots roots() throws IOException {
        Names names = names();
        Roots roots = new Roots(new TreeMap<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new ArrayList<>());
        Set<SnapshotId> all = new TreeSet<>(names.records);
        all.addAll(names.states);
        for (SnapshotId id : all) {
            try {
                if (isForgotten(id, names, notes(id, names, true))) {
                    roots.forgotten.add(id);
                } else {
                    addRoot(id, names, roots);
                }
            } catch (StoreException e) {
                if (!removedMeanwhile(id, e)) {
                    roots.unreadable.add(new Unreadable(id, e));
                }
            }
        }
        return roots;
    }

    private void addRoot(SnapshotId id, Names names, Roots roots) throws IOException {
        if (names.states.contains(id) && isVoid(id)) {
            if (names.records.contains(id)) {
                roots.voided.add(id);
            }
            return;
        }
        if (!names.records.contains(id)) {
            missing(id, names);
            return;
        }
        SnapshotStructure structure =
                vital.find(ObjectNames.snapshot(id), FrameKind.SNAPSHOT.maxLength(), (bytes, name) -> {
                    expectName(id, bytes, name);
                    return SnapshotFormat.decodeStructure(bytes, name, keys);
                });
        if (structure != null) {
            roots.live.put(id, structure);
            if (!names.states.contains(id)) {
                roots.undecided.add(id);
            }
        }
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
            SnapshotId forgot = ObjectNames.forgottenBy(name);
            try {
                if (record != null) {
                    byte[] bytes = backend.get(name, FrameKind.SNAPSHOT.maxLength());
                    decode(record, bytes, name);
                    vital.putCopy(name, bytes);
                } else if (state != null) {
                    byte[] bytes = backend.get(name, FrameKind.STATE.maxLength());
                    SnapshotState.decode(bytes, name, keys, state);
                    vital.putCopy(name, bytes);
                } else if (forgot != null) {
                    byte[] bytes = backend.get(name, FrameKind.FORGET.maxLength());
                    ForgetRecord.decode(bytes, name, keys, forgot);
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
        vital.deleteLoneCopy(ObjectNames.snapshot(id)); // A prune may refuse it between its two copies.
        return id;
    }

    /** Decides a claim, in the first copy, which alone decides; true when the state is now {@code state}, whoever wrote it. */
    boolean decide(SnapshotId id, SnapshotState state) throws IOException {
        return backend.putIfAbsent(ObjectNames.state(id), state.encode(keys, id)) || state(id) == state;
    }

    /** Puts the second copy of a state that was decided. */
    void copyState(SnapshotId id, SnapshotState state) throws IOException {
        vital.putCopy(ObjectNames.state(id), state.encode(keys, id));
    }

    /** Forgets a snapshot, readable or not; durable when it returns. {@code heads} as of the view it was chosen in. */
    public void forget(SnapshotId id, List<SnapshotId> heads) throws IOException {
        vital.urgent().putIfAbsent(ObjectNames.forgot(id), new ForgetRecord(id, heads).encode(keys));
    }

    /**
     * Puts a note that has seen all there are. False when the snapshot was forgotten meanwhile: a protecting note is
     * taken back then, since it came too late.
     */
    public boolean annotate(
            SnapshotId id, SnapshotNote.Pin pin, List<String> added, List<String> removed, Randomness randomness)
            throws IOException {
        put(id, pin, added, removed, randomness);
        String forgot = ObjectNames.forgot(id);
        boolean stands = backend.length(forgot) < 0
                && backend.length(ObjectNames.copyOf(forgot)) < 0
                && backend.length(ObjectNames.snapshot(id)) >= 0;
        if (!stands && pin == SnapshotNote.Pin.PROTECTED) {
            put(id, SnapshotNote.Pin.RELEASED, List.of(), List.of(), randomness);
        }
        return stands;
    }

    private void put(
            SnapshotId id, SnapshotNote.Pin pin, List<String> added, List<String> removed, Randomness randomness)
            throws IOException {
        List<NoteId> seen = List.copyOf(names().notes.getOrDefault(id, Set.of()));
        byte[] bytes = new SnapshotNote(seen, pin, added, removed).encode(keys, id, randomness);
        NoteId note = NoteId.of(sha256(bytes));
        SnapshotNote.decode(bytes, "a note just sealed", keys, id);
        vital.put(ObjectNames.note(id, note), bytes);
        vital.deleteLoneCopy(ObjectNames.note(id, note));
    }

    /**
     * Removes all that is stored about a forgotten snapshot: its record first, the word that forgets it after all else
     * that counts, so that it never looks like one that stands.
     */
    public void removeForgotten(SnapshotId id) throws IOException {
        vital.delete(ObjectNames.snapshot(id));
        vital.delete(ObjectNames.state(id));
        vital.delete(ObjectNames.forgot(id));
        confirmed.remove(id);
        removeNotes(id, names());
    }

    private void removeNotes(SnapshotId id, Names names) throws IOException {
        for (NoteId note : names.notes.getOrDefault(id, Set.of())) {
            vital.delete(ObjectNames.note(id, note));
        }
    }

    /** Removes what is still said of snapshots that are gone: words that forget them, and notes. */
    public void sweep() throws IOException {
        Names names = names();
        Set<SnapshotId> told = new TreeSet<>(names.notes.keySet());
        told.addAll(names.forgets);
        for (SnapshotId id : told) {
            if (!names.records.contains(id)
                    && !names.states.contains(id)
                    && backend.length(ObjectNames.snapshot(id)) < 0) {
                if (names.forgets.contains(id)) {
                    vital.delete(ObjectNames.forgot(id));
                }
                removeNotes(id, names);
            }
        }
    }

    /** Removes the record of a void claim. Its state stays for good: somebody slow may still try to confirm it. */
    public void removeVoid(SnapshotId id) throws IOException {
        vital.delete(ObjectNames.snapshot(id));
    }

    static byte[] sha256(byte[] bytes) {
        return Hmac.sha256(bytes, 0, bytes.length);
    }
}
