package io.packstone.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.protocol.CommitAndPruneModel.Flaw;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No interleaving of backups, prunes, a forget and a cleaner that errs loses what a confirmed snapshot needs. */
final class CommitAndPruneModelTest {
    private static final int STATES_MAX = 4_000_000;

    @Test
    void oneBackupAndTwoPrunesLoseNothing() {
        Exploration.Result result = Exploration.of(new CommitAndPruneModel(1, 2, 2, Flaw.NONE), STATES_MAX);
        assertFalse(result.broken(), result.trace());
        assertTrue(result.complete());
        assertEquals(2_539_603, result.states());
        assertEquals(173_402, result.telling());
    }

    @Test
    @Tag("soak")
    void twoBackupsAndAPruneLoseNothing() {
        Exploration.Result one = Exploration.of(new CommitAndPruneModel(2, 1, 1, Flaw.NONE), STATES_MAX);
        assertFalse(one.broken(), one.trace());
        assertEquals(1_224_549, one.states());
        Exploration.Result two = Exploration.of(new CommitAndPruneModel(2, 1, 2, Flaw.NONE), STATES_MAX);
        assertFalse(two.broken(), two.trace());
        assertEquals(1_801_200, two.states());
    }

    @ParameterizedTest
    @EnumSource(value = Flaw.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyKnownMistakeIsFound(Flaw flaw) {
        boolean found = false;
        for (int[] size : new int[][] {{1, 1, 1}, {1, 2, 2}, {2, 1, 2}}) {
            Exploration.Result result =
                    Exploration.of(new CommitAndPruneModel(size[0], size[1], size[2], flaw), STATES_MAX);
            if (result.broken()) {
                found = true;
                break;
            }
        }
        assertTrue(found, flaw + " was not found");
    }
}
