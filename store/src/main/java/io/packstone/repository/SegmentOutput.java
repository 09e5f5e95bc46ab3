package io.packstone.repository;

import io.packstone.backend.ObjectNames;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.pack.PackTable;
import io.packstone.segment.SegmentBuilder;
import io.packstone.segment.SegmentReader;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Collects the tables of packs that a session stored, and puts them as index segments. Thread-safe. */
final class SegmentOutput {
    private static final int PACKS_MAX = 64;
    private static final long NANOS_MAX = 5L * 60 * 1_000_000_000;

    private final Repository repository;
    private final Set<PackId> waiting = new HashSet<>();
    private SegmentBuilder builder;
    private long begun;
    private long bytesStored;

    SegmentOutput(Repository repository) {
        this.repository = repository;
        this.builder = new SegmentBuilder(repository.keys());
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
        if (builder.tableCount() >= PACKS_MAX || System.nanoTime() - begun > NANOS_MAX) {
            flush();
        }
    }

    /** Puts what was collected; durable when it returns. */
    synchronized void flush() throws IOException {
        if (builder.tableCount() == 0) {
            return;
        }
        byte[] bytes = builder.toBytes();
        SegmentId id = SegmentId.of(SnapshotLog.sha256(bytes));
        SegmentReader written = SegmentReader.open(
                io.packstone.segment.RandomBytes.of(bytes), repository.keys(), "an index segment just sealed");
        written.verifyAll();
        repository.backend().put(ObjectNames.segment(id), bytes);
        repository.loader().addSegment(id, written);
        bytesStored += bytes.length;
        if (repository.config().parity()) {
            bytesStored += repository.parity().protect(ObjectNames.segment(id), bytes.length);
        }
        builder = new SegmentBuilder(repository.keys());
        waiting.clear();
    }

    synchronized long bytesStored() {
        return bytesStored;
    }
}
