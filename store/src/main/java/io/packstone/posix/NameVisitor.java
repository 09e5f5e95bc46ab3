package io.packstone.posix;

import java.io.IOException;

/** Receives the names of a directory. */
@FunctionalInterface
public interface NameVisitor {
    /** One name other than "." and "..": {@code length} bytes at {@code offset}, borrowed for this call. */
    void visit(byte[] bytes, int offset, int length) throws IOException;
}
