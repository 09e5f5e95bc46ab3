package io.packstone.bundle;

import io.packstone.id.SnapshotId;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What was imported.
 *
 * @param snapshot its id here
 * @param base the snapshot of this repository that has what the bundle leaves out; null for a full one, and when it
 *     was here already
 * @param isNew false when it was here already, and nothing was done
 * @param chunks in the bundle
 * @param chunksStored those that were not here before
 * @param bytes the length of the bundle
 * @param bytesStored what it takes here
 * @param unfinished what failed after the commit, and is left for the next session to do; null for nothing
 */
public record ImportReport(
        SnapshotId snapshot,
        BundleFront front,
        @Nullable SnapshotId base,
        boolean isNew,
        long chunks,
        long chunksStored,
        long bytes,
        long bytesStored,
        @Nullable IOException unfinished) {}
