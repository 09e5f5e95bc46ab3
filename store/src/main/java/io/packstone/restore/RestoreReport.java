package io.packstone.restore;

import java.util.List;

/**
 * What a restore did, or would do.
 *
 * @param filesRestored regular files and further names of them that were written
 * @param filesUnchanged those that were there already, or were to be left alone
 * @param filesDeleted names removed, folders not counted
 * @param bytesWritten plain bytes that came from the repository
 * @param bytesReused bytes of existing files that fitted, compared one by one
 * @param errors how many things could not be restored, or set, as they were, and how many damaged copies others stood in
 *     for
 * @param problems the first of them, one line each
 * @param notSet what could not be set, one for each kind
 * @param damaged something could not be read from the repository
 */
public record RestoreReport(
        long filesRestored,
        long filesUnchanged,
        long filesDeleted,
        long bytesWritten,
        long bytesReused,
        long errors,
        List<String> problems,
        List<NotSet> notSet,
        boolean damaged,
        double seconds) {
    /** Copies the list. */
    public RestoreReport {
        problems = List.copyOf(problems);
        notSet = List.copyOf(notSet);
    }

    /**
     * Metadata of one kind that could not be set.
     *
     * @param kind a word, such as {@code owner}
     * @param count in how many places
     * @param path the first of them
     * @param reason why, there
     */
    public record NotSet(String kind, long count, String path, String reason) {}
}
