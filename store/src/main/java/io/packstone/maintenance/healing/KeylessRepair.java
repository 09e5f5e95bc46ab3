package io.packstone.maintenance.healing;

import io.packstone.backend.ObjectNames;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.objects.StoredObjects;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Repairs what needs no key, bit by bit: what a {@link Scrub} finds, from parity, second copies and a mirror. */
public final class KeylessRepair {
    private final StoredObjects objects;
    private final @Nullable StoredObjects mirror;

    /** Of the repository that {@code objects} are of; {@code mirror} is the same one elsewhere. */
    public KeylessRepair(StoredObjects objects, @Nullable StoredObjects mirror) {
        this.objects = objects;
        this.mirror = mirror;
    }

    /** Scrubs and mends. */
    public RepairReport run(ProgressListener progress) throws IOException {
        long begun = System.nanoTime();
        Scrub.Report scrubbed = new Scrub(objects).run(new Scrub.Listener() {}, progress);
        List<Scrub.Fault> inOrder = new ArrayList<>(scrubbed.faults());
        inOrder.sort(Comparator.comparing(fault -> fault.object().startsWith(ObjectNames.PARITY)));
        BitRepair bits = new BitRepair(objects, mirror);
        List<RepairReport.Mended> mended = new ArrayList<>();
        List<Scrub.Fault> unmended = new ArrayList<>();
        for (Scrub.Fault fault : inOrder) {
            String means = bits.mend(fault.object());
            if (means == null) {
                unmended.add(fault);
            } else {
                mended.add(new RepairReport.Mended(fault.object(), means));
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new RepairReport(mended, List.of(), List.of(), Map.of(), unmended, List.of(), List.of(), seconds);
    }
}
