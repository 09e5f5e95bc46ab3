package io.packstone.manifest;

import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import java.io.IOException;

/** Answers with the chunks a manifest is read from. It checks that a chunk's id is right; caching is its matter too. */
@FunctionalInterface
public interface ChunkSource {
    /** The chunk of that id and type; an exception when it is absent or damaged. */
    StoredChunk get(ChunkId id, ChunkType type) throws IOException;
}
