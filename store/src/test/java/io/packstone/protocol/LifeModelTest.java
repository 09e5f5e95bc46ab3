package io.packstone.protocol;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.protocol.LifeModel.Flaw;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Repacks, dead rows, a parent's closure, objects removed one by one, and listings that lag: still nothing is lost. */
final class LifeModelTest {
    private static final int STATES_MAX = 3_000_000;

    private static final boolean[] EITHER = {false, true};

    private static Exploration.Result explore(boolean backup, int prunes, boolean spare, boolean lagging, Flaw flaw) {
        return Exploration.of(new LifeModel(backup, prunes, spare, lagging, flaw), STATES_MAX);
    }

    @Test
    void nothingIsLostWithStrongListings() {
        for (boolean spare : EITHER) {
            Exploration.Result result = explore(true, 1, spare, false, Flaw.NONE);
            assertFalse(result.broken(), result.trace());
            assertTrue(result.complete());
            assertTrue(result.telling() > 100, "only " + result.telling() + " states say anything");
        }
    }

    @Test
    void nothingIsLostWithListingsThatLag() {
        for (boolean backup : EITHER) {
            Exploration.Result result = explore(backup, backup ? 1 : 2, !backup, true, Flaw.NONE);
            assertFalse(result.broken(), result.trace());
            assertTrue(result.complete());
        }
    }

    @Test
    @Tag("soak")
    void nothingIsLostBetweenTwoPrunesAndABackup() {
        for (boolean lagging : EITHER) {
            Exploration.Result result = Exploration.of(new LifeModel(true, 2, true, lagging, Flaw.NONE), 12_000_000);
            assertFalse(result.broken(), result.trace());
        }
    }

    @ParameterizedTest
    @EnumSource(value = Flaw.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyKnownMistakeIsFound(Flaw flaw) {
        boolean lagging = flaw.name().startsWith("NO_WAIT");
        boolean found = false;
        for (boolean spare : EITHER) {
            found = found
                    || explore(true, 1, spare, lagging, flaw).broken()
                    || explore(false, 2, spare, lagging, flaw).broken();
        }
        assertTrue(found, flaw + " was not found");
    }
}
