package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.Backend;
import io.packstone.endtoend.SmallRepository.Fault;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Objects of a whole repository cut, emptied, lengthened, lost, exchanged and replaced by those of another repository.
 * Each is named by the check, with the snapshots and paths that it costs; everything else is restored.
 */
final class ObjectFaultTest {
    private static final int SHOWN = 10;

    private Scratch scratch;
    private SmallRepository small;
    private SmallRepository other;

    @BeforeEach
    void make() throws IOException {
        scratch = new Scratch();
        small = repository("mine", 1);
        other = repository("other", 2);
        assertEquals(24, small.backend.stored().size());
    }

    /** Of two snapshots with packs of their own each, after a run that was killed. */
    private SmallRepository repository(String folder, long seed) throws IOException {
        SmallRepository made =
                new SmallRepository(Files.createDirectory(scratch.path().resolve(folder)), seed, true);
        made.fill(3, 400);
        made.crash();
        made.snapshot(made.backend);
        made.fill(2, 400);
        made.snapshot(made.backend);
        return made;
    }

    @AfterEach
    void clear() throws IOException {
        scratch.close();
    }

    private Map<String, byte[]> objects() {
        return small.backend.stored();
    }

    private void assertFound(List<Fault> faults) {
        List<String> problems = small.problems(faults, scratch.path());
        assertEquals(
                List.of(),
                problems.stream().limit(SHOWN).toList(),
                () -> problems.size() + " problems with " + faults.size() + " faults");
    }

    private List<Fault> cuts(ToIntFunction<byte[]> strides) {
        List<Fault> cuts = new ArrayList<>();
        objects().forEach((name, bytes) -> {
            Set<Integer> lengths = new TreeSet<>();
            for (int length = 0; length < bytes.length; length += strides.applyAsInt(bytes)) {
                lengths.add(length);
            }
            for (int near : new int[] {1, 31, 32, 33, 36, 64, bytes.length - 65, bytes.length - 64, bytes.length - 1}) {
                lengths.add(Math.min(Math.max(near, 0), bytes.length - 1));
            }
            lengths.forEach(length -> cuts.add(Fault.of(
                    name + " cut to " + length + " of " + bytes.length,
                    Set.of(name),
                    shown -> shown.truncate(name, length))));
        });
        return cuts;
    }

    @Test
    void cutAnywhere() {
        assertFound(cuts(bytes -> bytes.length / 30 + 1));
    }

    @Test
    @Tag("soak")
    void cutToEveryLength() {
        assertFound(cuts(bytes -> 1));
    }

    @Test
    void lengthened() {
        List<Fault> faults = new ArrayList<>();
        objects().forEach((name, bytes) -> {
            int beyondTheLimit = name.startsWith("snapshots/") && !name.contains(".state") ? 17 << 20 : 65 << 10;
            for (byte[] more : List.of(new byte[1], new byte[64], bytes, new byte[beyondTheLimit])) {
                faults.add(Fault.of(
                        name + " and " + more.length + " bytes more", Set.of(name), shown -> shown.append(name, more)));
            }
        });
        assertFound(faults);
    }

    /** A job may end at any time, and a claim that was never decided is nobody's snapshot: one copy of it or two. */
    private boolean maySafelyGo(String name) {
        String primary = name.endsWith(".b") ? name.substring(0, name.length() - 2) : name;
        boolean undecided = primary.startsWith("snapshots/")
                && !primary.endsWith(".state")
                && !objects().containsKey(primary + ".state");
        return undecided || name.startsWith("jobs/");
    }

    /** Of a lost segment nothing is left to name but the packs it spoke of. */
    @Test
    void lost() {
        List<Fault> faults = new ArrayList<>();
        for (String name : objects().keySet()) {
            if (!maySafelyGo(name)) {
                Set<String> named = name.startsWith("index/") ? Set.of() : Set.of(name);
                faults.add(Fault.of(name + " lost", named, shown -> shown.drop(name)));
            }
        }
        assertFound(faults);
    }

