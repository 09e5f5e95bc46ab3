package io.packstone.restore;

/** What happens to a file that is there already. */
public enum Overwrite {
    /** It is replaced unless its bytes are those of the snapshot. */
    ALWAYS,
    /** It is replaced when its size or modification time differs. */
    IF_CHANGED,
    /** It is replaced when the snapshot's is newer. */
    IF_NEWER,
    /** It stays. */
    NEVER
}
