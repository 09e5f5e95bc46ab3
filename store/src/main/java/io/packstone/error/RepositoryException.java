package io.packstone.error;

import org.jspecify.annotations.Nullable;

/** The repository as a whole, or its place: absent, occupied, out of room, failing. */
public final class RepositoryException extends StoreException {
    /** {@code message} says what happened, to which object, and what to do next. */
    public RepositoryException(ErrorKind kind, @Nullable String object, String message) {
        super(kind, object, message, null);
    }

    /** As above, with the failure underneath. */
    public RepositoryException(ErrorKind kind, @Nullable String object, String message, Throwable cause) {
        super(kind, object, message, cause);
    }
}
