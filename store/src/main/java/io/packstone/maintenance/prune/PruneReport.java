package io.packstone.maintenance.prune;

import java.util.List;

/**
 * What a prune did.
 *
 * @param packsDeleted whole dead ones and those that were repacked
 * @param packsRewritten of these, those that were repacked
 * @param packsSpared chosen and left after all, since somebody came to need them, or nothing proved that their copies are good
 * @param bytesFreed length of all packs deleted less that of all put
 * @param bytesRewritten length of the packs put
 * @param problems what could not be done
 */
public record PruneReport(
        long packsDeleted,
        long packsRewritten,
        long packsSpared,
        long packsWaiting,
        long bytesFreed,
        long bytesRewritten,
        long snapshotsRemoved,
        List<String> problems,
        double seconds) {
    /** Copies the list. */
    public PruneReport {
        problems = List.copyOf(problems);
    }
}
