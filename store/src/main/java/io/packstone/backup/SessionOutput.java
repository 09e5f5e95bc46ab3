package io.packstone.backup;

import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.manifest.NodeSink;
import io.packstone.pipeline.BlockDraft;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.WriteSession;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Stores chunks in a write session, and tells of the bytes. */
final class SessionOutput implements ChunkOutput {
    private final WriteSession session;
    private final ProgressListener progress;
    private final AtomicLong told = new AtomicLong();

    SessionOutput(WriteSession session, ProgressListener progress) {
        this.session = session;
        this.progress = progress;
    }

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
        tell(session.seal(draft));
    }

    private void tell(long bytes) {
        told.addAndGet(bytes);
        progress.stored(0, bytes);
    }

    /** Tells of what was stored besides sealed blocks, once everything is. */
    void tellRest() {
        tell(session.bytesStored() - told.get());
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
