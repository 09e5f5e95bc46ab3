package io.packstone.backup;

import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.manifest.NodeSink;
import io.packstone.pipeline.BlockDraft;
import java.io.IOException;

/** Where chunks go: a write session, or nowhere in a dry run. Thread-safe but for {@link #nodes}. */
interface ChunkOutput {
    /** True when the caller must hand the chunk on in a draft. */
    boolean claim(ChunkId id, ChunkType type) throws IOException;

    /** True when an earlier snapshot's chunk is still to be had. */
    boolean isStored(ChunkId id, ChunkType type) throws IOException;

    /** Stores a draft's chunks and clears it. */
    void seal(BlockDraft draft) throws IOException;

    /** Stores manifest nodes; for one thread. */
    NodeSink nodes();

    /** Rethrows what failed on other threads. */
    void check() throws IOException;
}
