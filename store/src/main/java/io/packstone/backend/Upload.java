package io.packstone.backend;

import java.io.Closeable;
import java.io.IOException;

/** A large object on its way. Closing it without a commit abandons it. For one thread at a time. */
public interface Upload extends Closeable {
    /** Appends {@code length} bytes; borrowed. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Ends the object and gives it its name; durable when it returns. */
    void commit(String name) throws IOException;
}
