package io.packstone.backup.rewrite;

import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.source.rules.GlobFilter;
import java.util.ArrayList;
import java.util.List;

/**
 * What to drop, and from which snapshots.
 *
 * @param chosen empty for all of them
 * @param excludes what it picks is dropped with all below it; as in a snapshot, never a path that was given, nor a directory
 *     above one
 * @param paths absolute, and dropped whatever was given
 */
public record RewriteOptions(List<SnapshotId> chosen, GlobFilter excludes, List<RawName> paths) {
    /** Copies the lists. */
    public RewriteOptions {
        chosen = List.copyOf(chosen);
        paths = List.copyOf(paths);
        if (excludes.isEmpty() && paths.isEmpty()) {
            throw new IllegalArgumentException("nothing to drop");
        }
    }

    /** What {@code excludes} picks, from all snapshots. */
    public static RewriteOptions ofAll(GlobFilter excludes) {
        return new RewriteOptions(List.of(), excludes, List.of());
    }

    /** The same for some snapshots only, or all when there is none. */
    public RewriteOptions withChosen(List<SnapshotId> other) {
        return new RewriteOptions(other, excludes, paths);
    }

    /** The paths as patterns. */
    GlobFilter exactly() {
        return GlobFilter.of(paths.stream().map(GlobFilter::patternOf).toList());
    }

    /** All that is dropped, as records of snapshots keep it. */
    GlobFilter recorded() {
        List<RawName> all = new ArrayList<>(excludes.patterns());
        all.addAll(exactly().patterns());
        return GlobFilter.of(all);
    }
}
