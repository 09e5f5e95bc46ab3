package io.packstone.backup;

import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.manifest.NodeSink;
import io.packstone.pipeline.BlockDraft;
import io.packstone.repository.WriteSession;
import java.io.IOException;

/** Stores chunks in a write session. */
record SessionOutput(WriteSession session) implements ChunkOutput {
    @Override
    public boolean claim(ChunkId id, ChunkType type) throws IOException {
        return session.claim(id, type);
    }

    @Override
    public boolean isStored(ChunkId id, ChunkType type) throws IOException {
        return session.isStored(id, type);
    }

    @Override
    public void seal(BlockDraft draft) throws IOException {
        session.seal(draft);
    }

    @Override
    public NodeSink nodes() {
        return session.nodes();
    }

    @Override
    public void check() throws IOException {
        session.check();
    }
}
