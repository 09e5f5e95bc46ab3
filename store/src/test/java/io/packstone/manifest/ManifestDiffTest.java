package io.packstone.manifest;

import static io.packstone.manifest.TestEntries.build;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestDiffTest {
    private final MemoryChunks chunks = new MemoryChunks();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void equalsBruteForce(long seed) throws IOException {
        Random random = new Random(seed);
        TreeMap<TreePath, ManifestEntry> before = TestEntries.random(seed, random.nextInt(1, 5000));
        TreeMap<TreePath, ManifestEntry> after = new TreeMap<>(before);
        int edits = 1 << random.nextInt(10);
        List<TreePath> paths = new ArrayList<>(before.keySet());
        for (int i = 0; i < edits; i++) {
            TreePath path = paths.get(random.nextInt(paths.size()));
            switch (random.nextInt(4)) {
                case 0 -> after.remove(path);
                case 1 -> after.put(path, TestEntries.entry(path, random));
                case 2 -> {
                    TreePath fresh = new TreePath(path.directory(), RawName.of("new" + random.nextInt(100)));
                    after.put(fresh, TestEntries.entry(fresh, random));
                }
                default -> after.keySet().removeIf(key -> isInDeepDirectory(key, path));
            }
        }
        expectDiff(before, after);
        expectDiff(after, before);
    }

    /** Some whole directories go. */
    private static boolean isInDeepDirectory(TreePath key, TreePath path) {
        return path.directory().length() > 3 && key.directory().equals(path.directory());
    }

    @Test
    void differentHeights() throws IOException {
        TreeMap<TreePath, ManifestEntry> large = TestEntries.random(5, 20_000);
        TreeMap<TreePath, ManifestEntry> middle = TestEntries.random(5, 700);
        TreeMap<TreePath, ManifestEntry> one = new TreeMap<>();
        one.put(large.lastKey(), large.lastEntry().getValue());
        List<TreeMap<TreePath, ManifestEntry>> all = List.of(large, middle, one, new TreeMap<>());
        for (TreeMap<TreePath, ManifestEntry> before : all) {
            for (TreeMap<TreePath, ManifestEntry> after : all) {
                expectDiff(before, after);
            }
        }
    }

    @Test
    void costsWhatChanged() throws IOException {
        TreeMap<TreePath, ManifestEntry> before = TestEntries.random(2, 40_000);
        TreeMap<TreePath, ManifestEntry> after = new TreeMap<>(before);
        ManifestRoot old = build(chunks, before.values());
        int nodes = chunks.size();
        assertTrue(nodes > 200, () -> nodes + " nodes");
        after.remove(new ArrayList<>(before.keySet()).get(20_000));
        TreePath added = TreePath.parse(RawName.of("a/a/added"));
        after.put(added, TestEntries.file("a/a/added", 1));
        ManifestRoot young = build(chunks, after.values());
        chunks.gets = 0;
        List<TreePath> found = new ArrayList<>();
        new ManifestDiff(chunks).diff(old.id(), young.id(), (a, b) -> found.add(path(a, b)));
        assertEquals(2, found.size());
        assertTrue(chunks.gets <= 18, () -> chunks.gets + " nodes read of " + nodes);
        chunks.gets = 0;
        new ManifestDiff(chunks).diff(old.id(), old.id(), (a, b) -> found.add(path(a, b)));
        assertEquals(0, chunks.gets);
    }

    private static TreePath path(@Nullable ManifestEntry a, @Nullable ManifestEntry b) {
        return a == null ? Objects.requireNonNull(b).path() : a.path();
    }

    private record Change(TreePath path, boolean hasBefore, boolean hasAfter) {}

    private void expectDiff(TreeMap<TreePath, ManifestEntry> before, TreeMap<TreePath, ManifestEntry> after)
            throws IOException {
        List<Change> expected = new ArrayList<>();
        TreeSet<TreePath> paths = new TreeSet<>(before.keySet());
        paths.addAll(after.keySet());
        for (TreePath path : paths) {
            if (!Objects.equals(before.get(path), after.get(path))) {
                expected.add(new Change(path, before.containsKey(path), after.containsKey(path)));
            }
        }
        List<Change> found = new ArrayList<>();
        new ManifestDiff(chunks)
                .diff(
                        build(chunks, before.values()).id(),
                        build(chunks, after.values()).id(),
                        (a, b) -> {
                            TreePath path = path(a, b);
                            assertEquals(before.get(path), a);
                            assertEquals(after.get(path), b);
                            found.add(new Change(path, a != null, b != null));
                        });
        assertEquals(expected, found);
    }
}
