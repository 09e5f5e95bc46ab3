package io.packstone.manifest;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Gives the entries of a manifest one after another. */
public interface ManifestCursor {
    /** The next entry; null after the last. */
    @Nullable ManifestEntry next() throws IOException;
}