    @Test
    void allSegmentsLost() {
        assertFound(List.of(Fault.of(
                "no index",
                Set.of(),
                shown -> objects().keySet().stream()
                        .filter(name -> name.startsWith("index/"))
                        .forEach(shown::drop))));
    }

    @Test
    void theNextSnapshotSpeaksAgainOfWhatALostSegmentSpokeOf() throws IOException {
        MemoryBackend lossy = small.backend.copy();
        lossy.stored().keySet().removeIf(name -> name.startsWith("index/") || name.startsWith("jobs/"));
        Files.write(small.source.resolve("more"), new byte[] {1, 2, 3});
        small.snapshot(lossy);
        Set<String> added = packs(lossy);
        added.removeAll(packs(small.backend));
        assertEquals(2, added.size(), "what was stored is stored again");
        Exam exam = new Exam(small, scratch.path());
        exam.take(lossy);
        assertEquals(List.of("the check says that all is well"), exam.verdict(Set.of()));
    }

    private static Set<String> packs(MemoryBackend of) {
        return of.stored().keySet().stream()
                .filter(name -> name.startsWith("packs/"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void allSecondOrAllFirstCopiesLost() {
        List<Fault> faults = new ArrayList<>();
        for (boolean second : new boolean[] {false, true}) {
            Set<String> copies = new TreeSet<>(objects().keySet());
            copies.removeIf(name -> !objects().containsKey(name + ".b") && !name.endsWith(".b")
                    || name.endsWith(".b") != second
                    || maySafelyGo(name));
            assertEquals(7, copies.size());
            faults.add(Fault.of(copies + " lost", copies, shown -> copies.forEach(shown::drop)));
        }
        assertFound(faults);
    }

    @Test
    void exchanged() {
        List<String> names = List.copyOf(objects().keySet());
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            for (int j = 0; j < i; j++) {
                String a = names.get(i);
                String b = names.get(j);
                if (!Arrays.equals(objects().get(a), objects().get(b))) {
                    faults.add(Fault.of(a + " and " + b + " exchanged", Set.of(a, b), shown -> shown.swap(a, b)));
                }
            }
        }
        assertTrue(faults.size() > 250, faults.size() + " pairs");
        assertFound(faults);
    }

    @Test
    void replacedByThoseOfAnotherRepository() {
        List<Fault> faults = new ArrayList<>();
        objects()
                .keySet()
                .forEach(name -> other.backend.stored().forEach((foreign, bytes) -> {
                    if (folder(name).equals(folder(foreign)) && name.endsWith(".b") == foreign.endsWith(".b")) {
                        faults.add(Fault.of(
                                name + " replaced by another repository's " + foreign,
                                Set.of(name),
                                shown -> shown.replace(name, bytes)));
                    }
                }));
        assertTrue(faults.size() > 50, faults.size() + " faults");
        assertFound(faults);
    }

    /** Each under its own name: no snapshot appears, none is hurt, and the stranger is named. */
    @Test
    void joinedByThoseOfAnotherRepository() {
        List<Fault> faults = new ArrayList<>();
        Set<String> strangers = new TreeSet<>();
        other.backend.stored().forEach((foreign, bytes) -> {
            if (objects().containsKey(foreign)) {
                return;
            }
            strangers.add(foreign);
            faults.add(new Fault(foreign + " of another repository beside ours", Set.of(foreign), whole -> {
                MemoryBackend more = whole.copy();
                more.stored().put(foreign, bytes);
                return more;
            }));
        });
        faults.add(new Fault("two repositories in one place", strangers, whole -> joined(whole, strangers)));
        assertFound(faults);
    }

    private Backend joined(MemoryBackend whole, Set<String> strangers) {
        MemoryBackend both = whole.copy();
        strangers.forEach(name -> both.stored().put(name, other.backend.stored().get(name)));
        return both;
    }

    private static String folder(String name) {
        return name.substring(0, name.indexOf('/'));
    }
}
