package io.packstone.restore.work;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one restore. Work comes in batches, of which only a few are under way at a time; the first failure stops
 * everything.
 */
public final class Workers implements Closeable {
    private static final int THREADS_MAX = 8;

    private final ExecutorService threads;
    private final Semaphore batches;
    private final int batchesMax;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** A piece of work. */
    public interface Task {
        /** A failure ends the restore. */
        void run() throws IOException;
    }

    /** Work that counts as one until all of it is done; its tasks may add more. */
    public final class Batch {
        private final AtomicInteger open = new AtomicInteger();

        /** Adds a task. */
        public void add(Task task) {
            open.incrementAndGet();
            threads.execute(() -> {
                try {
                    if (!isStopped()) {
                        task.run();
                    }
                } catch (IOException | RuntimeException | Error e) {
                    stop(e);
                } finally {
                    if (open.decrementAndGet() == 0) {
                        batches.release();
                    }
                }
            });
        }
    }

    /** As many threads as there are processors, up to {@value #THREADS_MAX}. */
    public Workers() {
        int count = Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors());
        threads = Executors.newFixedThreadPool(count, work -> {
            Thread thread = new Thread(work, "restore");
            thread.setDaemon(true);
            return thread;
        });
        batchesMax = count + 1;
        batches = new Semaphore(batchesMax);
    }

    /** Begins a batch with its first task; waits while too many are under way. */
    public void submit(Function<Batch, Task> first) throws IOException {
        acquire(1);
        Batch batch = new Batch();
        batch.add(first.apply(batch));
    }

    /** Waits until everything is done. */
    public void await() throws IOException {
        acquire(batchesMax);
        batches.release(batchesMax);
        throwFailure();
    }

    private void acquire(int count) throws IOException {
        throwFailure();
        try {
            batches.acquire(count);
        } catch (InterruptedException e) {
            stop(interrupted(e));
        }
        throwFailure();
    }

    /** Throws what ended the restore, or that the calling thread was interrupted. */
    public void check() throws IOException {
        if (Thread.interrupted()) {
            stop(interrupted(null));
        }
        throwFailure();
    }

    /** What an interrupt of the thread that restores becomes. */
    public static InterruptedIOException interrupted(@Nullable Throwable cause) {
        InterruptedIOException exception =
                new InterruptedIOException("interrupted; run the restore again to finish it");
        exception.initCause(cause);
        return exception;
    }

    /** Ends the restore with {@code cause} unless something else has ended it before. */
    public void stop(Throwable cause) {
        failure.compareAndSet(null, cause);
    }

    /** True once something failed. */
    public boolean isStopped() {
        return failure.get() != null;
    }

    private void throwFailure() throws IOException {
        Throwable cause = failure.get();
        if (cause instanceof IOException known) {
            throw known;
        }
        if (cause instanceof RuntimeException unexpected) {
            throw unexpected;
        }
        if (cause instanceof Error error) {
            throw error;
        }
    }

    /** Lets running tasks end and drops the others; no task runs after this. */
    @Override
    public void close() {
        failure.compareAndSet(null, new InterruptedIOException("the restore is over"));
        threads.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (threads.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
