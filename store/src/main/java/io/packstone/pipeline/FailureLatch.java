package io.packstone.pipeline;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Keeps the first failure of several threads, so that all the others stop and the caller hears of it. */
public final class FailureLatch {
    private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();

    /** Remembers {@code failure} when it is the first. */
    public void fail(Throwable failure) {
        first.compareAndSet(null, failure);
    }

    /** True once anything failed. */
    public boolean failed() {
        return first.get() != null;
    }

    /** Rethrows the first failure, if there was one: an {@link IOException} or an unchecked one as it is. */
    public void check() throws IOException {
        Throwable failure = first.get();
        if (failure != null) {
            throw asIo(failure);
        }
    }

    /** Waits for all of {@code work}, and throws as {@link #asIo} does what failed of it, the first in that order. */
    public static void await(Iterable<Future<?>> work) throws IOException {
        try {
            for (Future<?> one : work) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw asIo(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** What failed on another thread, for the one that waits: as an {@link IOException}; an unchecked one is thrown as it is. */
    public static IOException asIo(Throwable failure) {
        if (failure instanceof IOException exception) {
            return exception;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException(failure);
    }
}
