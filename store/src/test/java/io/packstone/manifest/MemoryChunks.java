package io.packstone.manifest;

import io.packstone.error.MissingObjectException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.manifest.ChunkSource.StoredChunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps nodes and recipes in memory, named by an unkeyed hash, and counts what is put and got. */
final class MemoryChunks implements NodeSink, ChunkSource {
    private final Map<ChunkId, StoredChunk> chunks = new HashMap<>();
    private final MessageDigest hash;
    final List<ChunkId> puts = new ArrayList<>();
    int gets;

    MemoryChunks() {
        try {
            hash = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public ChunkId put(ChunkType type, byte[] refs, int refCount, byte[] payload, int length) {
        hash.update((byte) type.number());
        hash.update(ByteBuffer.allocate(4).putInt(refCount).array());
        hash.update(refs, 0, refCount * ChunkId.LENGTH);
        hash.update(payload, 0, length);
        ChunkId id = ChunkId.of(hash.digest());
        StoredChunk chunk = new StoredChunk(Arrays.copyOf(payload, length), Arrays.copyOf(refs, refCount * 32));
        chunks.putIfAbsent(id, chunk);
        puts.add(id);
        return id;
    }

    ChunkId put(ChunkType type, byte[] payload, ChunkId... refs) {
        byte[] bytes = new byte[refs.length * ChunkId.LENGTH];
        for (int i = 0; i < refs.length; i++) {
            refs[i].copyTo(bytes, i * ChunkId.LENGTH);
        }
        return put(type, bytes, refs.length, payload, payload.length);
    }

    @Override
    public StoredChunk get(ChunkId id, ChunkType type) throws IOException {
        gets++;
        StoredChunk chunk = chunks.get(id);
        if (chunk == null) {
            throw new MissingObjectException(id.toHex(), "a test");
        }
        return chunk;
    }

    int size() {
        return chunks.size();
    }

    StoredChunk peek(ChunkId id) {
        StoredChunk chunk = chunks.get(id);
        if (chunk == null) {
            throw new AssertionError("no chunk " + id);
        }
        return chunk;
    }
}
