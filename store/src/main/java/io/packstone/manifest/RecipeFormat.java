package io.packstone.manifest;

import io.packstone.error.CorruptionException;
import io.packstone.format.CborReader;
import io.packstone.format.CborWriter;
import io.packstone.id.ChunkId;

/** The stored form of recipes: pieces of the chunk list of a long file (docs/format.md, Recipes). */
final class RecipeFormat {
    private RecipeFormat() {}

    static byte[] encode(int depth, long[] lengths, int count) {
        CborWriter cbor = new CborWriter().array(2).integer(depth).array(count);
        for (int i = 0; i < count; i++) {
            cbor.integer(lengths[i]);
        }
        return cbor.end().end().toBytes();
    }

    /** The parts of a recipe of {@code depth}: those of depth 1 are data chunks. */
    static FileBody decode(StoredChunk chunk, ChunkId id, int depth) throws CorruptionException {
        String name = "recipe " + id.toShortHex();
        CborReader cbor = new CborReader(chunk.payload(), 0, chunk.payload().length, name);
        cbor.array(2);
        cbor.integer(depth, depth);
        cbor.array(chunk.refCount());
        long[] lengths = new long[chunk.refCount()];
        byte[] ids = new byte[lengths.length * ChunkId.LENGTH];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = cbor.integer();
            chunk.ref(i).copyTo(ids, i * ChunkId.LENGTH);
        }
        cbor.expectEnd();
        return new FileBody(0, depth - 1, ids, lengths);
    }
}
