package io.packstone.repository;

/** Known-bad variants of the protocol. */
public enum Flaw {
    /** The protocol as it is. */
    NONE,
    /** A prune announces nothing and needs no decision: only time would protect. */
    ONLY_TIME,
    /** A backup looks before its claim only. */
    CHECKS_BEFORE_CLAIM,
    /** A backup does not look at what is condemned. */
    NO_EXEC_CHECK,
    /** A backup looks at what is there before it looks at what is condemned. */
    EXISTENCE_BEFORE_EXEC,
    /** A prune needs no final decision, and a cleaner puts none. */
    NO_FINAL,
    /** A claim can be confirmed after it was void. */
    VOID_NOT_EXCLUSIVE,
    /** A prune lists claims before it publishes. */
    CLAIMS_BEFORE_EXEC,
    /** Prunes do not look at each other. */
    BLIND_TO_PEERS,
    /** A prune looks at what is there before it looks at other prunes. */
    DATA_BEFORE_PEERS,
    /** A backup sees its parent before its claim only. */
    PARENT_BEFORE_CLAIM,
    /** A prune does not look for its exec again after it decided. */
    NO_SECOND_LOOK;

    /** True when prunes alone go wrong, where chunks stand twice: a search for it takes no backups, and such a repository. */
    public boolean isOfPrunes() {
        return this == BLIND_TO_PEERS || this == DATA_BEFORE_PEERS;
    }
}
