package io.packstone.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.crypto.KeyRing;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.FrameKind;
import io.packstone.id.JobId;
import io.packstone.id.NoteId;
import io.packstone.id.PackId;
import io.packstone.id.PruneId;
import io.packstone.id.SnapshotId;
import io.packstone.pack.SamplePacks;
import io.packstone.snapshot.PruneMarker.Sort;
import io.packstone.snapshot.SnapshotNote.Pin;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said later: of snapshots, that they are forgotten, tagged, protected; of packs, that they go. */
final class LaterWordsTest {
    private static final KeyRing KEYS = new KeyRing(SamplePacks.REPOSITORY, SamplePacks.key(1), SamplePacks.key(2));
    private static final SnapshotId SNAPSHOT = SnapshotId.of(filled(5));
    private static final PruneId PRUNE = PruneId.of(filled(7));

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static NoteId note(int number) {
        return NoteId.of(filled(number));
    }

    private static PruneMarker marker(Sort sort) {
        List<PackId> packs = List.of(PackId.of(filled(3)), PackId.of(filled(2)));
        return new PruneMarker(sort, PRUNE, JobId.of(filled(9)), 1_700_000_000, packs, List.of(SNAPSHOT));
    }

    private static SnapshotNote sampleNote() {
        return new SnapshotNote(List.of(note(1)), Pin.PROTECTED, List.of("new", "ü"), List.of("old"));
    }

    @Test
    void markersSayTheSameWhenRead() throws StoreException {
        for (Sort sort : Sort.values()) {
            byte[] bytes = marker(sort).encode(KEYS);
            PruneMarker read = PruneMarker.decode(bytes, "x", KEYS, PRUNE);
            assertEquals(marker(sort), read);
            assertEquals(List.of(PackId.of(filled(2)), PackId.of(filled(3))), read.packs());
            SnapshotFormatTest.refuseEveryForgery(
                    FrameKind.MARKER, bytes, object -> PruneMarker.decode(object, "x", KEYS, PRUNE));
            PruneId other = PruneId.of(filled(8));
            assertThrows(CorruptionException.class, () -> PruneMarker.decode(bytes, "x", KEYS, other));
        }
    }

    @Test
    void aForgetRecordIsOfOneSnapshot() throws StoreException {
        ForgetRecord record = new ForgetRecord(SNAPSHOT, List.of(SnapshotId.of(filled(6))));
        byte[] bytes = record.encode(KEYS);
        assertEquals(record, ForgetRecord.decode(bytes, "x", KEYS, SNAPSHOT));
        SnapshotFormatTest.refuseEveryForgery(
                FrameKind.FORGET, bytes, object -> ForgetRecord.decode(object, "x", KEYS, SNAPSHOT));
        SnapshotId other = SnapshotId.of(filled(6));
        assertThrows(CorruptionException.class, () -> ForgetRecord.decode(bytes, "x", KEYS, other));
    }

    @Test
    void aNoteIsOfOneSnapshotAndItsTagsNeedTheContentKey() throws StoreException {
        byte[] bytes = sampleNote().encode(KEYS, SNAPSHOT, SamplePacks.seeded(1));
        assertEquals(sampleNote(), SnapshotNote.decode(bytes, "x", KEYS, SNAPSHOT));
        SnapshotNote structure = SnapshotNote.decodeStructure(bytes, "x", KEYS, SNAPSHOT);
        assertEquals(new SnapshotNote(List.of(note(1)), Pin.PROTECTED, List.of(), List.of()), structure);
        SnapshotId other = SnapshotId.of(filled(6));
        assertThrows(CorruptionException.class, () -> SnapshotNote.decode(bytes, "x", KEYS, other));
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 4;
            byte[] cut = Arrays.copyOf(bytes, i);
            assertThrows(StoreException.class, () -> SnapshotNote.decode(damaged, "x", KEYS, SNAPSHOT), "byte " + i);
            assertThrows(StoreException.class, () -> SnapshotNote.decode(cut, "x", KEYS, SNAPSHOT), "length " + i);
        }
    }

    @Test
    void theCommittedOnesStillRead() throws IOException {
        byte[] marker = SamplePacks.golden(LaterWordsTest.class, "marker.hex");
        assertEquals(marker(Sort.EXEC), PruneMarker.decode(marker, "x", KEYS, PRUNE));
        assertArrayEquals(marker, marker(Sort.EXEC).encode(KEYS));
        byte[] forget = SamplePacks.golden(LaterWordsTest.class, "forget.hex");
        ForgetRecord record = new ForgetRecord(SNAPSHOT, List.of(SnapshotId.of(filled(6))));
        assertEquals(record, ForgetRecord.decode(forget, "x", KEYS, SNAPSHOT));
        assertArrayEquals(forget, record.encode(KEYS));
        byte[] note = SamplePacks.golden(LaterWordsTest.class, "note.hex");
        assertEquals(sampleNote(), SnapshotNote.decode(note, "x", KEYS, SNAPSHOT));
    }

    @Test
    void ofTwoNotesAtTheSameTimeTheOneThatAddsOrProtectsWins() {
        SnapshotNote first = new SnapshotNote(List.of(), Pin.PROTECTED, List.of("a"), List.of());
        SnapshotNote undo = new SnapshotNote(List.of(note(1)), Pin.RELEASED, List.of(), List.of("a"));
        SnapshotNote again = new SnapshotNote(List.of(note(1)), Pin.PROTECTED, List.of("a", "b"), List.of());
        assertTrue(SnapshotNote.isProtected(Map.of(note(1), first)));
        assertFalse(SnapshotNote.isProtected(Map.of(note(1), first, note(2), undo)));
        assertTrue(SnapshotNote.isProtected(Map.of(note(1), first, note(2), undo, note(3), again)));
        assertEquals(List.of("x"), SnapshotNote.tags(List.of("x"), Map.of(note(1), first, note(2), undo)));
        assertEquals(
                List.of("a", "b"), SnapshotNote.tags(List.of(), Map.of(note(1), first, note(2), undo, note(3), again)));
        SnapshotNote last = new SnapshotNote(List.of(note(2), note(3)), Pin.RELEASED, List.of(), List.of("b", "x"));
        Map<NoteId, SnapshotNote> all = Map.of(note(1), first, note(2), undo, note(3), again, note(4), last);
        assertFalse(SnapshotNote.isProtected(all));
        assertEquals(List.of("a"), SnapshotNote.tags(List.of("x"), all));
    }
}
