package io.packstone.restore;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.util.List;

/**
 * What to restore, and where.
 *
 * @param path the root for everything below the target as it was; a folder whose contents go right into the target; or a
 *     file that goes into the target by its name
 * @param target absolute, without symbolic links above its last component
 * @param includes when not empty, only what fits one of these patterns (and what is below it)
 * @param excludes leaves out what fits
 * @param delete removes from the target what the snapshot does not have, below the paths it was taken of
 */
public record RestoreOptions(
        TreePath path,
        RawName target,
        List<String> includes,
        List<String> excludes,
        boolean delete,
        boolean dryRun,
        Overwrite overwrite) {
    /** Everything, below {@code target}. */
    public static RestoreOptions to(RawName target) {
        return new RestoreOptions(TreePath.ROOT, target, List.of(), List.of(), false, false, Overwrite.IF_CHANGED);
    }

    /** The same, of a path. */
    public RestoreOptions withPath(TreePath other) {
        return new RestoreOptions(other, target, includes, excludes, delete, dryRun, overwrite);
    }

    /** The same, deleting or not. */
    public RestoreOptions withDelete(boolean other) {
        return new RestoreOptions(path, target, includes, excludes, other, dryRun, overwrite);
    }
}
