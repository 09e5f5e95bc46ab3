package io.packstone.maintenance;

import io.packstone.id.PackId;
import io.packstone.pipeline.FailureLatch;
import io.packstone.pipeline.WorkerCount;
import io.packstone.progress.ProgressListener;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads packs whole, on several threads, while the caller checks something else. */
final class PackReading implements Closeable {
    /** A piece of a pack and the block that is opened: ten with blocks of 4 MiB, three times that with longer ones. */
    private static final long HEAP_PER_WORKER = 32L << 20;

    /** Of the last packs the largest comes first, so that no thread has a large one left when the others are done. */
    private static final int LAST_PACKS = 16;

    private final PackCheck check;
    private final Proofs proofs;
    private final ProgressListener progress;
    private final List<Future<?>> reads = new ArrayList<>();
    private final ExecutorService workers = Executors.newFixedThreadPool(WorkerCount.forHeapEach(HEAP_PER_WORKER));

    PackReading(PackCheck check, Proofs proofs, ProgressListener progress) {
        this.check = check;
        this.proofs = proofs;
        this.progress = progress;
    }

    /** Begins; false when there is nothing to read. */
    boolean begin(List<PackId> packs) throws IOException {
        if (packs.isEmpty()) {
            return false;
        }
        long total = 0;
        List<Sized> order = new ArrayList<>();
        for (PackId id : packs) {
            long length = check.length(id);
            order.add(new Sized(id, length));
            total += length;
        }
        order.subList(Math.max(0, order.size() - LAST_PACKS), order.size())
                .sort(Comparator.comparingLong(Sized::length).reversed());
        progress.stage("check data", 0, total);
        for (Sized pack : order) {
            reads.add(workers.submit(() -> {
                read(pack);
                return null;
            }));
        }
        return true;
    }

    private record Sized(PackId id, long length) {}

    private void read(Sized pack) throws IOException {
        if (check.data(pack.id())) {
            proofs.proved(pack.id());
        } else {
            proofs.refuted(pack.id());
        }
        progress.advance(0, pack.length());
    }

    void await() throws IOException {
        FailureLatch.await(reads);
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
