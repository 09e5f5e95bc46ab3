package io.packstone.source;

import java.io.Closeable;
import java.io.IOException;

/** Names in ascending order, each once; for one thread. */
interface NameCursor extends Closeable {
    /** Steps to the next name; false at the end. */
    boolean next() throws IOException;

    /** The array that holds the current name, borrowed until the next step. */
    byte[] bytes();

    /** Where in {@link #bytes} it begins. */
    int offset();

    /** How many bytes it has. */
    int length();

    @Override
    void close() throws IOException;
}
