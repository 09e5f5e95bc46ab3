package io.packstone.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HolesTest {
    @Test
    void positionsFindTheirHole() {
        Holes holes = Holes.of(new long[] {0, 10, 20, 30});
        assertEquals(0, holes.at(0));
        assertEquals(0, holes.at(9));
        assertEquals(1, holes.at(10));
        assertEquals(1, holes.at(29));
        assertEquals(2, holes.at(30));
        assertTrue(holes.cover(20, 30));
        assertFalse(holes.cover(19, 30));
        assertFalse(holes.cover(20, 31));
        assertFalse(holes.cover(5, 25));
        assertEquals(30, holes.end());
        assertEquals(0, Holes.NONE.end());
    }

    @Test
    void boundsThatDoNotAscendAreRefused() {
        for (long[] bounds : new long[][] {{0, 0}, {5, 4}, {0, 1, 1, 2}, {0}, {-1, 3}, new long[2 * 4097]}) {
            assertThrows(IllegalArgumentException.class, () -> Holes.of(bounds));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 4097, 9000, 30_000})
    void ofTooManyTheLongestStay(int count) {
        Holes.Collector collector = new Holes.Collector();
        for (int i = 0; i < count; i++) {
            long start = i * 1000L;
            collector.add(start, start + 1 + i * 7919L % 997);
        }
        Holes holes = collector.finish();
        assertEquals(4096, holes.count());
        assertEquals(count == 4096, collector.isComplete());
        long least = Long.MAX_VALUE;
        for (int i = 0; i < holes.count(); i++) {
            least = Math.min(least, holes.end(i) - holes.start(i));
        }
        int longer = 0;
        for (int i = 0; i < count; i++) {
            longer += 1 + i * 7919L % 997 > least ? 1 : 0;
        }
        assertTrue(longer <= 4096, longer + " holes are longer than the shortest that stayed");
    }
}
