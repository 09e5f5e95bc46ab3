package io.packstone.restore;

import io.packstone.progress.ProgressListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** What a restore has done so far. Thread-safe. */
final class Tally {
    private static final int PROBLEMS_KEPT = 1000;

    final AtomicLong filesRestored = new AtomicLong();
    final AtomicLong filesUnchanged = new AtomicLong();
    final AtomicLong filesDeleted = new AtomicLong();
    final AtomicLong bytesWritten = new AtomicLong();
    final AtomicLong bytesReused = new AtomicLong();
    final AtomicBoolean damaged = new AtomicBoolean();
    private final AtomicLong errors = new AtomicLong();
    private final List<String> problems = new ArrayList<>();
    private final ProgressListener progress;

    Tally(ProgressListener progress) {
        this.progress = progress;
    }

    ProgressListener progress() {
        return progress;
    }

    void problem(String message) {
        errors.incrementAndGet();
        synchronized (problems) {
            if (problems.size() < PROBLEMS_KEPT) {
                problems.add(message);
            }
        }
        progress.warn(message);
    }

    RestoreReport report(double seconds) {
        synchronized (problems) {
            return new RestoreReport(
                    filesRestored.get(),
                    filesUnchanged.get(),
                    filesDeleted.get(),
                    bytesWritten.get(),
                    bytesReused.get(),
                    errors.get(),
                    List.copyOf(problems),
                    damaged.get(),
                    seconds);
        }
    }
}
