package io.packstone.backup.rewrite;

import io.packstone.error.StoreException;
import io.packstone.id.SnapshotId;
import io.packstone.manifest.Totals;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What would be dropped from which snapshots. Each that was chosen is in one of the lists, in the order of the log, but for
 * those that were forgotten meanwhile.
 *
 * @param untouched nothing in them is to be dropped
 * @param emptied nothing of what they were taken of would be left: they are not rewritten, but may be forgotten
 * @param unread a part of their manifests can't be read: they are not rewritten
 * @param unreadable records that can't be read, when all snapshots were chosen
 */
public record RewritePlan(
        List<Change> changes,
        List<StoredSnapshot> untouched,
        List<StoredSnapshot> emptied,
        List<Unread> unread,
        List<SnapshotLog.Unreadable> unreadable) {
    /** Copies the lists. */
    public RewritePlan {
        changes = List.copyOf(changes);
        untouched = List.copyOf(untouched);
        emptied = List.copyOf(emptied);
        unread = List.copyOf(unread);
        unreadable = List.copyOf(unreadable);
    }

    /**
     * A snapshot to be rewritten.
     *
     * @param dropped what it would lose
     * @param already a snapshot that an earlier rewrite made of it, and that is what this one would make; null for none
     */
    public record Change(
            StoredSnapshot former, Totals dropped, @Nullable SnapshotId already) {}

    /** A snapshot whose manifest can't be read, and why. */
    public record Unread(StoredSnapshot snapshot, StoreException cause) {}
}
