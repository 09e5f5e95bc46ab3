package io.packstone.endtoend.kill;

import java.util.EnumSet;
import java.util.Set;

/** How far a process is with what it does. */
enum Stage {
    /** The process starts, opens the repository, loads its index, and finds out what there is to do. */
    STARTING,
    /** It announces its job, or takes somebody else's for dead. */
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
    /** It puts a word that condemns packs. */
    EXEC,
    /** It looks at what others are about to do, and at what is there. */
    LOOKING,
    /** It decides the snapshot: the commit. */
    STATE,
    /** It decides what it deletes. */
    FINAL,
    /** It deletes a pack. */
    DELETING,
    /** It deletes an index segment that another one took the place of. */
    SUPERSEDING,
    /** It puts what was done. */
    DONE,
    /** It removes what was said of a snapshot that is forgotten. */
    REMOVING,
    /** It puts parity, or deletes it. */
    PARITY,
    /** It puts a whole object in the place of a damaged one. */
    MENDING,
    /** It puts a record of a repair. */
    RECORD,
    /** It puts a key slot. */
    KEY,
    /** It deletes a key slot. */
    OLD_KEY,
    /** It takes its announcement back. */
    ENDING,
    /** It has told whoever asked that it is done. */
    ACKNOWLEDGED;

    /** The stages of a snapshot. */
    static final Set<Stage> SNAPSHOT =
            EnumSet.of(STARTING, JOB, READING, DATA, TREE, SEGMENT, CLAIM, LOOKING, STATE, ENDING, ACKNOWLEDGED);

    /** The stages of a prune. */
    static final Set<Stage> PRUNE = EnumSet.of(
            STARTING,
            JOB,
            DATA,
            TREE,
            SEGMENT,
            EXEC,
            LOOKING,
            FINAL,
            DELETING,
            SUPERSEDING,
            DONE,
            REMOVING,
            PARITY,
            ENDING,
            ACKNOWLEDGED);

    /** The stages of a repair. */
    static final Set<Stage> REPAIR =
            EnumSet.of(STARTING, LOOKING, MENDING, JOB, DATA, TREE, PARITY, SEGMENT, RECORD, ENDING, ACKNOWLEDGED);

    /** The stages of a change of keys. */
    static final Set<Stage> KEYS = EnumSet.of(STARTING, KEY, OLD_KEY, ACKNOWLEDGED);
}
