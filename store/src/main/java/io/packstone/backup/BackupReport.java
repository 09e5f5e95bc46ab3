package io.packstone.backup;

import io.packstone.id.SnapshotId;
import io.packstone.snapshot.TakenAs;
import io.packstone.source.rules.LeftOutKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot took.
 *
 * @param snapshot null after a dry run
 * @param parent what unchanged files were taken over from, a partial one where there is no other; null when every file was read
 * @param bytesRead plain bytes read from the source
 * @param bytesNew plain bytes of chunks that were not stored before
 * @param bytesStored length of all objects put
 * @param errors how many things could not be read
 * @param problems the first of them
 * @param leftOut how many things rules left out, by their kind
 * @param takenAs what the strategy came to
 * @param filesBehind how many files had other bytes though their length, times and inode said that they had not changed
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
        Map<LeftOutKind, Long> leftOut,
        TakenAs takenAs,
        long filesBehind,
        double seconds,
        String status) {}
