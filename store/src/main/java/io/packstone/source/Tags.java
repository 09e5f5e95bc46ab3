package io.packstone.source;

import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.source.rules.LeftOutKind;
import io.packstone.source.rules.Rules;
import java.util.ArrayList;
import java.util.List;

/**
 * Files that mark their directory as one to leave out.
 *
 * @param present the names of those that are there: all that is taken of the directory
 * @param kind of the first of them
 */
record Tags(List<RawName> present, LeftOutKind kind) {
    /** Of a directory that is taken whole. */
    static final Tags NONE = new Tags(List.of(), LeftOutKind.CACHE);

    /** Those in {@code directory} that the rules heed. */
    static Tags in(DirectoryHandle directory, Rules rules) {
        if (!rules.caches() && rules.ifPresent().isEmpty()) {
            return NONE;
        }
        List<RawName> present = new ArrayList<>();
        for (RawName name : rules.ifPresent()) {
            if (isIn(directory, name)) {
                present.add(name);
            }
        }
        if (rules.caches() && CacheTag.isIn(directory)) {
            boolean first = present.isEmpty();
            present.add(CacheTag.NAME);
            return new Tags(present, first ? LeftOutKind.CACHE : LeftOutKind.IF_PRESENT);
        }
        return present.isEmpty() ? NONE : new Tags(present, LeftOutKind.IF_PRESENT);
    }

    /** One that can't be looked at is not there: then the directory is taken, or its own errors are told. */
    private static boolean isIn(DirectoryHandle directory, RawName name) {
        try {
            FileStatus status = directory.statIfPresent(name);
            return status != null;
        } catch (PosixException e) {
            return false;
        }
    }

    boolean any() {
        return !present.isEmpty();
    }
}
