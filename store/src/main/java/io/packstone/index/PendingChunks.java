package io.packstone.index;

import io.packstone.id.ChunkId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The chunks that a session has taken on and not stored yet: some tens of megabytes of them at a time. Thread-safe. */
public final class PendingChunks {
    private final Set<ChunkId> claimed = ConcurrentHashMap.newKeySet();

    /** True for the first caller with this id, who is to store it. */
    public boolean claim(ChunkId id) {
        return claimed.add(id);
    }

    /** How many were taken on and not stored. */
    public int count() {
        return claimed.size();
    }

    /** It is stored, and the index knows it. */
    public void remove(ChunkId id) {
        claimed.remove(id);
    }
}
