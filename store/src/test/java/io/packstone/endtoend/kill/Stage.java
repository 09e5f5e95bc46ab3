package io.packstone.endtoend.kill;

/** How far a snapshot is. */
enum Stage {
    /** The process starts, opens the repository and loads its index. */
    STARTING,
    /** It announces its job. */
    JOB,
    /** It walks, reads and cuts. */
    READING,
    /** It writes a pack of data. */
    DATA,
    /** It writes a pack of manifest nodes. */
    TREE,
    /** It puts an index segment. */
    SEGMENT,
    /** It puts the snapshot's record. */
    CLAIM,
    /** It decides: the commit. */
    STATE,
    /** It takes its announcement back. */
    ENDING,
    /** It has told whoever asked that the snapshot is taken. */
    ACKNOWLEDGED
}
