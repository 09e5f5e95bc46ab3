package io.packstone.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.id.JobId;
import io.packstone.id.NoteId;
import io.packstone.id.PackId;
import io.packstone.id.PruneId;
import io.packstone.id.SnapshotId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectNamesTest {
    private static final String HEX = "0123456789abcdef".repeat(4);

    @Test
    void namesAreMadeAndParsed() {
        SnapshotId snapshot = SnapshotId.parse(HEX);
        assertEquals("snapshots/" + HEX, ObjectNames.snapshot(snapshot));
        assertEquals("snapshots/" + HEX + ".state", ObjectNames.state(snapshot));
        assertEquals("snapshots/" + HEX + ".state.b", ObjectNames.copyOf(ObjectNames.state(snapshot)));
        assertEquals(snapshot, ObjectNames.snapshotId("snapshots/" + HEX));
        assertEquals(snapshot, ObjectNames.stateOf("snapshots/" + HEX + ".state"));
        assertNull(ObjectNames.snapshotId("snapshots/" + HEX + ".state"));
        assertNull(ObjectNames.snapshotId("snapshots/" + HEX + ".b"));
        assertNull(ObjectNames.stateOf("snapshots/" + HEX));
        assertNull(ObjectNames.packId("index/" + HEX));
        assertEquals(PackId.parse(HEX), ObjectNames.packId("packs/" + HEX));
        assertNull(ObjectNames.packId("packs/" + HEX.toUpperCase(java.util.Locale.ROOT)));
        assertEquals("snapshots/" + HEX, ObjectNames.primaryOf("snapshots/" + HEX + ".b"));
        assertThrows(IllegalArgumentException.class, () -> ObjectNames.copyOf("config/1.b"));
    }

    @Test
    void wordsAboutSnapshotsJobsAndPrunesAreToldApart() {
        SnapshotId snapshot = SnapshotId.parse(HEX);
        NoteId note = NoteId.parse("f".repeat(64));
        String noteName = ObjectNames.note(snapshot, note);
        assertTrue(ObjectNames.isValid(ObjectNames.copyOf(noteName)), noteName);
        assertEquals(snapshot, ObjectNames.notedBy(noteName));
        assertEquals(note, ObjectNames.noteId(noteName));
        assertEquals(snapshot, ObjectNames.forgottenBy(ObjectNames.forgot(snapshot)));
        for (String other : List.of(ObjectNames.forgot(snapshot), ObjectNames.copyOf(noteName), "snapshots/x.note")) {
            assertNull(ObjectNames.notedBy(other), other);
            assertNull(ObjectNames.noteId(other), other);
            assertNull(ObjectNames.snapshotId(other), other);
            assertNull(ObjectNames.stateOf(other), other);
        }
        JobId job = JobId.parse(HEX);
        assertEquals(job, ObjectNames.voidedBy(ObjectNames.jobVoid(job)));
        assertNull(ObjectNames.jobId(ObjectNames.jobVoid(job)));
        PruneId prune = PruneId.parse(HEX);
        assertEquals(prune, ObjectNames.planId(ObjectNames.plan(prune)));
        assertEquals(prune, ObjectNames.execId(ObjectNames.exec(prune)));
        assertEquals(prune, ObjectNames.finalId(ObjectNames.execFinal(prune)));
        assertEquals(prune, ObjectNames.doneId(ObjectNames.done(prune)));
        assertNull(ObjectNames.execId(ObjectNames.execFinal(prune)));
        assertNull(ObjectNames.finalId(ObjectNames.exec(prune)));
    }

    @Test
    void configurationsAreNumbered() {
        assertEquals("config/12", ObjectNames.config(12));
        assertEquals(12, ObjectNames.configNumber("config/12"));
        List<String> others = List.of("config/0", "config/01", "config/1.b", "config/", "config/1234567890", "x/1");
        for (String other : others) {
            assertEquals(-1, ObjectNames.configNumber(other), other);
        }
    }

    @Test
    void validNames() {
        assertTrue(ObjectNames.isValid("gc/plan/a.b-c_d"));
        assertFalse(ObjectNames.isValid("gc/.hidden"));
        assertFalse(ObjectNames.isValid("tmp/a"));
        assertFalse(ObjectNames.isValid("a"));
    }
}
