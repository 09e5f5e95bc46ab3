package io.packstone.cli;

import io.packstone.index.IndexFolder;
import io.packstone.pipeline.WarmUp;
import io.packstone.posix.Posix;
import java.util.Collections;
import java.util.Set;

/** Loads native libraries that a command which moves data will want, while its arguments are parsed. */
final class HeadStart {
    private static final Set<String> COMMANDS = Set.of("snapshot", "watch", "restore");

    private HeadStart() {}

    /** Returns at once. */
    static void begin(Set<String> named) {
        if (!Collections.disjoint(named, COMMANDS)) {
            WarmUp.begin();
            Thread thread = new Thread(HeadStart::load, "head-start");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void load() {
        attempt(IndexFolder::loadLibrary);
        attempt(() -> new Posix().isSuperuser());
    }

    private static void attempt(Runnable load) {
        try {
            load.run();
        } catch (RuntimeException | LinkageError e) {
            return; // Whoever needs it meets the same, and tells it.
        }
    }
}
