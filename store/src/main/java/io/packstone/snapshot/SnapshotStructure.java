package io.packstone.snapshot;

import io.packstone.id.ChunkId;
import io.packstone.id.JobId;
import io.packstone.id.SnapshotId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a snapshot record says to whoever has the structure key only: what it refers to, not what it is about. */
public record SnapshotStructure(
        ChunkId root,
        @Nullable SnapshotId parent,
        List<SnapshotId> links,
        boolean degraded,
        long order,
        @Nullable JobId job) {
    /** Copies the list. */
    public SnapshotStructure {
        links = List.copyOf(links);
    }
}
