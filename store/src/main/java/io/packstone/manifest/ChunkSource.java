package io.packstone.manifest;

import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import java.io.IOException;

/** Gives chunks by id, verified. */
public interface ChunkSource {
    /** The chunk; an error when it is missing or damaged, never other bytes. */
    StoredChunk get(ChunkId id, ChunkType type) throws IOException;
}
