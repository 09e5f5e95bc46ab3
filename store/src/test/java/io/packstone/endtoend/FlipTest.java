package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.endtoend.SmallRepository.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every byte of every object of a whole repository, damaged one at a time. None is without meaning: the check names the
 * object each time. Nothing but a pack costs anything: all else is stored twice or can be made again.
 */
final class FlipTest {
    private static final long SEED = 7;
    private static final int SHOWN = 10;

    private Scratch scratch;

    @BeforeEach
    void open() throws IOException {
        scratch = new Scratch();
    }

    @AfterEach
    void clear() throws IOException {
        scratch.close();
    }

    /** Of one snapshot and what a killed run left; one object of each kind at least, second copies included. */
    private SmallRepository make(boolean plainIndex) throws IOException {
        SmallRepository small = new SmallRepository(scratch.path(), SEED, plainIndex);
        small.fill(3, 400);
        small.crash();
        small.snapshot(small.backend);
        Map<String, Long> kinds = small.backend.stored().keySet().stream()
                .collect(Collectors.groupingBy(FlipTest::kind, TreeMap::new, Collectors.counting()));
        assertEquals("{config=2, index=1, jobs=2, keys=4, packs=2, snapshots=4, states=2}", kinds.toString());
        return small;
    }

    private static String kind(String name) {
        return name.contains(".state") ? "states" : name.substring(0, name.indexOf('/'));
    }

    /** Every {@code stride}-th byte of each object whose name begins with {@code prefix}, under each of its masks. */
    private static List<Fault> flips(SmallRepository small, String prefix, int stride, IntFunction<int[]> masks) {
        List<Fault> flips = new ArrayList<>();
        small.backend.stored().forEach((name, bytes) -> {
            for (int i = 0; i < bytes.length && name.startsWith(prefix); i += stride) {
                for (int mask : masks.apply(i)) {
                    int offset = i;
                    flips.add(Fault.of(
                            name + " at " + i + " xor 0x" + Integer.toHexString(mask),
                            Set.of(name),
                            shown -> shown.flip(name, offset, mask)));
                }
            }
        });
        return flips;
    }

    private void assertFound(SmallRepository small, List<Fault> flips) {
        List<String> problems = small.problems(flips, scratch.path());
        assertEquals(
                List.of(),
                problems.stream().limit(SHOWN).toList(),
                () -> problems.size() + " problems with " + flips.size() + " flips");
    }

    @Test
    void everyByteCounts() throws IOException {
        Random random = new Random(SEED);
        SmallRepository small = make(true);
        List<Fault> flips =
                flips(small, "", 1, at -> new int[] {random.nextInt(9) == 0 ? 0xff : 1 << random.nextInt(8)});
        assertTrue(flips.size() > 5000, flips.size() + " bytes only");
        assertFound(small, flips);
    }

    @Test
    void damagedParityCostsNothingAndIsNamed() throws IOException {
        SmallRepository small = new SmallRepository(scratch.path(), SEED, true, true);
        small.fill(3, 400);
        small.snapshot(small.backend);
        List<Fault> flips = flips(small, "parity/", 97, at -> new int[] {1 << at % 8});
        assertTrue(flips.size() > 400, flips.size() + " flips");
        assertFound(small, flips);
    }

    @Test
    void aDamagedSegmentIsMadeUpForByAnIndexInADatabase() throws IOException {
        SmallRepository small = make(false);
        assertFound(small, flips(small, "index/", 31, at -> new int[] {1 << at % 8}));
    }

    @Test
    @Tag("soak")
    void everyBitCounts() throws IOException {
        SmallRepository small = make(true);
        assertFound(small, flips(small, "", 1, at -> new int[] {1, 2, 4, 8, 16, 32, 64, 128, 0xff}));
    }

    @Test
    @Tag("soak")
    void everyByteCountsWithAnIndexInADatabase() throws IOException {
        SmallRepository small = make(false);
        assertFound(small, flips(small, "", 1, at -> new int[] {1 << at % 8}));
    }
}
