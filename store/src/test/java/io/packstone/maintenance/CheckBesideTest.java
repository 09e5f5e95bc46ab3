package io.packstone.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.ObjectNames;
import io.packstone.endtoend.Workplace;
import io.packstone.id.PackId;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.maintenance.prune.PruneOptions;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.testkit.BesideBackend;
import io.packstone.testkit.FaultyBackend;
import io.packstone.testkit.FaultyBackend.Fault;
import io.packstone.testkit.FaultyBackend.Operation;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A check, and the look of a repair, while others forget and prune. */
final class CheckBesideTest {
    @TempDir
    Path folder = Path.of("");

    private final MemoryBackend backend = new MemoryBackend();
    private SnapshotId oldest = SnapshotId.of(new byte[SnapshotId.LENGTH]);

    /** Three snapshots that share a good deal. */
    @BeforeEach
    void fill() throws IOException {
        Workplace place = new Workplace(folder);
        Random random = new Random(5);
        place.fill(2, 12, 40_000);
        InitOptions options = InitOptions.defaults().withKeyCost(KeyCost.TEST).withChunkAverage(16384);
        Repository.init(backend, options, Workplace.SECRET, Clock.systemUTC());
        for (int i = 0; i < 3; i++) {
            try (Repository opened = Workplace.openPlainly(backend)) {
                place.snapshot(opened);
            }
            place.change(random, 4, 40_000);
        }
        try (Repository opened = Workplace.openPlainly(backend)) {
            oldest = opened.snapshots().list().snapshots().get(0).id();
        }
    }

    private void forget(MemoryBackend stored) throws IOException {
        try (Repository other = Workplace.openPlainly(stored)) {
            other.snapshots().forget(oldest, other.snapshots().list().heads());
        }
    }

    private void forgetAndPrune(MemoryBackend stored) throws IOException {
        forget(stored);
        try (Repository other = Workplace.openPlainly(stored)) {
            Workplace.prune(other, PruneOptions.defaults().withMaxUnused(0));
        }
    }

    private interface Look {
        List<CheckReport.Damage> run(Repository opened) throws IOException;
    }

    private void expectNoDamage(Look look) throws IOException {
        long calls = 0;
        int packsGone = 0;
        for (long at = 1; at == 1 || at <= calls; at++) {
            MemoryBackend stored = backend.copy();
            BesideBackend beside = new BesideBackend(stored, at, () -> forgetAndPrune(stored));
            try (Repository opened = Workplace.openPlainly(beside.backend())) {
                assertEquals(List.of(), look.run(opened), "a prune before call " + at);
            }
            calls = Math.max(calls, Math.min(beside.calls(), 400));
            packsGone += packs(stored).containsAll(packs(backend)) ? 0 : 1;
        }
        assertTrue(calls > 50 && packsGone > 50, calls + " calls");
    }

    private static List<PackId> packs(MemoryBackend stored) {
        List<PackId> packs = new ArrayList<>();
        stored.stored().keySet().stream()
                .filter(name -> name.startsWith(ObjectNames.PACKS))
                .forEach(name -> packs.add(ObjectNames.packId(name)));
        return packs;
    }

    @Test
    void aPruneAtAnyMomentIsNoDamage() throws IOException {
        expectNoDamage(opened -> Workplace.check(opened.loadIndex()));
    }

    @Test
    void norForARepair() throws IOException {
        expectNoDamage(opened -> new Check(opened, Clock.systemUTC())
                .survey(ProgressListener.NONE)
                .damage());
    }

    /**
     * A snapshot whose packs are there in the first pass and whose index segment comes before the second, which there is
     * since a prune deletes packs, and is killed before it touches the segments.
     */
    @Test
    void whatIsCommittedBetweenTwoPassesIsNoDamage() throws IOException {
        MemoryBackend later = backend.copy();
        Workplace place = new Workplace(folder);
        place.change(new Random(6), 4, 40_000);
        try (Repository opened = Workplace.openPlainly(later)) {
            place.snapshot(opened);
        }
        Map<String, byte[]> added = new TreeMap<>(later.stored());
        added.keySet().removeAll(backend.stored().keySet());
        long calls = 0;
        for (long at = 1; at == 1 || at <= calls; at++) {
            for (int gap : new int[] {2, 10, 30}) {
                MemoryBackend stored = backend.copy();
                BesideBackend first = new BesideBackend(stored, at, () -> {
                    forgetAndKillPrune(stored);
                    put(stored, added, true);
                });
                BesideBackend second = new BesideBackend(first.backend(), at + gap, () -> put(stored, added, false));
                try (Repository opened = Workplace.openPlainly(second.backend())) {
                    List<CheckReport.Damage> damages = Workplace.check(opened.loadIndex());
                    assertEquals(List.of(), damages, "packs before call " + at + ", the rest " + gap + " later");
                }
                calls = Math.max(calls, Math.min(second.calls(), 400));
            }
        }
        assertTrue(calls > 50, calls + " calls");
    }

    private void forgetAndKillPrune(MemoryBackend stored) throws IOException {
        forget(stored);
        FaultyBackend dying = new FaultyBackend(stored);
        dying.arm(Fault.CRASH_AFTER, 2, EnumSet.of(Operation.DELETE));
        try (Repository other = Workplace.openPlainly(dying)) {
            assertThrows(
                    IOException.class,
                    () -> Workplace.prune(other, PruneOptions.defaults().withMaxUnused(0)));
        }
    }

    private static void put(MemoryBackend stored, Map<String, byte[]> added, boolean packs) throws IOException {
        for (Map.Entry<String, byte[]> object : added.entrySet()) {
            if (object.getKey().startsWith(ObjectNames.PACKS) == packs) {
                stored.put(object.getKey(), object.getValue());
            }
        }
    }

    /** Whatever is left of a snapshot that is killed a few calls after two prunes took it for dead, or lives on. */
    @Test
    void aClaimThatAPruneRefusedIsNoDamage() throws IOException {
        Workplace place = new Workplace(folder);
        long calls = 0;
        int killed = 0;
        for (long at = 1; at == 1 || at <= calls; at++) {
            for (int left = 0; left <= 3; left++) {
                MemoryBackend stored = backend.copy();
                FaultyBackend[] dying = new FaultyBackend[1];
                int callsLeft = left;
                BesideBackend beside = new BesideBackend(stored, at, () -> {
                    pruneTwice(stored); // The first refuses a claim, the second deletes it.
                    dying[0].arm(Fault.CRASH_BEFORE, callsLeft, EnumSet.allOf(Operation.class));
                });
                dying[0] = new FaultyBackend(beside.backend());
                try (Repository opened = Workplace.openPlainly(dying[0])) {
                    place.snapshot(opened);
                } catch (IOException e) {
                    killed++;
                }
                calls = left == 0 ? beside.calls() : calls;
                try (Repository opened = Workplace.openPlainly(stored)) {
                    assertEquals(List.of(), Workplace.check(opened.loadIndex()), "at " + at + ", " + left);
                }
            }
        }
        assertTrue(calls > 40 && killed > 2 * calls, killed + " killed at " + calls + " calls");
    }

    private static void pruneTwice(MemoryBackend stored) throws IOException {
        for (int i = 0; i < 2; i++) {
            try (Repository other = Workplace.openPlainly(stored)) {
                Workplace.pruneAll(other);
            }
        }
    }
}
