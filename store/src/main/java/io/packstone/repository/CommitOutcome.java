package io.packstone.repository;

import io.packstone.id.PackId;
import io.packstone.id.SnapshotId;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a commit ended: with a confirmed snapshot, or with packs that are not to be relied on. In the second case the
 * caller walks its source again; the session has excluded those packs, so what they held is stored anew.
 *
 * @param unfinished what failed after the commit, and is left for the next session to do; null for nothing. The snapshot
 *     is taken all the same
 */
public record CommitOutcome(
        @Nullable SnapshotId snapshot,
        Set<PackId> lost,
        boolean parentGone,
        @Nullable IOException unfinished) {}
