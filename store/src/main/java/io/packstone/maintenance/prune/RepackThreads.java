package io.packstone.maintenance.prune;

import io.packstone.error.StoreException;
import io.packstone.id.PackId;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.RepackOutput;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Repacks on a few threads; on the calling one when there is little to do. */
final class RepackThreads {
    private static final int FEW = 2;
    private static final int THREADS_MAX = 4;
    private static final long HEAP_PER_THREAD = 160L << 20;

    private final Repacking repacking;
    private final RepackOutput output;
    private final ProgressListener progress;
    private final ConcurrentLinkedQueue<PackId> waiting = new ConcurrentLinkedQueue<>();
    private final List<PackId> copied = Collections.synchronizedList(new ArrayList<>());
    private final List<String> problems = Collections.synchronizedList(new ArrayList<>());

    RepackThreads(Repacking repacking, RepackOutput output, ProgressListener progress) {
        this.repacking = repacking;
        this.output = output;
        this.progress = progress;
    }

    /** What could not be repacked, and so stays. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** Keeps what is used of {@code packs}; returns those of which everything used is durable elsewhere. */
    List<PackId> run(List<PackId> packs) throws IOException {
        waiting.addAll(packs);
        int byHeap = (int) (Runtime.getRuntime().maxMemory() / HEAP_PER_THREAD);
        int threads = Math.max(
                1, Math.min(Math.min(THREADS_MAX, byHeap), Runtime.getRuntime().availableProcessors()));
        if (packs.size() <= FEW || threads == 1 || !output.threads()) {
            work();
        } else {
            runOn(threads);
        }
        output.flush();
        return List.copyOf(copied);
    }

    private void runOn(int threads) throws IOException {
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(workers.submit(() -> {
                    work();
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            workers.shutdownNow();
        }
    }

    private void work() throws IOException {
        List<PackId> kept = new ArrayList<>();
        try (RepackOutput.Worker worker = output.worker()) {
            for (PackId pack = waiting.poll(); pack != null; pack = waiting.poll()) {
                try {
                    repacking.keep(pack, worker);
                    kept.add(pack);
                } catch (StoreException e) {
                    if (!Repacking.isOfOnePack(e)) {
                        throw e;
                    }
                    if (!repacking.isGone(pack)) {
                        problems.add(String.valueOf(e.getMessage()));
                    }
                }
                progress.advance(1, 0);
            }
            worker.finish();
        }
        copied.addAll(kept);
    }
}
