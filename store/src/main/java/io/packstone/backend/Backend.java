package io.packstone.backend;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;

/**
 * Storage of named, write-once byte strings. Safe for many threads and many processes at once.
 *
 * <p>A plain {@link IOException} says that the world failed; a {@link io.packstone.error.StoreException} names what is
 * wrong with the repository: {@code MissingObjectException}, {@code LimitExceededException}, {@code
 * CorruptionException} for an object shorter than what is asked of it, {@code RepositoryException} when no room is left
 * or a name holds other bytes. Every name satisfies {@link ObjectNames#isValid}; another is an {@link
 * IllegalArgumentException}.
 */
public interface Backend extends Closeable {
    /**
     * Stores {@code bytes} (borrowed) under {@code name}: whole or not at all, durable when it returns. The same bytes
     * under the same name once more are fine; other bytes are refused and change nothing.
     */
    void put(String name, byte[] bytes) throws IOException;

    /**
     * Stores {@code bytes} (borrowed) unless the name exists; of many at once exactly one succeeds.
     *
     * @return true when this call created it, false when the name existed; either way it is durable
     */
    boolean putIfAbsent(String name, byte[] bytes) throws IOException;

    /** Starts a long object whose name is known at its end only. */
    Upload begin() throws IOException;

    /** The whole object in a fresh array; refused before any allocation when it is longer than {@code maxLength}. */
    byte[] get(String name, int maxLength) throws IOException;

    /** Fills {@code length} bytes of {@code target} from {@code offset} of the object, all of them or an exception. */
    void read(String name, long offset, byte[] target, int targetOffset, int length) throws IOException;

    /** The object's length in bytes; -1 when there is none of that name. */
    long length(String name) throws IOException;

    /**
     * Visits every object whose name starts with {@code prefix}, in no particular order. The prefix is empty or ends in
     * '/'. An object put or deleted meanwhile may or may not appear; one that existed all along does, once.
     */
    void list(String prefix, ListVisitor visitor) throws IOException;

    /** Removes an object; one that is absent is fine. */
    void delete(String name) throws IOException;

    /**
     * Makes durable what a reader sees: a writer that was killed, or one that still writes, may have given or taken a name
     * and not have come to make that durable. To be called between a look and what rests on it for good.
     */
    default void settle() throws IOException {
        // most kinds of storage show nothing that is not durable
    }

    /**
     * Frees what {@link #keepReserve} set aside, so that a few small objects can be stored where no room is left.
     *
     * @return false when there was nothing to free
     */
    default boolean releaseReserve() throws IOException {
        return false;
    }

    /** Sets a little room aside, where storage can run full; never fails for want of it. */
    default void keepReserve() throws IOException {
        // most kinds of storage do not run full
    }

    /**
     * Clears away what killed writers left and nothing ever reads, when it was last written before {@code limit}.
     *
     * @return how many such things there were
     */
    default int sweepTemporary(Instant limit) throws IOException {
        return 0;
    }

    /** What a person calls this place; for messages. */
    String describe();
}
