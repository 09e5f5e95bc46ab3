package io.packstone.snapshot;

import io.packstone.id.PackId;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import java.util.List;

/**
 * What a repair left behind (docs/format.md, Repairs).
 *
 * @param order one more than the highest among the records its writer knew; the highest one says what is lost
 * @param time seconds since 1970
 * @param retired packs that are damaged or gone and that nothing is to be read from any more: whatever could be read of
 *     them is in others
 * @param losses everything that snapshots lack as far as is known, whenever it was lost
 * @param program that wrote it
 */
public record RepairRecord(long order, long time, List<PackId> retired, List<Loss> losses, String program) {
    /** Copies the lists. */
    public RepairRecord {
        retired = List.copyOf(retired);
        losses = List.copyOf(losses);
    }

    /**
     * What one snapshot lacks.
     *
     * @param files how many files can't be restored whole
     * @param paths the first of them
     */
    public record Loss(SnapshotId snapshot, long files, List<RawName> paths) {
        /** Copies the list. */
        public Loss {
            paths = List.copyOf(paths);
        }
    }
}
