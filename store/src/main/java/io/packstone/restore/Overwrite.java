package io.packstone.restore;

/** What happens to a file that is there already. */
public enum Overwrite {
    /** It is compared with the snapshot chunk by chunk, and replaced when a byte differs. */
    ALWAYS,
    /** It is replaced when its size or modification time differs. */
    IF_CHANGED,
    /** It is replaced when the snapshot's is newer. */
    IF_NEWER,
    /** It stays. */
    NEVER
}
