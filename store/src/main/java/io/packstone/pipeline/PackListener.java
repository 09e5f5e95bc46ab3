package io.packstone.pipeline;

import io.packstone.id.PackId;
import io.packstone.pack.PackTable;
import java.io.IOException;

/** Told of each pack once it is durable. Called from the thread that finished it. */
public interface PackListener {
    /** {@code length} is the whole object's, in bytes. */
    void packStored(PackId id, long length, PackTable table) throws IOException;
}
