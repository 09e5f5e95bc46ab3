package io.packstone.backend;

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

    /** Abandons what was not committed. */
    @Override
    void close() throws IOException;
}
