package io.packstone.browse;

/** How a path differs between two snapshots. */
public enum Change {
    /** Only the second has it. */
    ADDED,
    /** Only the first has it. */
    REMOVED,
    /** Its bytes or link target differ. */
    CONTENT,
    /** Its mode, owner or modification time differ. */
    METADATA,
    /** It is something else now, such as a folder where a file was. */
    TYPE
}
