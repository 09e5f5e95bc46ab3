package io.packstone.crypto;

import io.packstone.bytes.LittleEndian;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import java.util.HashMap;
import java.util.Map;

/** Computes chunk ids: HMAC-SHA-256 over type (1), count of references (4), references (32 each), payload. For one thread. */
public final class ChunkHasher {
    private static final byte[] NO_REFS = new byte[0];
    private static final int LENGTHS_MAX = 256;

    private final Hmac hmac;
    private final Map<Integer, ChunkId> zeros = new HashMap<>();
    private final byte[] head = new byte[5];
    private final byte[] result = new byte[Hmac.LENGTH];

    /** Under a repository's id key. */
    public ChunkHasher(SecretKey idKey) {
        hmac = new Hmac(idKey);
    }

    /** The id of a chunk; all arrays are borrowed, and of {@code refs} the first 32 x {@code refCount} bytes count. */
    public ChunkId id(ChunkType type, byte[] refs, int refCount, byte[] payload, int offset, int length) {
        head[0] = (byte) type.number();
        LittleEndian.putInt(head, 1, refCount);
        hmac.update(head);
        hmac.update(refs, 0, refCount * ChunkId.LENGTH);
        hmac.update(payload, offset, length);
        hmac.finish(result, 0);
        return ChunkId.of(result);
    }

    /** The id of a data chunk of that many zeros; the same few lengths are asked for again and again, and remembered. */
    public ChunkId idOfZeros(int length) {
        if (zeros.size() >= LENGTHS_MAX) {
            zeros.clear();
        }
        return zeros.computeIfAbsent(length, n -> id(ChunkType.DATA, NO_REFS, 0, new byte[n], 0, n));
    }
}
