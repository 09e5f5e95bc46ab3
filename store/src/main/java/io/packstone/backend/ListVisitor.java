package io.packstone.backend;

import java.io.IOException;

/** Receives what {@link Backend#list} finds. */
@FunctionalInterface
public interface ListVisitor {
    /**
     * Called once for each object, with its length in bytes; what it throws ends the listing and reaches its caller.
     */
    void visit(String name, long length) throws IOException;
}
