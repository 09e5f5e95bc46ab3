package io.packstone.segment;

import java.io.IOException;

/** Is shown the entries of a segment in their order. */
public interface EntryVisitor {
    /** One live row: the first eight bytes of its chunk's id as a big-endian word, the number of its table, its row. */
    void entry(long prefix, int table, int row) throws IOException;
}
