package io.packstone.repository;

import io.packstone.backend.ObjectNames;
import io.packstone.id.JobId;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.pack.PackClass;
import io.packstone.pack.PackTable;
import io.packstone.pipeline.FailureLatch;
import io.packstone.pipeline.PackContext;
import io.packstone.pipeline.PackStream;
import io.packstone.pipeline.StoredBlock;
import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one job stores: it announces itself, puts sealed blocks in packs and speaks of those in index segments. A pack is
 * indexed once it is durable, never before. Threads: {@link #add} and the counters may be used from any; the rest from
 * one.
 */
final class PackOutput implements Closeable {
    /** A pack ends with the block that reaches this many bytes. */
    static final long PACK_LENGTH_TARGET = 32L << 20;

    /** So many new chunks take the next open longer to read from the index's log than to write out now. */
    private static final int CHUNKS_WORTH_SETTLING = 10_000;

    private final Repository repository;
    private final String kind;
    private final PackListener listener;
    private final FailureLatch failures = new FailureLatch();
    private final SegmentOutput segments;
    private final Map<PackId, Long> packs = new ConcurrentHashMap<>();
    private final AtomicLong bytesStored = new AtomicLong();
    private final AtomicLong chunksAdded = new AtomicLong();
    private JobId job;
    private PackStream dataPacks;
    private PackStream treePacks;

    /** Told of each pack once it is durable and indexed. */
    interface PackListener {
        /** {@code table} says what is in it. */
        void stored(PackTable table);
    }

    PackOutput(Repository repository, String kind, PackListener listener) throws IOException {
        this.repository = repository;
        this.kind = kind;
        this.listener = listener;
        segments = new SegmentOutput(repository);
        job = repository.jobs().announce(kind, repository.workings().randomness());
        dataPacks = stream(PackClass.DATA);
        treePacks = stream(PackClass.TREE);
    }

    private PackStream stream(PackClass packClass) {
        PackContext context = new PackContext(
                repository.backend(),
                repository.keys(),
                repository.randomness(),
                job,
                PACK_LENGTH_TARGET,
                this::packStored);
        return repository.workings().threads()
                ? new PackStream(context, packClass, failures)
                : PackStream.direct(context, packClass, failures);
    }

    private void packStored(PackId id, long length, PackTable table) throws IOException {
        packs.put(id, length);
        chunksAdded.addAndGet(table.rowCount());
        bytesStored.addAndGet(length);
        bytesStored.addAndGet(SegmentOutput.protect(repository, ObjectNames.pack(id), length));
        repository.index().addPack(id, length, table);
        listener.stored(table);
        segments.add(id, length, table);
    }

    /** The job that it is announced as. */
    JobId job() {
        return job;
    }

    /**
     * Puts packs that no segment speaks of, left by a job that never ended or by a segment that was lost, into this job's
     * segments: whoever opens the repository next knows only what segments speak of.
     */
    void adopt() throws IOException {
        for (PackId pack : repository.index().lonePacks()) {
            segments.add(
                    pack,
                    repository.index().packLength(pack),
                    repository.index().table(pack));
        }
    }

    /** As {@link WriteSession#supersede}. */
    void supersede(Collection<SegmentId> damaged) {
        segments.supersede(damaged);
    }

    /** Takes over a sealed block for a pack of that class; waits while too many are on their way. */
    void add(StoredBlock block, PackClass packClass) throws IOException {
        (packClass == PackClass.TREE ? treePacks : dataPacks).add(block);
    }

    /** The packs put so far, with their lengths. */
    Map<PackId, Long> packs() {
        return Map.copyOf(packs);
    }

    /** Forgets which packs were put: nothing rests on them any more. */
    void clearPacks() {
        packs.clear();
    }

    /** The bytes of all packs and index segments put so far. */
    long bytesStored() {
        return bytesStored.get() + segments.bytesStored();
    }

    /** Rethrows what failed on another thread. */
    void check() throws IOException {
        failures.check();
    }

    /** Ends the open packs and puts the segment that speaks of them; everything added so far is durable then. */
    void flush() throws IOException {
        dataPacks.flush();
        treePacks.flush();
        adopt();
        if (chunksAdded.get() > CHUNKS_WORTH_SETTLING) {
            repository.index().settle(); // While segment, claim and state are put.
            chunksAdded.set(0);
        }
        segments.flush();
    }

    /** Announces the job anew when somebody took it for dead, so that what it stores from here on is pending. */
    void renewIfVoid() throws IOException {
        if (repository.jobs().isVoid(job)) {
            JobId before = job;
            closeStreams();
            job = repository.jobs().announce(kind, repository.workings().randomness());
            dataPacks = stream(PackClass.DATA);
            treePacks = stream(PackClass.TREE);
            repository.jobs().end(before);
        }
    }

    /** Ends the job: its packs are pending no longer. */
    void end() throws IOException {
        repository.jobs().end(job);
    }

    /**
     * Keeps what was stored so far for the next run: sealed blocks are put in packs and indexed. Does nothing after a
     * failure; the job then stays announced, and the next run looks for its packs.
     */
    void abandon() throws IOException {
        if (!failures.failed()) {
            flush();
            end();
        }
    }

    private void closeStreams() {
        dataPacks.close();
        treePacks.close();
    }

    @Override
    public void close() {
        closeStreams();
    }
}
