package io.packstone.backup;

import io.packstone.metadata.RawName;

/** Something that could not be read, or changed while it was read; {@code message} is one line. */
public record SourceProblem(RawName path, String message) {}
