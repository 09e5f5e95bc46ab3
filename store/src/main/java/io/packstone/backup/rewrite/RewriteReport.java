package io.packstone.backup.rewrite;

import io.packstone.id.SnapshotId;
import io.packstone.manifest.Totals;
import io.packstone.repository.StoredSnapshot;
import java.util.List;

/**
 * What was rewritten.
 *
 * @param forgotten of the former ones
 * @param spared snapshots of the plan that were not rewritten after all, or not forgotten
 * @param unread snapshots a part of whose manifests could not be read: they were not rewritten
 * @param bytesStored length of all objects put
 */
public record RewriteReport(
        List<Made> made,
        List<SnapshotId> forgotten,
        List<Spared> spared,
        List<RewritePlan.Unread> unread,
        long bytesStored) {
    /** Copies the lists. */
    public RewriteReport {
        made = List.copyOf(made);
        forgotten = List.copyOf(forgotten);
        spared = List.copyOf(spared);
        unread = List.copyOf(unread);
    }

    /**
     * A snapshot without what was dropped.
     *
     * @param former what it was made from
     * @param snapshot its id
     * @param isNew false when an earlier rewrite had made it
     */
    public record Made(StoredSnapshot former, Totals dropped, SnapshotId snapshot, boolean isNew) {}

    /** A snapshot that stays as it is, and why. */
    public record Spared(SnapshotId snapshot, String why) {}
}
