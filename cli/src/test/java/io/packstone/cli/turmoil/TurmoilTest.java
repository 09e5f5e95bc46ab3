package io.packstone.cli.turmoil;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whoever is killed or sleeps, and whenever: no chunk is lost, and every snapshot that was acknowledged comes back. */
final class TurmoilTest {
    @Test
    void tenSeconds() throws Exception {
        turmoil(60, 10, 5);
    }

    @Test
    @Tag("soak")
    void halfAnHour() throws Exception {
        turmoil(61, Integer.getInteger("packstone.turmoil.seconds", 1800), 30);
    }

    private static void turmoil(long usualSeed, int seconds, int lookEvery) throws Exception {
        long seed = Long.getLong("packstone.seed", usualSeed);
        System.out.println("turmoil of " + seconds + " seconds, -Dpackstone.seed=" + seed);
        try (Turmoil turmoil = new Turmoil(seed)) {
            try {
                turmoil.begin();
                turmoil.run(seconds, lookEvery);
                turmoil.settle();
            } finally {
                System.out.println(turmoil.tally());
            }
            assertTrue(turmoil.tally().get("snapshots acknowledged") > 0);
            assertTrue(turmoil.tally().get("looks") > 2);
        }
    }
}
