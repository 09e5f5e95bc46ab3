package io.packstone.backend;

import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import java.io.Closeable;
import java.io.IOException;

/** A long object on its way into a backend; for one thread. Closing without {@link #commit} leaves no trace. */
public interface Upload extends Closeable {
    /** Appends {@code length} bytes (borrowed) from {@code offset}. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /**
     * Gives what was written a name: whole, durable and visible when it returns. The same bytes under the same name
     * once more are fine; other bytes are refused. Nothing can be written afterwards.
     */
    void commit(String name) throws IOException;

    /**
     * As {@link #commit}, but in the place of a damaged object of that name, at once or not at all. The only way in
     * which a name changes its bytes, and back to those it was given: where the name holds a SHA-256, bytes with
     * another are refused.
     */
    default void replace(String name) throws IOException {
        throw new RepositoryException(
                ErrorKind.BACKEND, name, "this kind of storage can't put a whole object in the place of a damaged one");
    }

    /** Abandons what was not committed. */
    @Override
    void close() throws IOException;
}
