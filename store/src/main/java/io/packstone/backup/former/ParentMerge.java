package io.packstone.backup.former;

import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.TreePath;
import io.packstone.pipeline.FailureLatch;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Walks the parent's manifest beside the source, both in one order. The manifest is read ahead on a thread of its own, at
 * most {@value #RUNS_WAITING} runs of {@value #RUN_ENTRIES} entries, so that the walk need not wait for it.
 */
final class ParentMerge implements Closeable {
    private static final int RUNS_WAITING = 8;
    private static final int RUN_ENTRIES = 256;

    private final BlockingQueue<List<ManifestEntry>> runs = new ArrayBlockingQueue<>(RUNS_WAITING);
    private final FailureLatch failures = new FailureLatch();
    private volatile boolean closed;
    private List<ManifestEntry> run = List.of();
    private int next;
    private @Nullable ManifestEntry current;
    private final @Nullable ManifestCursor direct;
    private boolean ended;

    /** {@code ahead} is whether to read on a thread of its own. */
    ParentMerge(ManifestCursor cursor, boolean ahead) {
        direct = ahead ? null : cursor;
        if (ahead) {
            Thread reader = new Thread(() -> read(cursor), "parent");
            reader.setDaemon(true);
            reader.start();
        }
    }

    /** The last run is an empty one. */
    private void read(ManifestCursor cursor) {
        try {
            List<ManifestEntry> filling = new ArrayList<>(RUN_ENTRIES);
            for (ManifestEntry entry = cursor.next(); entry != null && !closed; entry = cursor.next()) {
                filling.add(entry);
                if (filling.size() == RUN_ENTRIES) {
                    handOn(filling);
                    filling = new ArrayList<>(RUN_ENTRIES);
                }
            }
            if (!filling.isEmpty()) {
                handOn(filling);
            }
            handOn(List.of());
        } catch (InterruptedException e) {
            failures.fail(new InterruptedIOException("stopped"));
        } catch (IOException | RuntimeException | Error e) {
            failures.fail(e);
        }
    }

    private void handOn(List<ManifestEntry> filled) throws InterruptedException {
        while (!closed && !runs.offer(filled, 50, TimeUnit.MILLISECONDS)) {
            Thread.onSpinWait();
        }
    }

    /** The parent's entry with that path, null when it has none; paths must ascend from call to call. */
    @Nullable
    ManifestEntry advanceTo(TreePath path) throws IOException, InterruptedException {
        int order = -1;
        while (!ended && (current == null || (order = current.path().compareTo(path)) < 0)) {
            current = advance();
            ended = current == null;
        }
        return current != null && order == 0 ? current : null;
    }

    private @Nullable ManifestEntry advance() throws IOException, InterruptedException {
        if (direct != null) {
            return direct.next();
        }
        if (next == run.size()) {
            List<ManifestEntry> taken;
            do {
                failures.check();
                taken = runs.poll(50, TimeUnit.MILLISECONDS);
            } while (taken == null);
            run = taken;
            next = 0;
        }
        return run.isEmpty() ? null : run.get(next++);
    }

    /** Ends the reading, without an interrupt: that would close files which other threads read as well. */
    @Override
    public void close() {
        closed = true;
    }
}
