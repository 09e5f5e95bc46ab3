package io.packstone.restore.patch;

import io.packstone.posix.PosixException;

/** Told of each step of a patch before it is taken: where a test fails one, or ends the world. */
public interface Steps {
    /** Takes them all. */
    Steps ALL = step -> {};

    /** What is done to the disk, in this order but for the writes, of which there are many. */
    enum Step {
        /** A piece of the journal is written, still under a name that means nothing. */
        WRITE_JOURNAL,
        /** The journal's bytes are made durable. */
        FORCE_JOURNAL,
        /** The journal gets its name. */
        NAME_JOURNAL,
        /** That name is made durable. */
        FORCE_JOURNAL_NAME,
        /** The file gets the name of one that is not whole. */
        NAME_PARTIAL,
        /** That name is made durable. */
        FORCE_PARTIAL_NAME,
        /** Others are kept out of the file. */
        CLOSE_TO_OTHERS,
        /** Bytes are written into the file. */
        WRITE,
        /** The file gets its new length, and its holes. */
        SET_LENGTH,
        /** The file's bytes and metadata are made durable. */
        FORCE,
        /** The file gets its own name back. */
        NAME_WHOLE,
        /** That name is made durable. */
        FORCE_WHOLE_NAME,
        /** The journal goes. */
        REMOVE_JOURNAL
    }

    /** A failure is that of the step. */
    void before(Step step) throws PosixException;
}
