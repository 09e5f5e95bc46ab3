package io.packstone.bundle;

import java.io.IOException;
import java.io.InputStream;

/** Where a bundle is read from. */
public interface BundleSource {
    /** The bundle from its start; whoever asked closes it. Asked again only when {@link #opensAgain}. */
    InputStream open() throws IOException;

    /** True for a file, false for a pipe. */
    boolean opensAgain();

    /** What a person calls it; for messages. */
    String name();
}
