package io.packstone.manifest;

import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import java.io.IOException;

/** Answers with the chunks a manifest is read from. It checks that a chunk's id is right; caching is its matter too. */
@FunctionalInterface
public interface ChunkSource {
    /** The chunk of that id and type; an exception when it is absent or damaged. */
    StoredChunk get(ChunkId id, ChunkType type) throws IOException;

    /** A chunk as it was put: its payload and the ids it refers to. The arrays are lent, never to be changed. */
    final class StoredChunk {
        private final byte[] payload;
        private final byte[] refs;

        /** Takes over both arrays; {@code refs} holds ids of 32 bytes back to back. */
        public StoredChunk(byte[] payload, byte[] refs) {
            this.payload = payload;
            this.refs = refs;
        }

        /** The bytes, borrowed. */
        public byte[] payload() {
            return payload;
        }

        /** The count of ids referred to. */
        public int refCount() {
            return refs.length / ChunkId.LENGTH;
        }

        /** One id referred to. */
        public ChunkId ref(int index) {
            return ChunkId.of(refs, index * ChunkId.LENGTH);
        }

        /** The ids referred to, 32 bytes each, borrowed. */
        public byte[] refs() {
            return refs;
        }
    }
}
