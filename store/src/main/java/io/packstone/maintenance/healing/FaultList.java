package io.packstone.maintenance.healing;

import io.packstone.error.ErrorKind;
import io.packstone.error.StoreException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The faults found so far: one for each object. Thread-safe. */
final class FaultList {
    private final ConcurrentSkipListMap<String, Scrub.Fault> faults = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, String> lacking = new ConcurrentSkipListMap<>();
    private final Scrub.Listener listener;

    FaultList(Scrub.Listener listener) {
        this.listener = listener;
    }

    void add(String object, StoreException cause) {
        String kind = cause.kind() == ErrorKind.BACKEND ? "unreadable" : "damaged";
        add(new Scrub.Fault(kind, object, String.valueOf(cause.getMessage())));
    }

    /** {@code object} is there without its other copy, so far. */
    void lacks(String object, String other) {
        lacking.put(object, other);
    }

    Map<String, String> lacking() {
        return lacking;
    }

    void addMissing(String object) {
        add(new Scrub.Fault("missing", object, object + " is missing: one of the two copies of a vital object"));
    }

    private void add(Scrub.Fault fault) {
        if (faults.putIfAbsent(fault.object(), fault) == null) {
            listener.faulty(fault);
        }
    }

    List<Scrub.Fault> list() {
        return List.copyOf(faults.values());
    }
}
