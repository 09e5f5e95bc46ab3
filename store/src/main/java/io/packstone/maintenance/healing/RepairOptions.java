package io.packstone.maintenance.healing;

import io.packstone.metadata.RawName;
import io.packstone.repository.Repository;
import io.packstone.repository.objects.StoredObjects;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where a repair looks for what is lost.
 *
 * @param mirror the same repository elsewhere, for which no key is needed; null for none
 * @param other any repository that may hold the same files, its index loaded; null for none
 * @param files the files that snapshots were taken of
 * @param program that repairs, for the record
 */
public record RepairOptions(
        @Nullable StoredObjects mirror, @Nullable Repository other, SourceFiles files, String program) {
    /** The repository itself only. */
    public static RepairOptions of(String program) {
        return new RepairOptions(null, null, SourceFiles.NONE, program);
    }

    /** The same with a mirror. */
    public RepairOptions withMirror(@Nullable StoredObjects objects) {
        return new RepairOptions(objects, other, files, program);
    }

    /** The same with another repository. */
    public RepairOptions withOther(@Nullable Repository repository) {
        return new RepairOptions(mirror, repository, files, program);
    }

    /** The same with files of this machine. */
    public RepairOptions withFiles(SourceFiles source) {
        return new RepairOptions(mirror, other, source, program);
    }

    /** Reads parts of files by the paths that snapshots have. */
    @FunctionalInterface
    public interface SourceFiles {
        /** None are there. */
        SourceFiles NONE = (path, offset, length) -> null;

        /**
         * That part of the file at an absolute path; null when there is no such regular file or it has no such part. What
         * is returned is believed only when it has the id of a chunk that is lost.
         */
        byte @Nullable [] read(RawName path, long offset, int length) throws IOException;
    }
}
