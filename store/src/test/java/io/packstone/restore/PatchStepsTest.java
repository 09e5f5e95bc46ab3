package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.patch.Steps;
import io.packstone.restore.patch.Steps.Step;
import io.packstone.source.rules.GlobFilter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A patch fails, or is killed, at each of its steps. */
class PatchStepsTest extends PatchCase {
    @Test
    void nothingIsOverwrittenBeforeTheJournalIsDurableNorNamedBeforeItIsWhole() throws IOException {
        prepare();
        Counted counted = new Counted(Integer.MAX_VALUE, true);
        restore(fixture.snapshot(), counted, options -> options);
        Assumptions.assumeFalse(counted.taken().isEmpty(), "the file system clones files");
        List<Step> once = new ArrayList<>();
        for (Step step : counted.taken()) {
            if (once.isEmpty() || once.get(once.size() - 1) != step) {
                once.add(step);
            }
        }
        assertEquals(List.of(Step.values()), once);
        assertEquals(
                4, counted.taken().stream().filter(step -> step == Step.WRITE).count());
    }

    @Test
    void eachStepMayBeTheLast() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        int old = 0;
        int away = 0;
        int steps = 0;
        for (; ; steps++) {
            prepare();
            if (!crash(snapshot, steps)) {
                break;
            }
            if (Files.exists(inTarget(NAME))) {
                assertTrue(isOldOrNew(), "a mixture looks whole after " + steps + " steps");
                assertFalse(Files.exists(inTarget(PARTIAL)));
                old++;
            } else {
                assertTrue(Files.exists(inTarget(PARTIAL)) && Files.exists(inTarget(JOURNAL)), "after " + steps);
                away++;
            }
            assertRestored(snapshot);
        }
        Assumptions.assumeTrue(steps > 0, "the file system clones files");
        assertTrue(old >= 4 && away >= 6, steps + " steps, " + old + ", " + away);
    }

    /** And the way back may be cut short as well, at each of its own steps. */
    @Test
    void theWayBackMayBeCutShortToo() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        for (int steps = 0; ; steps++) {
            crashMidway(snapshot);
            Counted counted = new Counted(steps, true);
            try {
                restore(snapshot, counted, options -> options.withOverwrite(Overwrite.NEVER));
            } catch (IOException e) {
                assertTrue(counted.wasReached(), e.toString());
            }
            if (!counted.wasReached()) {
                assertOld();
                return;
            }
            assertEquals(
                    List.of(),
                    restore(snapshot, Steps.ALL, options -> options.withOverwrite(Overwrite.NEVER))
                            .problems());
            assertOld();
            assertEquals(List.of(NAME), fixture.namesInTarget(), "after " + steps + " steps back");
        }
    }

    @Test
    void afterAFailureTheFileIsWhatItWasAndNamed() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        int steps = 0;
        for (; ; steps++) {
            prepare();
            Counted counted = new Counted(steps, false);
            try {
                restore(snapshot, counted, options -> options);
                assertFalse(counted.wasReached(), "step " + steps + " failed, and nobody says so");
                break;
            } catch (RepositoryException e) {
                assertEquals(ErrorKind.NO_ROOM, e.kind());
                assertTrue(e.getMessage().contains(inTarget(NAME).toString()), e.getMessage());
            }
            if (counted.taken().get(steps).compareTo(Step.NAME_WHOLE) <= 0) {
                assertOld();
                assertEquals(List.of(".packstone-restore", NAME), fixture.namesInTarget(), "step " + steps);
            } else {
                assertTrue(isOldOrNew());
            }
            assertRestored(snapshot);
        }
        Assumptions.assumeTrue(steps > 0, "the file system clones files");
    }

    @Test
    void anInterruptedPatchIsUndone() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        prepare();
        Thread self = Thread.currentThread();
        boolean[] reached = new boolean[1];
        Steps steps = step -> {
            if (step == Step.WRITE && !reached[0]) {
                reached[0] = true;
                self.interrupt();
            }
        };
        try {
            restore(snapshot, steps, options -> options);
            assertFalse(reached[0], "the interrupt was lost");
        } catch (InterruptedIOException e) {
            assertOld();
        } finally {
            Thread.interrupted();
        }
        Assumptions.assumeTrue(reached[0], "the file system clones files");
        assertRestored(snapshot);
    }

    @Test
    void whenAPackIsLostTheFileStaysAsItWas() throws IOException {
        Path other = fixture.source.resolve("other");
        RestoreFixture.file(other, RestoreFixture.bytes(1000, 9));
        StoredSnapshot snapshot = fixture.snapshot();
        prepare();
        try (Stream<Path> packs = Files.walk(place.resolve("repository/packs"))) {
            for (Path pack : packs.filter(Files::isRegularFile).toList()) {
                if (Files.size(pack) > 1 << 20) {
                    Files.delete(pack);
                }
            }
        }
        fixture.reopen();
        RestoreReport report = restore(snapshot, Steps.ALL, options -> options);
        assertTrue(report.damaged());
        assertTrue(
                report.problems().stream().anyMatch(line -> line.startsWith(fixture.source.resolve(NAME) + ":")),
                report.problems()::toString);
        assertOld();
    }

    @Test
    void aLeftoverIsSettledWhateverIsRestoredNext() throws IOException {
        RestoreFixture.file(fixture.source.resolve("folder/small"), new byte[100]);
        StoredSnapshot first = fixture.snapshot();
        crashMidway(first);
        restore(first, Steps.ALL, options -> options.withIncludes(GlobFilter.of("small")));
        assertOld();
        assertEquals(List.of("folder", NAME), fixture.namesInTarget());

        crashMidway(first);
        byte[] newer = young.clone();
        newer[LENGTH / 2] ^= 5;
        Path source = RestoreFixture.file(fixture.source.resolve(NAME), newer);
        Files.setLastModifiedTime(source, FileTime.fromMillis(1_500_000_000_000L));
        StoredSnapshot second = fixture.snapshot();
        assertRestored(second);

        crashMidway(first);
        restore(second, Steps.ALL, options -> options.withOverwrite(Overwrite.NEVER));
        assertOld();
    }
}
