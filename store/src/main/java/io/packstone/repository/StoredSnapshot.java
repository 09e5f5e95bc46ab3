package io.packstone.repository;

import io.packstone.id.SnapshotId;
import io.packstone.snapshot.SnapshotRecord;

/**
 * A confirmed snapshot: its name and what its record says, with the tags it has now.
 *
 * @param isProtected a note says that it must not be forgotten
 */
public record StoredSnapshot(SnapshotId id, SnapshotRecord record, boolean isProtected) {
    /** One that is not protected. */
    public StoredSnapshot(SnapshotId id, SnapshotRecord record) {
        this(id, record, false);
    }
}
