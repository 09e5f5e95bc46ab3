package io.packstone.repository;

import io.packstone.id.SnapshotId;
import io.packstone.snapshot.SnapshotRecord;

/** A confirmed snapshot: its name and what its record says. */
public record StoredSnapshot(SnapshotId id, SnapshotRecord record) {}
