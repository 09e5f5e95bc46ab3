package io.packstone.backup;

import io.packstone.backup.cutting.Cutting;
import io.packstone.chunker.ChunkerParameters;
import io.packstone.manifest.BodyBuilder;
import io.packstone.manifest.FileBody;
import io.packstone.manifest.ManifestBuilder;
import io.packstone.manifest.ManifestEdit;
import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.ManifestRoot;
import io.packstone.manifest.NodeSink;
import io.packstone.pipeline.BlockDraft;
import io.packstone.pipeline.FailureLatch;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Takes batches in the order of the walk, waits for each to be worked on, gathers what did not fill blocks, and builds
 * the manifest. At most {@value #BATCHES_PER_WORKER} batches a worker
 * are on their way.
 */
final class ManifestThread {
    private static final int BATCHES_PER_WORKER = 2;
    private static final Batch END = new Batch();

    private final BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(BATCHES_PER_WORKER * Backup.workerCount());
    private final FailureLatch failures = new FailureLatch();
    private final ChunkOutput output;
    private final Counters counters;
    private final CutterPool cutters;
    private final ExecutorService workers;
    private final NodeSink nodes;
    private final Making making;
    private final BodyBuilder body;
    private final @Nullable Thread thread;
    private BlockDraft gathered;

    /** What was gathered before: it is being sealed, or free again. */
    private BlockDraft spare;

    private @Nullable Future<?> sealing;
    private @Nullable ManifestRoot root;

    /** How entries become a manifest: all of them, or those that differ from another one's. */
    interface Making {
        /** Takes the next entry. */
        void add(ManifestEntry entry) throws IOException;

        /** Puts the last nodes. */
        ManifestRoot finish() throws IOException;

        /** The root of what was added so far; more may be added. */
        ManifestRoot soFar() throws IOException;

        /** From the first entry on. */
        static Making of(ManifestBuilder builder) {
            return new Making() {
                @Override
                public void add(ManifestEntry entry) throws IOException {
                    builder.add(entry);
                }

                @Override
                public ManifestRoot finish() throws IOException {
                    return builder.finish();
                }

                @Override
                public ManifestRoot soFar() throws IOException {
                    return builder.soFar();
                }
            };
        }

        /** From another manifest. */
        static Making of(ManifestEdit edit) {
            return new Making() {
                @Override
                public void add(ManifestEntry entry) throws IOException {
                    edit.add(entry);
                }

                @Override
                public ManifestRoot finish() throws IOException {
                    return edit.finish();
                }

                @Override
                public ManifestRoot soFar() {
                    throw new UnsupportedOperationException("what is taken over is known at the end only");
                }
            };
        }
    }

    ManifestThread(
            ChunkOutput output,
            Counters counters,
            CutterPool cutters,
            ExecutorService workers,
            Making making,
            boolean threads) {
        this.output = output;
        this.counters = counters;
        this.cutters = cutters;
        this.workers = workers;
        this.nodes = output.nodes();
        this.making = making;
        this.body = new BodyBuilder(nodes);
        this.gathered = cutters.draft();
        this.spare = cutters.draft();
        thread = threads ? new Thread(this::run, "manifest") : null;
        if (thread != null) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Hands on the next batch; blocks while too many are on their way. */
    void add(Batch batch) throws IOException, InterruptedException {
        if (thread == null) {
            take(batch);
            return;
        }
        do {
            failures.check();
            output.check();
        } while (!batches.offer(batch, 50, TimeUnit.MILLISECONDS));
    }

    /**
     * Waits for all batches so far; the root of what they hold. Until the next batch is added nothing is on its way: every
     * chunk that the root leads to was handed on.
     */
    ManifestRoot soFar() throws IOException, InterruptedException {
        if (thread == null) {
            return rootSoFar();
        }
        CompletableFuture<ManifestRoot> answer = new CompletableFuture<>();
        add(new Batch(answer));
        while (true) {
            try {
                return answer.get(50, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                failures.check();
                output.check();
            } catch (ExecutionException e) {
                throw FailureLatch.asIo(e.getCause());
            }
        }
    }

    /** Waits for the last batch; the root of the manifest. */
    ManifestRoot finish() throws IOException, InterruptedException {
        if (thread == null) {
            return end();
        }
        add(END);
        thread.join();
        failures.check();
        return java.util.Objects.requireNonNull(root);
    }

    /** Stops without a result. */
    void stop() throws InterruptedException {
        failures.fail(new java.io.InterruptedIOException("stopped"));
        if (thread != null) {
            thread.interrupt();
            thread.join();
        }
    }

    private void run() {
        try {
            for (Batch batch = batches.take(); batch != END; batch = batches.take()) {
                take(batch);
            }
            root = end();
        } catch (InterruptedException e) {
            failures.fail(new java.io.InterruptedIOException("stopped"));
        } catch (IOException | RuntimeException | Error e) {
            failures.fail(e);
        }
    }

    private void take(Batch batch) throws IOException, InterruptedException {
        if (batch.soFar != null) {
            batch.soFar.complete(rootSoFar());
            return;
        }
        if (batch.work != null) {
            await(batch.work);
        }
        gather(batch);
        for (Batch.Slot slot : batch.slots()) {
            add(slot);
        }
    }

    private ManifestRoot rootSoFar() throws IOException, InterruptedException {
        sealGathered();
        awaitSealing();
        return making.soFar();
    }

    private ManifestRoot end() throws IOException, InterruptedException {
        sealGathered();
        awaitSealing();
        return making.finish();
    }

    private void await(Future<?> work) throws IOException, InterruptedException {
        while (true) {
            try {
                work.get(100, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                output.check();
            } catch (ExecutionException e) {
                throw FailureLatch.asIo(e.getCause());
            }
        }
    }

    /** Small leftovers of neighbouring batches share blocks, sealed by a worker. */
    private void gather(Batch batch) throws IOException, InterruptedException {
        BlockDraft leftover = batch.leftover;
        if (leftover == null) {
            return;
        }
        if (!gathered.fits(leftover.length(), leftover.rowCount(), BlockDraft.DATA_LENGTH)) {
            sealGathered();
        }
        gathered.addAll(leftover);
        leftover.clear();
        cutters.giveBack(leftover);
    }

    private void sealGathered() throws IOException, InterruptedException {
        awaitSealing();
        BlockDraft full = gathered;
        gathered = spare;
        spare = full;
        sealing = workers.submit(() -> {
            output.seal(full);
            return null;
        });
    }

    /** Until the last gathered block is in a pack's queue. */
    private void awaitSealing() throws IOException, InterruptedException {
        if (sealing != null) {
            await(sealing);
        }
    }

    private void add(Batch.Slot slot) throws IOException {
        if (slot.ready != null) {
            making.add(slot.ready);
            return;
        }
        if (slot.problem != null) {
            counters.problem(slot.path, slot.problem.getMessage());
            return;
        }
        CutFile cut = java.util.Objects.requireNonNull(slot.result);
        if (cut.changed()) {
            counters.problem(
                    slot.path, slot.path + ": it changed while it was read; what is stored may mix two states");
        }
        ManifestEntry entry = new ManifestEntry(
                slot.path, cut.metadata(), body(cut), cut.changed(), cut.holes(), Cutting.recorded(cut.fixedLength()));
        count(slot.before, entry);
        if (slot.seemsUnchanged) {
            compare(java.util.Objects.requireNonNull(slot.before), entry);
        }
        making.add(entry);
    }

    /** A file that had to be read to see that it is as it was is unchanged all the same. */
    private void count(@Nullable ManifestEntry before, ManifestEntry entry) {
        if (before == null) {
            counters.filesNew.incrementAndGet();
        } else if (before.looksLike(entry)) {
            counters.filesUnchanged.incrementAndGet();
        } else {
            counters.filesChanged.incrementAndGet();
        }
        counters.progress().advance(1, 0);
    }

    /** Cut another way, it may be the same all the same, so ids tell nothing. */
    private void compare(ManifestEntry before, ManifestEntry now) {
        boolean still = !now.changedWhileRead() && now.metadata().looksUnchangedSince(before.metadata());
        if (still && now.body().crc32c() != before.body().crc32c()) {
            counters.behind(now.path());
        }
    }

    private FileBody body(CutFile cut) throws IOException {
        for (CutSegment segment : cut.segments()) {
            ChunkList chunks = segment.chunks();
            for (int i = 0; i < chunks.count(); i++) {
                body.add(chunks.id(i), chunks.length(i));
            }
            if (chunks.plainLength() == ChunkerParameters.SEGMENT_LENGTH) {
                body.endSegment();
            }
        }
        return body.finish(cut.crc32c());
    }
}
