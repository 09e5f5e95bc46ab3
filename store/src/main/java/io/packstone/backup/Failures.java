package io.packstone.backup;

import java.io.IOException;
import java.util.concurrent.ExecutionException;

/** Brings what failed in a worker back to the thread that waits for it. */
final class Failures {
    private Failures() {}

    /** The cause as an {@link IOException}; an unchecked one is thrown as it is. */
    static IOException asIo(ExecutionException failure) {
        Throwable cause = failure.getCause();
        if (cause instanceof IOException exception) {
            return exception;
        }
        if (cause instanceof RuntimeException exception) {
            throw exception;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException(cause);
    }
}
