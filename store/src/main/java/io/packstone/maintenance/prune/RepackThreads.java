package io.packstone.maintenance.prune;

import io.packstone.error.StoreException;
import io.packstone.id.PackId;
import io.packstone.pipeline.FailureLatch;
import io.packstone.pipeline.WorkerCount;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.RepackOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Repacks on a few threads; on the calling one when there is little to do. */
final class RepackThreads {
    private static final int FEW = 2;
    private static final int THREADS_MAX = 4;

    /** A pack, what is made of a block of it, and the blocks on their way. */
    private static final long HEAP_PER_THREAD = 112L << 20;

    private final Supplier<Repacking> repackings;
    private final long rows;
    private final RepackOutput output;
    private final ProgressListener progress;
    private final ConcurrentLinkedQueue<PackId> waiting = new ConcurrentLinkedQueue<>();
    private final List<PackId> copied = Collections.synchronizedList(new ArrayList<>());
    private final List<String> problems = Collections.synchronizedList(new ArrayList<>());

    /** With {@code repackings}, which makes one for each thread; {@code rows} are in the packs of the repository. */
    RepackThreads(Supplier<Repacking> repackings, long rows, RepackOutput output, ProgressListener progress) {
        this.repackings = repackings;
        this.rows = rows;
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
        // What is known of the rows, at most about a byte each, is on the same heap.
        int threads = Math.min(THREADS_MAX, WorkerCount.forHeapEach(HEAP_PER_THREAD + rows / 2));
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
            FailureLatch.await(all);
        } finally {
            workers.shutdownNow();
        }
    }

    private void work() throws IOException {
        List<PackId> kept = new ArrayList<>();
        Repacking repacking = repackings.get();
        try (RepackOutput.Worker worker = output.worker()) {
            for (PackId pack = waiting.poll(); pack != null; pack = waiting.poll()) {
                try {
                    repacking.keep(pack, worker);
                    kept.add(pack);
                } catch (StoreException e) {
                    repacking.note(pack, e, problems);
                }
                progress.advance(1, 0);
            }
            worker.finish();
        }
        copied.addAll(kept);
    }
}
