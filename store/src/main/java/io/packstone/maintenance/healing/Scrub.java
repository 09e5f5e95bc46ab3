package io.packstone.maintenance.healing;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.error.ErrorKind;
import io.packstone.error.StoreException;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.objects.StoredObjects;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads every object and compares it with its name and its checksums, so that a machine which only stores, and has no
 * key, finds bit rot. It does not see what only a key can: see {@link io.packstone.maintenance.Check}. Memory: a few
 * megabytes, whatever there is and however long an object is.
 */
public final class Scrub {
    private static final long SECOND_COPY_MILLIS = 1000;

    private static final List<String> FOLDERS = List.of(
            ObjectNames.CONFIG,
            ObjectNames.KEYS,
            ObjectNames.SNAPSHOTS,
            ObjectNames.JOBS,
            ObjectNames.GC,
            ObjectNames.INDEX,
            ObjectNames.PARITY,
            ObjectNames.PACKS);

    private final StoredObjects objects;
    private final Backend backend;

    /** Of the repository that {@code objects} are of. */
    public Scrub(StoredObjects objects) {
        this.objects = objects;
        this.backend = objects.backend();
    }

    /**
     * An object that is not as it was written.
     *
     * @param kind {@code damaged}, {@code missing} or {@code unreadable}
     */
    public record Fault(String kind, String object, String message) {}

    /** Told of objects as they are read, from several threads. */
    public interface Listener {
        /** It is as it was written. */
        default void whole(String object) {}

        /** It is not. */
        default void faulty(Fault fault) {}
    }

    /**
     * What was read.
     *
     * @param faults in the order of their names
     * @param parities how many of the objects are parity
     */
    public record Report(List<Fault> faults, long objects, long parities, long bytesRead, double seconds) {}

    /** Reads everything. */
    public Report run(Listener listener, ProgressListener progress) throws IOException {
        long begun = System.nanoTime();
        AtomicLong count = new AtomicLong();
        AtomicLong parities = new AtomicLong();
        AtomicLong bytes = new AtomicLong();
        FaultList faults = new FaultList(listener);
        progress.stage("scrub", 0, 0);
        try (ObjectWorkers<ObjectProof> workers = new ObjectWorkers<>(() -> new ObjectProof(backend, objects.id()))) {
            for (String folder : FOLDERS) {
                backend.list(
                        folder,
                        (name, length) -> workers.submit(proof -> {
                            prove(proof, name, length, faults, listener);
                            count.incrementAndGet();
                            parities.addAndGet(folder.equals(ObjectNames.PARITY) ? 1 : 0);
                            bytes.addAndGet(length);
                            progress.advance(1, length);
                        }));
            }
            workers.await();
        }
        expectCopies(faults);
        return new Report(faults.list(), count.get(), parities.get(), bytes.get(), (System.nanoTime() - begun) / 1e9);
    }

    private void prove(ObjectProof proof, String name, long length, FaultList faults, Listener listener)
            throws IOException {
        try {
            proof.prove(name, length);
            listener.whole(name);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (StoreException e) {
            // What somebody deleted since it was listed is no damage.
            if (e.kind() != ErrorKind.MISSING || backend.length(name) >= 0) {
                faults.add(name, e);
            }
        }
        String first = ObjectNames.primaryOf(name);
        if (isVital(first)) {
            String other = ObjectNames.isCopy(name) ? first : ObjectNames.copyOf(name);
            if (backend.length(other) < 0) {
                faults.lacks(name, other);
            }
        }
    }

    /** True for what this version always stores twice. */
    private static boolean isVital(String first) {
        return ObjectNames.configNumber(first) > 0
                || ObjectNames.slotId(first) != null
                || ObjectNames.snapshotId(first) != null
                || ObjectNames.stateOf(first) != null;
    }

    /** A writer puts the second copy right after the first, and a deletion takes both: that is waited for. */
    private void expectCopies(FaultList faults) throws IOException {
        if (faults.lacking().isEmpty()) {
            return;
        }
        try {
            Thread.sleep(SECOND_COPY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        for (Map.Entry<String, String> pair : faults.lacking().entrySet()) {
            if (backend.length(pair.getValue()) < 0 && backend.length(pair.getKey()) >= 0) {
                faults.addMissing(pair.getValue());
            }
        }
    }
}
