package io.packstone.backup;

import io.packstone.source.rules.PathMap;

/**
 * What keeps a source still while it is read.
 *
 * @param label as the record says it
 * @param map folders that are read from a snapshot of their file system
 */
public record Consistency(String label, PathMap map) {
    /** Nothing does: each file is as it was when it was read. */
    public static final Consistency LIVE = new Consistency("live", PathMap.NONE);

    /** A command that ran before, such as one that told a database. */
    public static final Consistency HOOK = new Consistency("hook", PathMap.NONE);

    /** Files are read where {@code map} says. */
    public static Consistency fileSystemSnapshot(PathMap map) {
        return new Consistency("file-system snapshot", map);
    }
}
