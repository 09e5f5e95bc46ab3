package io.packstone.watch;

import io.packstone.backup.BackupReport;
import java.io.IOException;

/** Is told how a watch fares, on its thread. */
public interface WatchListener {
    /**
     * How a watch is.
     *
     * @param folders directories that are watched
     * @param unwatched directories that could not be, so that their changes are found by walks of everything only
     * @param pending places that may have changed since the last snapshot
     * @param waitingSince when the first of them was told of, milliseconds since 1970; 0 when there is none
     * @param lastSuccess when files were last known to be as the newest snapshot has them, milliseconds since 1970; 0 for never
     * @param snapshots how many were taken
     * @param errors how often taking one failed
     * @param failing how often in a row, until now
     * @param overflows how often more happened than the system could tell
     */
    record State(
            int folders,
            long unwatched,
            int pending,
            long waitingSince,
            long lastSuccess,
            long snapshots,
            long errors,
            long failing,
            long overflows) {}

    /** A snapshot was taken; {@code whole} is whether everything was looked at. */
    void taken(BackupReport report, boolean whole);

    /** One could not be taken; it is tried again after {@code seconds}, or no more when these are 0. */
    void failed(IOException cause, long seconds);

    /** Some of its own snapshots were forgotten, as the rules say. */
    void forgot(int count);

    /** Called after each of these, and every few seconds. */
    void state(State state);
}
