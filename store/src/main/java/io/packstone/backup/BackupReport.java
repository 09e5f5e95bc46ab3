package io.packstone.backup;

import io.packstone.id.SnapshotId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot took.
 *
 * @param snapshot null after a dry run
 * @param bytesRead plain bytes read from the source
 * @param bytesNew plain bytes of chunks that were not stored before
 * @param bytesStored length of all objects put
 * @param errors how many things could not be read
 * @param problems the first of them
 * @param status {@code complete} or {@code degraded}
 */
public record BackupReport(
        @Nullable SnapshotId snapshot,
        @Nullable SnapshotId parent,
        long filesNew,
        long filesChanged,
        long filesUnchanged,
        long directories,
        long bytesRead,
        long bytesNew,
        long bytesStored,
        long errors,
        List<SourceProblem> problems,
        double seconds,
        String status) {}
