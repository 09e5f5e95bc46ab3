package io.packstone.chunker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.crypto.SecretKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GearChunkerTest {
    private static final ChunkerParameters PARAMETERS = new ChunkerParameters(16 << 10);

    private static GearChunker chunker() {
        return new GearChunker(GearTable.of(SecretKey.copyOf(new byte[32])), PARAMETERS);
    }

    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static List<Integer> cuts(byte[] bytes) {
        List<Integer> ends = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            at += chunker().cut(bytes, at, bytes.length, true);
            ends.add(at);
        }
        return ends;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void chunksKeepTheirBoundsAndCoverEverything(long seed) {
        byte[] bytes = random(seed, 3_000_000 + (int) seed * 977);
        int last = 0;
        List<Integer> ends = cuts(bytes);
        for (int i = 0; i < ends.size(); i++) {
            int length = ends.get(i) - last;
            assertTrue(length <= PARAMETERS.max() && (length > PARAMETERS.min() || i == ends.size() - 1));
            last = ends.get(i);
        }
        assertEquals(bytes.length, last);
        int average = bytes.length / ends.size();
        assertTrue(average > 10_000 && average < 28_000, "average " + average);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void howTheBytesArriveMakesNoDifference(long seed) {
        byte[] bytes = random(seed, 1_000_000);
        List<Integer> whole = cuts(bytes);
        List<Integer> pieces = new ArrayList<>();
        Random random = new Random(seed);
        int at = 0;
        int seen = 0;
        while (at < bytes.length) {
            int length = chunker().cut(bytes, at, seen, seen == bytes.length);
            if (length < 0 || length == 0) {
                seen = Math.min(bytes.length, seen + 1 + random.nextInt(200_000));
            } else {
                at += length;
                pieces.add(at);
            }
        }
        assertEquals(whole, pieces);
    }

    @Test
    void anInsertionMovesOnlyCutsNearIt() {
        byte[] bytes = random(9, 4_000_000);
        byte[] longer = new byte[bytes.length + 10];
        System.arraycopy(bytes, 0, longer, 0, 2_000_000);
        System.arraycopy(bytes, 2_000_000, longer, 2_000_010, 2_000_000);
        Set<Integer> before = new HashSet<>(cuts(bytes));
        int moved = 0;
        for (int end : cuts(longer)) {
            moved += before.contains(end <= 2_000_000 ? end : end - 10) ? 0 : 1;
        }
        assertTrue(moved < 12, moved + " cuts moved");
    }
}
