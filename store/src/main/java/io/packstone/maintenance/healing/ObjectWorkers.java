package io.packstone.maintenance.healing;

import io.packstone.pipeline.FailureLatch;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Works through objects on every processor while they are still being listed. Each thread has a tool of its own; a few
 * objects wait, and then {@link #submit} does. The first failure stops all.
 */
final class ObjectWorkers<T> implements Closeable {
    private static final int WAITING = 64;

    private final BlockingQueue<Step<T>> steps = new ArrayBlockingQueue<>(WAITING);
    private final FailureLatch failures = new FailureLatch();
    private final List<Thread> threads = new ArrayList<>();
    private final Step<T> end = tool -> {};

    /** Something to do with a tool. */
    interface Step<T> {
        void run(T tool) throws IOException;
    }

    ObjectWorkers(Supplier<T> tools) {
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            Thread thread = new Thread(() -> work(tools), "object-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    private void work(Supplier<T> tools) {
        try {
            T tool = tools.get();
            while (!failures.failed()) {
                @Nullable Step<T> step = steps.poll(100, TimeUnit.MILLISECONDS);
                if (step == end) {
                    return;
                }
                if (step != null) {
                    step.run(tool);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | Error e) {
            failures.fail(e);
        }
    }

    /** Waits for room, then hands the step to a thread; rethrows what failed on any. */
    void submit(Step<T> step) throws IOException {
        try {
            do {
                failures.check();
            } while (!steps.offer(step, 50, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Waits until every step is done. */
    void await() throws IOException {
        for (int i = 0; i < threads.size(); i++) {
            submit(end);
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
        failures.check();
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted");
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
