package io.packstone.source.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.metadata.RawName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Folders that are read elsewhere: which one a path belongs to, and what is said of it. */
final class PathMapTest {
    private static PathMap map(String... pairs) {
        Map<RawName, RawName> places = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            places.put(RawName.of(pairs[i]), RawName.of(pairs[i + 1]));
        }
        return PathMap.of(places);
    }

    private static String real(PathMap map, String path) {
        return map.real(RawName.of(path)).toText();
    }

    @Test
    void aPathIsReadBelowThePlaceOfItsFolder() {
        PathMap map = map("/srv", "/mnt/frozen");
        assertEquals("/mnt/frozen", real(map, "/srv"));
        assertEquals("/mnt/frozen/www/index", real(map, "/srv/www/index"));
        for (String elsewhere : new String[] {"/", "/srv2", "/srv2/a", "/a/srv", "/sr"}) {
            assertEquals(elsewhere, real(map, elsewhere), elsewhere);
        }
    }

    @Test
    void theInnermostFolderWins() {
        PathMap map = map("/", "/mnt/root", "/srv", "/mnt/srv", "/srv/data/deep", "/mnt/deep");
        assertEquals("/mnt/root", real(map, "/"));
        assertEquals("/mnt/root/etc/passwd", real(map, "/etc/passwd"));
        assertEquals("/mnt/srv/data", real(map, "/srv/data"));
        assertEquals("/mnt/deep", real(map, "/srv/data/deep"));
        assertEquals("/mnt/deep/x", real(map, "/srv/data/deep/x"));
        assertEquals("/mnt/srv/data/deeper", real(map, "/srv/data/deeper"));
    }

    @Test
    void bytesThatAreNoTextStayAsTheyAre() {
        byte[] odd = {'/', 's', (byte) 0xff, '/', (byte) 0xfe};
        byte[] folder = {'/', 's', (byte) 0xff};
        PathMap map = PathMap.of(Map.of(RawName.takeOver(folder), RawName.of("/p")));
        assertEquals(
                RawName.takeOver(new byte[] {'/', 'p', '/', (byte) 0xfe}), map.real(RawName.takeOver(odd.clone())));
    }

    @Test
    void aFolderKnowsItsOwnPlaceAndThoseOfWhatItHolds() {
        PathMap map = map("/srv/a", "/mnt/a", "/srv/b", "/mnt/b", "/srv/a/c", "/mnt/c", "/", "/mnt/root");
        assertEquals(RawName.of("/mnt/a"), map.place(RawName.of("srv/a")));
        assertEquals(RawName.of("/mnt/root"), map.place(RawName.EMPTY));
        assertNull(map.place(RawName.of("srv")));
        assertEquals(
                Map.of(RawName.of("a"), RawName.of("/mnt/a"), RawName.of("b"), RawName.of("/mnt/b")),
                map.in(RawName.of("srv")));
        assertEquals(Map.of(RawName.of("c"), RawName.of("/mnt/c")), map.in(RawName.of("srv/a")));
        assertEquals(Map.of(), map.in(RawName.EMPTY), "the root lies in no folder");
        assertFalse(map.isEmpty());
    }

    @Test
    void withoutAMapEverythingIsReadWhereItIs() {
        assertTrue(PathMap.NONE.isEmpty());
        assertTrue(map().isEmpty());
        assertEquals("/srv/a", real(PathMap.NONE, "/srv/a"));
        assertEquals(Map.of(), PathMap.NONE.in(RawName.of("srv")));
    }

    @Test
    void whatIsNotAbsoluteIsRefused() {
        for (String[] pair : new String[][] {{"srv", "/mnt"}, {"/srv", "mnt"}, {"", "/mnt"}, {"/srv", ""}}) {
            assertThrows(IllegalArgumentException.class, () -> map(pair));
        }
    }

    /** They are recorded, and so never change: the numbers are those of FNV-1a, with the highest bit set. */
    @Test
    void aDeviceIsOfItsFolderAndNoRealOne() {
        assertEquals(0xcbf29ce484222325L, PathMap.device(RawName.EMPTY));
        assertEquals(0xaf63dc4c8601ec8cL, PathMap.device(RawName.of("a")));
        assertEquals(0x85944171f73967e8L, PathMap.device(RawName.of("foobar")));
        Set<Long> devices = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            long device = PathMap.device(RawName.of("srv/" + i));
            assertTrue(device < 0, "a real device has a major number of at most 32 bits in the middle");
            devices.add(device);
        }
        assertEquals(1000, devices.size());
        assertNotEquals(PathMap.device(RawName.of("srv")), PathMap.device(RawName.of("srv/")));
    }
}
