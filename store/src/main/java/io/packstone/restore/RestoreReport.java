package io.packstone.restore;

import io.packstone.metadata.RawName;
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

    /**
     * What a dry run foresees for one name.
     *
     * @param path absolute, in the target
     * @param bytes that would be written into it
     */
    public record Action(Kind kind, RawName path, long bytes) {}

    /** What would be done with a name. */
    public enum Kind {
        /** It is not there. */
        CREATE,
        /** A large file of which the smaller part differs, and only that is written. */
        PATCH,
        /** Something else is there, and goes when the new one is whole. */
        REPLACE,
        /** The snapshot does not have it. */
        DELETE,
        /** Its bytes stay. */
        KEEP
    }
}
