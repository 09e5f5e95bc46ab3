package io.packstone.manifest;

import io.packstone.id.ChunkId;

/** A chunk as it is stored: payload and references. The arrays belong to whoever holds this. */
public final class StoredChunk {
    private final byte[] payload;
    private final byte[] refs;

    /** Takes over both arrays; {@code refs} holds 32 bytes a reference. */
    public StoredChunk(byte[] payload, byte[] refs) {
        this.payload = payload;
        this.refs = refs;
    }

    /** The bytes. */
    public byte[] payload() {
        return payload;
    }

    /** The count of references. */
    public int refCount() {
        return refs.length / ChunkId.LENGTH;
    }

    /** One reference. */
    public ChunkId ref(int index) {
        return ChunkId.of(refs, index * ChunkId.LENGTH);
    }
}
