package io.packstone.fuzz;

import io.packstone.testkit.FuzzTarget;
import java.util.Objects;

/** What Jazzer calls: the target that the property {@code packstone.fuzz.target} names. */
public final class FuzzEntry {
    private static final FuzzTarget TARGET =
            Objects.requireNonNull(FuzzTargets.all().get(System.getProperty("packstone.fuzz.target")));

    private FuzzEntry() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        FuzzTargets.run(TARGET, input);
    }
}
