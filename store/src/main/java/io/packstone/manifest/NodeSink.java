package io.packstone.manifest;

import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import java.io.IOException;

/** Takes the nodes and recipes that a manifest is built of, children before their parents. */
@FunctionalInterface
public interface NodeSink {
    /**
     * Takes one chunk and returns its id; a chunk that is known already need not be stored again.
     *
     * @param refs the ids of the chunks it refers to, 32 bytes each, {@code refCount} of them; borrowed until return
     * @param payload borrowed until return; its first {@code length} bytes count
     */
    ChunkId put(ChunkType type, byte[] refs, int refCount, byte[] payload, int length) throws IOException;
}
