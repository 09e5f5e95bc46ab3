package io.packstone.manifest;

import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import java.io.IOException;

/** Stores nodes and recipes as chunks. */
public interface NodeSink {
    /** Stores a chunk unless it is stored; its id. The arrays are borrowed; {@code refs} holds 32 bytes a reference. */
    ChunkId put(ChunkType type, byte[] refs, int refCount, byte[] payload, int length) throws IOException;
}
