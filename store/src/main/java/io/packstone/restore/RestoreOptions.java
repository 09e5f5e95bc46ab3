package io.packstone.restore;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.restore.disk.Policy;
import io.packstone.source.rules.GlobFilter;

/**
 * What to restore, and where.
 *
 * @param path the root for everything below the target as it was; a folder whose entries go right into the target, which
 *     gets the folder's own mode, owner and time unless it holds something else besides; or a file that goes into the
 *     target by its name
 * @param target absolute; made when it is absent; symbolic links in it are followed, in what is below it never
 * @param includes when not empty, only what fits one of these patterns (and what is below it); they speak of paths in the
 *     snapshot
 * @param excludes leaves out what fits (and what is below it)
 * @param delete removes from the target what the snapshot does not have, below the paths it was taken of
 * @param dryRun counts what would be done, and changes nothing
 * @param policy what to do about owners and attributes that can't be set
 * @param verify reads everything back in the end and compares it with the snapshot
 */
public record RestoreOptions(
        TreePath path,
        RawName target,
        GlobFilter includes,
        GlobFilter excludes,
        boolean delete,
        boolean dryRun,
        boolean verify,
        Overwrite overwrite,
        Policy policy) {
    /** Refuses to put what a folder holds right into the root of the file system. */
    public RestoreOptions {
        if (!path.isRoot() && TreePath.parse(target).isRoot()) {
            throw new IllegalArgumentException("what " + path + " holds does not go right into /");
        }
    }

    /** Everything, below {@code target}. */
    public static RestoreOptions to(RawName target) {
        return new RestoreOptions(
                TreePath.ROOT,
                target,
                GlobFilter.NONE,
                GlobFilter.NONE,
                false,
                false,
                false,
                Overwrite.IF_CHANGED,
                Policy.TRY);
    }

    /** The same, of a path. */
    public RestoreOptions withPath(TreePath other) {
        return new RestoreOptions(other, target, includes, excludes, delete, dryRun, verify, overwrite, policy);
    }

    /** The same, of what fits these patterns. */
    public RestoreOptions withIncludes(GlobFilter other) {
        return new RestoreOptions(path, target, other, excludes, delete, dryRun, verify, overwrite, policy);
    }

    /** The same without what fits these patterns. */
    public RestoreOptions withExcludes(GlobFilter other) {
        return new RestoreOptions(path, target, includes, other, delete, dryRun, verify, overwrite, policy);
    }

    /** The same, deleting or not. */
    public RestoreOptions withDelete(boolean other) {
        return new RestoreOptions(path, target, includes, excludes, other, dryRun, verify, overwrite, policy);
    }

    /** The same as a dry run or not. */
    public RestoreOptions withDryRun(boolean other) {
        return new RestoreOptions(path, target, includes, excludes, delete, other, verify, overwrite, policy);
    }

    /** The same, verifying or not. */
    public RestoreOptions withVerify(boolean other) {
        return new RestoreOptions(path, target, includes, excludes, delete, dryRun, other, overwrite, policy);
    }

    /** The same with another rule for files that are there. */
    public RestoreOptions withOverwrite(Overwrite other) {
        return new RestoreOptions(path, target, includes, excludes, delete, dryRun, verify, other, policy);
    }

    /** The same with another rule for what can't be set. */
    public RestoreOptions withPolicy(Policy other) {
        return new RestoreOptions(path, target, includes, excludes, delete, dryRun, verify, overwrite, other);
    }
}
