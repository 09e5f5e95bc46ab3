package io.packstone.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.ObjectNames;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.crypto.SecretKey;
import io.packstone.id.ChunkId;
import io.packstone.id.RepositoryId;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.snapshot.SnapshotCounts;
import io.packstone.snapshot.SnapshotNote.Pin;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.snapshot.SnapshotState;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SnapshotLogTest {
    private final Randomness randomness = new Random(1)::nextBytes;
    private final MemoryBackend backend = new MemoryBackend();
    private final KeyRing keys =
            new KeyRing(new RepositoryId(1, 2), SecretKey.random(randomness), SecretKey.random(randomness));
    private final SnapshotLog log = new SnapshotLog(backend, keys);

    private SnapshotId claim(int order, String... tags) throws IOException {
        return log.claim(record(order, tags), randomness);
    }

    private static SnapshotRecord record(int order, String... tags) {
        return new SnapshotRecord(
                ChunkId.of(new byte[32]),
                null,
                List.of(),
                order,
                null,
                new Timestamp(order, 0),
                "host",
                "user",
                List.of(RawName.of("/a")),
                List.of(tags),
                "full",
                SnapshotRecord.COMPLETE,
                List.of(),
                0,
                new SnapshotCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                List.of(),
                "live",
                "test");
    }

    private SnapshotId confirmed(int order, String... tags) throws IOException {
        SnapshotId id = claim(order, tags);
        assertTrue(log.decide(id, SnapshotState.CONFIRMED));
        return id;
    }

    private List<SnapshotId> listed() throws IOException {
        return log.list().snapshots().stream().map(StoredSnapshot::id).toList();
    }

    @Test
    void aForgottenSnapshotIsHiddenAndNoRootButStillAHead() throws IOException {
        SnapshotId first = confirmed(1);
        SnapshotId second = confirmed(2);
        log.forget(second, log.list().heads());
        assertEquals(List.of(first), listed());
        assertEquals(second, log.list().forgotten().get(0).id());
        assertEquals(3, log.list().nextOrder());
        assertEquals(2, log.list().heads().size());
        assertEquals(Set.of(first), log.roots().live().keySet());
        assertEquals(Set.of(second), log.roots().forgotten());
        log.removeForgotten(second);
        assertEquals(List.of(), log.list().forgotten());
        assertTrue(log.list().unreadable().isEmpty());
        assertTrue(backend.stored().keySet().stream().noneMatch(name -> name.contains(second.toHex())));
    }

    @Test
    void oneThatIsMadeFromAnotherStandsWhereThatStoodAndNeverComesToBeTheNewest() throws IOException {
        SnapshotId first = confirmed(1);
        SnapshotId second = confirmed(2);
        SnapshotId third = confirmed(3);
        SnapshotId made = madeFrom(second, record(2), 4);
        assertEquals(List.of(first, second, made, third), listed());
        SnapshotId again = madeFrom(made, log.record(made), 5);
        SnapshotId other = madeFrom(first, record(1), 6);
        assertEquals(List.of(first, other, second, made, again, third), listed());
        assertEquals(7, log.list().nextOrder());
        log.forget(second, log.list().heads());
        log.removeForgotten(second);
        assertEquals(List.of(first, other, made, again, third), listed());
        assertEquals(made, Objects.requireNonNull(log.record(again).origin()).snapshot());
        assertEquals(2, log.record(again).place());
    }

    private SnapshotId madeFrom(SnapshotId former, SnapshotRecord record, long order) throws IOException {
        SnapshotId id = log.claim(record.madeFrom(former).linked(List.of(), order, null), randomness);
        assertTrue(log.decide(id, SnapshotState.CONFIRMED));
        return id;
    }

    @Test
    void claimsAreRootsUntilTheyAreVoid() throws IOException {
        SnapshotId claim = claim(1);
        assertEquals(Set.of(claim), log.roots().live().keySet());
        assertEquals(Set.of(claim), log.roots().undecided());
        assertTrue(log.decide(claim, SnapshotState.VOID));
        assertEquals(Set.of(), log.roots().live().keySet());
        assertEquals(Set.of(claim), log.roots().voided());
        log.removeVoid(claim);
        assertEquals(Set.of(), log.roots().voided());
        assertFalse(log.decide(claim, SnapshotState.CONFIRMED));
        assertTrue(log.list().unreadable().isEmpty());
        assertTrue(log.roots().unreadable().isEmpty());
    }

    @Test
    void tagsAndProtectionAreTheLastWord() throws IOException {
        SnapshotId id = confirmed(1, "first");
        assertTrue(log.annotate(id, Pin.SILENT, List.of("more"), List.of("first"), randomness));
        assertEquals(List.of("more"), log.list().snapshots().get(0).record().tags());
        assertFalse(log.list().snapshots().get(0).isProtected());
        log.annotate(id, Pin.PROTECTED, List.of(), List.of(), randomness);
        assertTrue(log.list().snapshots().get(0).isProtected());
        log.annotate(id, Pin.RELEASED, List.of(), List.of("more"), randomness);
        assertFalse(log.list().snapshots().get(0).isProtected());
        assertEquals(List.of(), log.list().snapshots().get(0).record().tags());
    }

    @Test
    void protectionWinsOverAForgetThatDidNotSeeIt() throws IOException {
        SnapshotId id = confirmed(1);
        assertTrue(log.annotate(id, Pin.PROTECTED, List.of(), List.of(), randomness));
        log.forget(id, List.of());
        assertEquals(List.of(id), listed());
        assertEquals(Set.of(id), log.roots().live().keySet());
    }

    @Test
    void protectionThatComesTooLateIsTakenBack() throws IOException {
        SnapshotId id = confirmed(1);
        log.forget(id, List.of());
        assertFalse(log.annotate(id, Pin.PROTECTED, List.of(), List.of(), randomness));
        assertEquals(List.of(), listed());
        assertEquals(Set.of(id), log.roots().forgotten());
    }

    @Test
    void whatCanNotBeReadIsToldUnlessItIsForgotten() throws IOException {
        SnapshotId id = confirmed(1);
        backend.stored().remove(ObjectNames.snapshot(id));
        backend.stored().remove(ObjectNames.copyOf(ObjectNames.snapshot(id)));
        SnapshotLog fresh = new SnapshotLog(backend, keys);
        assertEquals(id, fresh.list().unreadable().get(0).id());
        assertEquals(id, fresh.roots().unreadable().get(0).id());
        fresh.forget(id, List.of());
        assertTrue(fresh.list().unreadable().isEmpty());
        assertTrue(fresh.roots().unreadable().isEmpty());
    }
}
