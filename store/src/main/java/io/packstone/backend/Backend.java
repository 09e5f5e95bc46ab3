package io.packstone.backend;

import java.io.Closeable;
import java.io.IOException;

/**
 * A place that stores objects under names. Thread-safe.
 *
 * <p>Rules: an object appears whole or not at all; when a put returns, the object survives a power cut; what was put is
 * seen by every later read and listing; names are never reused. Failures are {@link io.packstone.error.StoreException}s.
 */
public interface Backend extends Closeable {
    /** Stores an object; borrowed. Putting the same bytes under the same name again is fine. */
    void put(String name, byte[] bytes) throws IOException;

    /** True when this call made the object; false, and nothing changes, when it exists. */
    boolean putIfAbsent(String name, byte[] bytes) throws IOException;

    /** Begins a large object, whose name is known only at its end. */
    Upload begin() throws IOException;

    /**
     * A whole object.
     *
     * @throws io.packstone.error.MissingObjectException when it does not exist
     * @throws io.packstone.error.LimitExceededException when it is longer than {@code maxLength}
     */
    byte[] get(String name, int maxLength) throws IOException;

    /**
     * Reads exactly {@code length} bytes from {@code offset} of an object.
     *
     * @throws io.packstone.error.MissingObjectException when it does not exist
     * @throws io.packstone.error.CorruptionException when it ends before
     */
    void read(String name, long offset, byte[] target, int targetOffset, int length) throws IOException;

    /** The length of an object in bytes, -1 when it does not exist. */
    long length(String name) throws IOException;

    /** Tells of every object whose name begins with {@code prefix}, a folder name with its slash, in no order. */
    void list(String prefix, ListVisitor visitor) throws IOException;

    /** Deletes an object; one that does not exist is fine. */
    void delete(String name) throws IOException;

    /** Where this is, for messages. */
    String describe();

    /** Told of each object in a listing. */
    interface ListVisitor {
        /** {@code length} in bytes. */
        void visit(String name, long length) throws IOException;
    }
}
