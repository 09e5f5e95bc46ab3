package io.packstone.backup;

import io.packstone.crypto.ChunkHasher;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.index.PendingChunks;
import io.packstone.manifest.NodeSink;
import io.packstone.pipeline.BlockDraft;
import io.packstone.repository.Repository;
import java.io.IOException;

/** Answers as a session would and stores nothing. */
final class DryOutput implements ChunkOutput {
    private final Repository repository;
    private final PendingChunks seen = new PendingChunks();

    DryOutput(Repository repository) {
        this.repository = repository;
    }

    @Override
    public boolean claim(ChunkId id, ChunkType type) throws IOException {
        return repository.index().find(id, type) == null && seen.claim(id);
    }

    @Override
    public boolean isStored(ChunkId id, ChunkType type) throws IOException {
        return repository.index().find(id, type) != null;
    }

    @Override
    public void seal(BlockDraft draft) {
        draft.clear();
    }

    @Override
    public NodeSink nodes() {
        ChunkHasher hasher = new ChunkHasher(repository.keys().idKey());
        return (type, refs, refCount, payload, length) -> hasher.id(type, refs, refCount, payload, 0, length);
    }

    @Override
    public void check() {
        // nothing runs elsewhere
    }
}
