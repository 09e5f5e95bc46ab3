package io.packstone.maintenance.healing;

import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.SegmentId;
import io.packstone.pipeline.BlockDraft;
import io.packstone.repository.Repository;
import io.packstone.repository.WriteSession;
import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Stores chunks that a repair saved or found, in new packs; begins to write only when there is something to. For one thread. */
final class RepairOutput implements Closeable {
    private static final int BLOCK_LENGTH = 1 << 20;

    private final Repository repository;
    private final BlockDraft draft = new BlockDraft(BLOCK_LENGTH);
    private @Nullable WriteSession session;

    RepairOutput(Repository repository) {
        this.repository = repository;
    }

    private WriteSession session() throws IOException {
        WriteSession begun = session;
        if (begun == null) {
            begun = repository.begin(repository.compression());
            session = begun;
        }
        return begun;
    }

    /** Stores a chunk unless it is in a pack that is in use; {@code payload} is the caller's to have proved. */
    void store(ChunkId id, ChunkType type, byte[] refs, byte[] payload) throws IOException {
        int refCount = refs.length / ChunkId.LENGTH;
        if (type == ChunkType.NODE || type == ChunkType.RECIPE) {
            session().nodes().put(type, refs, refCount, payload, payload.length);
        } else if (session().claim(id, type)) {
            draft.add(id, type, refs, refCount, payload, 0, payload.length);
            if (draft.length() >= BLOCK_LENGTH) {
                session().seal(draft);
            }
        }
    }

    /** Puts index segments that speak of every pack no readable one does, in place of damaged ones. */
    void supersede(Collection<SegmentId> damaged) throws IOException {
        session().supersede(damaged);
    }

    /** Makes all of it durable and findable. */
    void flush() throws IOException {
        WriteSession begun = session;
        if (begun != null) {
            begun.seal(draft);
            begun.flush();
        }
    }

    /** Puts an index segment that speaks of every pack no segment does. */
    void indexRest() throws IOException {
        session().flush();
    }

    /** Ends the job: everything is durable then. */
    void end() throws IOException {
        flush();
        WriteSession begun = session;
        if (begun != null) {
            begun.abandon();
        }
    }

    @Override
    public void close() {
        WriteSession begun = session;
        if (begun != null) {
            begun.close();
        }
    }
}
