package io.packstone.maintenance.healing;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.error.StoreException;
import io.packstone.id.ObjectHash;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.objects.ParityStore;
import io.packstone.repository.objects.StoredObjects;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Gives parity to what has none, or takes it all away. Needs no key. */
public final class ParityUpkeep {
    private final Backend backend;
    private final ParityStore parity;

    /** Of the repository that {@code objects} are of. */
    public ParityUpkeep(StoredObjects objects) {
        this.backend = objects.backend();
        this.parity = new ParityStore(objects);
    }

    /**
     * What was done.
     *
     * @param count of the parities put or deleted
     * @param bytes of them
     * @param faults objects that are damaged already, and so got none
     */
    public record Report(long count, long bytes, List<Scrub.Fault> faults) {}

    /** Puts the parity of every pack and index segment that has none. */
    public Report add(ProgressListener progress) throws IOException {
        AtomicLong count = new AtomicLong();
        AtomicLong bytes = new AtomicLong();
        FaultList faults = new FaultList(new Scrub.Listener() {});
        Set<ObjectHash> present = present();
        progress.stage("parity", 0, 0);
        try (ObjectWorkers<ParityStore> workers = new ObjectWorkers<>(() -> parity)) {
            for (String folder : List.of(ObjectNames.INDEX, ObjectNames.PACKS)) {
                backend.list(folder, (name, length) -> {
                    if (ParityStore.isProtectable(name) && !present.contains(ObjectNames.hashOf(name))) {
                        workers.submit(store -> {
                            try {
                                bytes.addAndGet(store.protect(name, length));
                                count.incrementAndGet();
                            } catch (StoreException e) {
                                faults.add(name, e);
                            }
                            progress.advance(1, length);
                        });
                    }
                });
            }
            workers.await();
        }
        return new Report(count.get(), bytes.get(), faults.list());
    }

    private Set<ObjectHash> present() throws IOException {
        Set<ObjectHash> present = new HashSet<>();
        backend.list(ObjectNames.PARITY, (name, length) -> {
            ObjectHash object = ObjectNames.parityOf(name);
            if (object != null) {
                present.add(object);
            }
        });
        return present;
    }

    /** Deletes all parity. */
    public Report remove() throws IOException {
        List<String> names = new ArrayList<>();
        long[] bytes = new long[1];
        backend.list(ObjectNames.PARITY, (name, length) -> {
            if (ObjectNames.parityOf(name) != null) {
                names.add(name);
                bytes[0] += length;
            }
        });
        for (String name : names) {
            backend.delete(name);
        }
        return new Report(names.size(), bytes[0], List.of());
    }
}
