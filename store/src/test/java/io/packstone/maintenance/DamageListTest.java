package io.packstone.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.id.SnapshotId;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DamageListTest {
    private static final SnapshotId SNAPSHOT = SnapshotId.of(new byte[32]);

    private static CheckReport.Damage found(int paths) {
        DamageList list = new DamageList();
        list.add("packs/a", "damaged", "spoiled");
        for (int i = paths; i > 0; i--) {
            list.touches("packs/a", SNAPSHOT, path(i));
            list.touches("packs/a", SNAPSHOT, path(i));
        }
        return list.list().get(0);
    }

    private static String path(int number) {
        return String.format(Locale.ROOT, "/f%04d", number);
    }

    private static List<String> paths(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(DamageListTest::path).toList();
    }

    @Test
    void pathsAreTheFirstInOrderAndOthersAreSaidToBe() {
        assertEquals(paths(100), found(100).paths());
        assertFalse(found(100).morePaths());
        assertEquals(paths(100), found(101).paths());
        assertTrue(found(101).morePaths());
    }
}
