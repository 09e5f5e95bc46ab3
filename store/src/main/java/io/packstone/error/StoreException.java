package io.packstone.error;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Something about the repository that we can name; it ends the operation, never only one file. */
public abstract sealed class StoreException extends IOException
        permits CorruptionException,
                MissingObjectException,
                LimitExceededException,
                UnsupportedFormatException,
                UnlockException,
                RepositoryException {
    private final ErrorKind kind;
    private final @Nullable String object;

    StoreException(ErrorKind kind, @Nullable String object, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.object = object;
    }

    /** What it is about. */
    public final ErrorKind kind() {
        return kind;
    }

    /** The name of the object concerned, when there is one. */
    public final @Nullable String object() {
        return object;
    }
}
