package io.packstone.error;

/** What a {@link StoreException} is about; the command line maps each to an exit code. */
public enum ErrorKind {
    /** The device or the network failed. */
    BACKEND,
    /** Bytes are not what was written. */
    CORRUPTION,
    /** An object that others refer to is absent. */
    MISSING,
    /** A length or count is beyond its limit. */
    LIMIT,
    /** The format is newer (or older) than this program reads. */
    UNSUPPORTED_FORMAT,
    /** No key slot opens with the secret given. */
    UNLOCK,
    /** There is no repository at that place. */
    NO_REPOSITORY,
    /** There is a repository already, or something that is not one. */
    OCCUPIED,
    /** No room is left. */
    NO_ROOM,
    /** What was asked for does not exist, or is ambiguous. */
    NOT_FOUND
}
