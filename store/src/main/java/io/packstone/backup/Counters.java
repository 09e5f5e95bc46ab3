package io.packstone.backup;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.source.rules.Heeded;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What one walk over the source has done so far. Thread-safe. */
final class Counters {
    private static final int PROBLEMS_KEPT = 1000;

    final AtomicLong filesNew = new AtomicLong();
    final AtomicLong filesChanged = new AtomicLong();
    final AtomicLong filesUnchanged = new AtomicLong();
    final AtomicLong bytesRead = new AtomicLong();
    final AtomicLong bytesNew = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final List<SourceProblem> problems = new ArrayList<>();
    private final ProgressListener progress;
    private volatile Heeded heeded = Heeded.NOTHING;

    Counters(ProgressListener progress) {
        this.progress = progress;
    }

    /** What became of the rules. */
    Heeded heeded() {
        return heeded;
    }

    void heeded(Heeded after) {
        heeded = after;
    }

    ProgressListener progress() {
        return progress;
    }

    void problem(TreePath path, String message) {
        byte[] bytes = path.asDirectory().array();
        byte[] absolute = new byte[bytes.length + 1];
        absolute[0] = '/';
        System.arraycopy(bytes, 0, absolute, 1, bytes.length);
        problem(RawName.takeOver(absolute), message);
    }

    /** {@code path} is absolute. */
    void problem(RawName path, String message) {
        errors.incrementAndGet();
        synchronized (problems) {
            if (problems.size() < PROBLEMS_KEPT) {
                problems.add(new SourceProblem(path, message));
            }
        }
        progress.warn(message);
    }

    long errors() {
        return errors.get();
    }

    List<SourceProblem> problems() {
        synchronized (problems) {
            return List.copyOf(problems);
        }
    }
}
