package io.packstone.repository;

import io.packstone.backend.ObjectNames;
import io.packstone.error.MissingObjectException;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.pack.PackTable;
import io.packstone.segment.SegmentBuilder;
import io.packstone.segment.SegmentReader;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Collects the tables of packs that a session stored, and puts them as index segments. Thread-safe. */
final class SegmentOutput {
    private static final int PACKS_MAX = 64;

    /** A segment takes about seven times its tables while it is built and verified. */
    private static final long TABLE_BYTES_MAX = 6 << 20;

    private static final long NANOS_MAX = 5L * 60 * 1_000_000_000;

    private final Repository repository;
    private final Set<PackId> waiting = new HashSet<>();
    private SegmentBuilder builder;
    private long begun;
    private long tableBytes;
    private long bytesStored;
    private boolean superseding;

    SegmentOutput(Repository repository) {
        this.repository = repository;
        this.builder = new SegmentBuilder(repository.keys(), repository.randomness());
    }

    /** Adds a pack that is durable; puts a segment when enough came together. One that waits already is passed over. */
    synchronized void add(PackId id, long length, PackTable table) throws IOException {
        if (!waiting.add(id)) {
            return;
        }
        if (builder.tableCount() == 0) {
            begun = System.nanoTime();
        }
        builder.add(id, length, table);
        tableBytes += table.plainBytes().length;
        if (builder.tableCount() >= PACKS_MAX
                || tableBytes >= TABLE_BYTES_MAX
                || System.nanoTime() - begun > NANOS_MAX) {
            flush();
        }
    }

    /** Says, in the next segment that is put, that these have nothing which others don't have. */
    synchronized void supersede(Collection<SegmentId> ids) {
        ids.forEach(builder::supersede);
        superseding |= !ids.isEmpty();
    }

    /** Puts what was collected; durable when it returns. */
    synchronized void flush() throws IOException {
        if (builder.tableCount() == 0 && !superseding) {
            return;
        }
        byte[] bytes = builder.toBytes();
        SegmentId id = SegmentId.of(SnapshotLog.sha256(bytes));
        SegmentReader written = SegmentReader.open(
                io.packstone.segment.RandomBytes.of(bytes), repository.keys(), "an index segment just sealed");
        written.verifyAll();
        repository.backend().put(ObjectNames.segment(id), bytes);
        repository.index().addSegment(id, written);
        bytesStored += bytes.length;
        bytesStored += protect(repository, ObjectNames.segment(id), bytes.length);
        builder = new SegmentBuilder(repository.keys(), repository.randomness());
        tableBytes = 0;
        waiting.clear();
        superseding = false;
    }

    synchronized long bytesStored() {
        return bytesStored;
    }

    /**
     * Puts the parity of what was just put, when the repository keeps parity; its length in bytes. What is gone already
     * gets none: a prune has put another segment in its place, or takes this job for dead, as its commit will find.
     */
    static long protect(Repository repository, String name, long length) throws IOException {
        try {
            return repository.config().parity() ? repository.parity().protect(name, length) : 0;
        } catch (MissingObjectException e) {
            return 0;
        }
    }
}
