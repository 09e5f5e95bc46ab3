package io.packstone.snapshot;

import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.CborReader;
import io.packstone.format.CborWriter;
import io.packstone.format.FrameKind;
import io.packstone.id.NoteId;
import io.packstone.id.SnapshotId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A later word on a snapshot: tags added and removed, protection. Notes are never changed, and merge whatever order they
 * arrive in: a note undoes what it has seen, directly or through others, and nothing else; so of two at the same time
 * the one that adds or protects wins (docs/format.md, Notes).
 *
 * @param seen the notes on this snapshot that its writer knew
 */
public record SnapshotNote(List<NoteId> seen, Pin pin, List<String> added, List<String> removed) {
    private static final int SEEN_MAX = 1000;
    private static final String LABEL = "note";

    /** What a note says of protection. */
    public enum Pin {
        /** Nothing. */
        SILENT,
        /** The snapshot is never forgotten. */
        PROTECTED,
        /** Protection that the note has seen is over. */
        RELEASED
    }

    /** Copies the lists. */
    public SnapshotNote {
        seen = List.copyOf(seen);
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        if (seen.size() > SEEN_MAX) {
            throw new IllegalArgumentException("more than " + SEEN_MAX + " notes on a snapshot");
        }
    }

    /** The whole object; salts make it differ each time, so its SHA-256 is a fresh name. */
    public byte[] encode(KeyRing keys, SnapshotId snapshot, Randomness randomness) {
        CborWriter structure = new CborWriter().array(2).integer(pin.ordinal()).array(seen.size());
        seen.forEach(note -> structure.bytes(note.toBytes()));
        CborWriter content = new CborWriter().array(2).array(added.size());
        added.forEach(content::text);
        content.end().array(removed.size());
        removed.forEach(content::text);
        return parts(keys, snapshot)
                .wrap(structure.end().end().toBytes(), content.end().end().toBytes(), randomness);
    }

    private static SealedParts parts(KeyRing keys, SnapshotId snapshot) {
        return new SealedParts(keys, FrameKind.NOTE, LABEL, snapshot.toBytes());
    }

    /** Reads a note on {@code snapshot}. */
    public static SnapshotNote decode(byte[] bytes, String name, KeyRing keys, SnapshotId snapshot)
            throws StoreException {
        SealedParts parts = parts(keys, snapshot);
        SealedParts.Sealed sealed = parts.unwrap(bytes, name);
        SnapshotNote structure = structure(parts.structure(sealed));
        CborReader content = parts.content(sealed);
        content.array(2);
        List<String> added = texts(content);
        List<String> removed = texts(content);
        content.expectEnd();
        return new SnapshotNote(structure.seen, structure.pin, added, removed);
    }

    /** As {@link #decode}, but only what the structure key opens: no tags. */
    public static SnapshotNote decodeStructure(byte[] bytes, String name, KeyRing keys, SnapshotId snapshot)
            throws StoreException {
        SealedParts parts = parts(keys, snapshot);
        return structure(parts.structure(parts.unwrap(bytes, name)));
    }

    private static SnapshotNote structure(CborReader cbor) throws CorruptionException {
        cbor.array(2);
        Pin pin = Pin.values()[cbor.integer(0, Pin.values().length - 1)];
        List<NoteId> seen = new ArrayList<>();
        int count = cbor.array();
        if (count > SEEN_MAX) {
            throw cbor.corrupt("at most " + SEEN_MAX + " notes", Integer.toString(count));
        }
        for (int i = 0; i < count; i++) {
            seen.add(NoteId.of(cbor.bytes(NoteId.LENGTH)));
        }
        cbor.expectEnd();
        return new SnapshotNote(seen, pin, List.of(), List.of());
    }

    private static List<String> texts(CborReader cbor) throws CorruptionException {
        List<String> texts = new ArrayList<>();
        for (int count = cbor.array(); count > 0; count--) {
            texts.add(cbor.text());
        }
        return texts;
    }

    /** True when protection stands after all of {@code notes}. */
    public static boolean isProtected(Map<NoteId, SnapshotNote> notes) {
        for (Map.Entry<NoteId, SnapshotNote> note : notes.entrySet()) {
            if (note.getValue().pin == Pin.PROTECTED
                    && notes.entrySet().stream()
                            .noneMatch(other -> other.getValue().pin == Pin.RELEASED
                                    && sees(other.getKey(), note.getKey(), notes))) {
                return true;
            }
        }
        return false;
    }

    /** The tags after all of {@code notes}; {@code first} are those of the record, which every note has seen. */
    public static List<String> tags(List<String> first, Map<NoteId, SnapshotNote> notes) {
        Set<String> all = new TreeSet<>(first);
        notes.values().forEach(note -> all.addAll(note.added));
        List<String> tags = new ArrayList<>();
        for (String tag : all) {
            boolean fromRecord =
                    first.contains(tag) && notes.values().stream().noneMatch(note -> note.removed.contains(tag));
            boolean fromNote = notes.entrySet().stream()
                    .anyMatch(note -> note.getValue().added.contains(tag)
                            && notes.entrySet().stream()
                                    .noneMatch(other -> other.getValue().removed.contains(tag)
                                            && sees(other.getKey(), note.getKey(), notes)));
            if (fromRecord || fromNote) {
                tags.add(tag);
            }
        }
        return tags;
    }

    private static boolean sees(NoteId from, NoteId wanted, Map<NoteId, SnapshotNote> notes) {
        Set<NoteId> reached = new HashSet<>();
        List<NoteId> next = new ArrayList<>(List.of(from));
        while (!next.isEmpty()) {
            SnapshotNote note = notes.get(next.remove(next.size() - 1));
            if (note != null) {
                for (NoteId seen : note.seen) {
                    if (seen.equals(wanted)) {
                        return true;
                    }
                    if (reached.add(seen)) {
                        next.add(seen);
                    }
                }
            }
        }
        return false;
    }
}
