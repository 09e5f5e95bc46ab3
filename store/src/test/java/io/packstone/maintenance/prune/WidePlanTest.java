package io.packstone.maintenance.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.testkit.ClassPath;
import io.packstone.testkit.MeasuredChild;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a prune of ten million chunks would do is known in less than 512 MB of memory; how long it takes is printed. */
final class WidePlanTest {
    private static final long RESIDENT_KIB_MAX = 512_000_000 / 1024;

    @TempDir
    Path folder = Path.of("");

    @Test
    @Tag("soak")
    void tenMillionChunksATenthOfThemDead() throws Exception {
        plan(10_000);
    }

    @Test
    void aHundredThousandChunksATenthOfThemDead() throws Exception {
        plan(100);
    }

    private void plan(int packs) throws Exception {
        Path repository = folder.resolve("repository");
        WideGarden.plant(repository, packs);
        for (String kind : List.of("without an index", "again")) {
            Map<String, String> said = MeasuredChild.run(
                    "plan of a prune, " + packs + " packs, " + kind,
                    folder.resolve("output"),
                    ClassPath.option(),
                    WidePlan.class,
                    List.of(repository.toString(), folder.resolve("cache").toString()));
            assertTrue(Long.parseLong(said.get("chunks")) > (long) packs * WideGarden.ROWS * 99 / 100, said::toString);
            assertEquals(String.valueOf(WideGarden.deadPacks(packs)), said.get("dead"));
            assertEquals("0", said.get("live"), "every other pack has something of no use");
            double dead = Double.parseDouble(said.get("dead-share"));
            assertTrue(dead > 0.1 && dead < 0.12, said::toString);
            assertEquals("1", said.get("removed"));
            assertEquals("[]", said.get("problems"));
            assertTrue(Long.parseLong(said.get("peak-kib")) < RESIDENT_KIB_MAX, said::toString);
        }
    }
}
