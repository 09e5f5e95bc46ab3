package io.packstone.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The expected values come from another implementation (Python's hmac module). */
class ChunkHasherTest {
    private static final SecretKey KEY = SecretKey.copyOf(Hex.range(0, 32));
    private static final byte[] NONE = {};

    @Test
    void idsAreWhatTheFormatSays() {
        ChunkHasher hasher = new ChunkHasher(KEY);
        byte[] payload = "a payload".getBytes(StandardCharsets.US_ASCII);
        assertEquals(
                "4374f7952fd8fc1356e476a560c7522fa3ac17ad00ad75c6e3d4ef0335a751e9",
                hasher.id(ChunkType.RECIPE, Hex.range(0, 90), 2, payload, 2, 7).toHex());
        assertEquals(
                "879447e2ee1b716a0174325fe333f4de263d4f09dceba3893c7a0c236e88c561",
                hasher.id(ChunkType.DATA, NONE, 0, payload, 3, 0).toHex());
    }

    @Test
    void typeReferencesAndPayloadAreKeptApart() {
        ChunkHasher hasher = new ChunkHasher(KEY);
        Set<ChunkId> ids = new HashSet<>();
        byte[] bytes = Hex.range(0, 64);
        for (ChunkType type : ChunkType.values()) {
            assertEquals(type, ChunkType.of(type.number()));
            // The same 64 bytes, as payload and as references.
            ids.add(hasher.id(type, NONE, 0, bytes, 0, 64));
            ids.add(hasher.id(type, bytes, 1, bytes, 32, 32));
            ids.add(hasher.id(type, bytes, 2, bytes, 0, 0));
        }
        ids.add(new ChunkHasher(SecretKey.copyOf(Hex.range(1, 32))).id(ChunkType.DATA, NONE, 0, bytes, 0, 64));
        assertEquals(13, ids.size());
        assertThrows(IllegalArgumentException.class, () -> ChunkType.of(4));
        assertThrows(IllegalArgumentException.class, () -> ChunkType.of(-1));
    }

    @Test
    void theBoundaryHashIsAnHmac() {
        byte[] message = Hex.range(0, 50);
        byte[] digest = new byte[32];
        BoundaryHash hash = new BoundaryHash(KEY);
        for (int round = 0; round < 2; round++) {
            hash.digest(message, 10, 20, digest);
            assertArrayEquals(Hmac.of(KEY, Hex.range(10, 20)), digest);
        }
    }
}
