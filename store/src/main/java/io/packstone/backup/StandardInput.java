package io.packstone.backup;

import io.packstone.metadata.RawName;
import java.io.InputStream;

/** One file whose bytes come from a stream: {@code name} is its absolute path in the snapshot. */
public record StandardInput(RawName name, InputStream stream) {}
