package io.packstone.manifest;

import static io.packstone.manifest.TestEntries.all;
import static io.packstone.manifest.TestEntries.build;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestReaderTest {
    private final MemoryChunks chunks = new MemoryChunks();
    private final ManifestReader reader = new ManifestReader(chunks);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void rangesEqualBruteForce(long seed) throws IOException {
        TreeMap<TreePath, ManifestEntry> map = TestEntries.random(seed, 4000);
        List<ManifestEntry> entries = new ArrayList<>(map.values());
        ManifestRoot root = build(chunks, entries);
        List<ManifestEntry> reversed = new ArrayList<>(entries);
        Collections.reverse(reversed);
        assertEquals(reversed, all(reader.reverse(root.id())));
        Random random = new Random(seed);
        List<TreePath> paths = new ArrayList<>(List.of(
                TreePath.ROOT,
                TreePath.parse(RawName.of("a")),
                TreePath.parse(RawName.of("a/a")),
                TreePath.parse(RawName.of("zz/zz/zz/zz")),
                TreePath.parse(RawName.of("nowhere/at all")),
                TreePath.parse(RawName.of("~"))));
        for (int i = 0; i < 60; i++) {
            TreePath path = entries.get(random.nextInt(entries.size())).path();
            paths.add(path);
            paths.add(TreePath.parse(path.directory()));
        }
        for (TreePath path : paths) {
            expectRanges(path, map, root);
        }
    }

    private void expectRanges(TreePath path, TreeMap<TreePath, ManifestEntry> map, ManifestRoot root)
            throws IOException {
        List<ManifestEntry> within = map.values().stream()
                .filter(entry -> path.contains(entry.path()))
                .toList();
        assertEquals(within, all(reader.within(root.id(), path)), () -> "within " + path);
        List<ManifestEntry> reversed = new ArrayList<>(within);
        Collections.reverse(reversed);
        assertEquals(reversed, all(reader.reverseWithin(root.id(), path)), () -> "reverse within " + path);
        assertEquals(
                map.values().stream()
                        .filter(entry -> entry.path().directory().equals(path.asDirectory())
                                && !entry.path().isRoot())
                        .toList(),
                all(reader.list(root.id(), path)),
                () -> "list " + path);
        assertEquals(map.get(path), reader.find(root.id(), path), () -> "find " + path);
        Totals totals = within.stream()
                .filter(entry -> !entry.path().equals(path))
                .map(Totals::of)
                .reduce(Totals.NONE, Totals::plus);
        assertEquals(totals, reader.totalsBelow(root.id(), path), () -> "totals below " + path);
        assertEquals(new ArrayList<>(map.tailMap(path, true).values()), all(reader.walkFrom(root.id(), path)));
    }

    @Test
    void oneEntry() throws IOException {
        ManifestEntry only = TestEntries.file("a/b", 5);
        ManifestRoot root = build(chunks, List.of(only));
        assertEquals(1, chunks.size());
        assertEquals(List.of(only), all(reader.walk(root.id())));
        assertEquals(List.of(only), all(reader.reverse(root.id())));
        assertEquals(List.of(only), all(reader.list(root.id(), TreePath.parse(RawName.of("a")))));
        assertNull(reader.find(root.id(), TreePath.parse(RawName.of("a"))));
        ManifestCursor cursor = reader.walk(root.id());
        all(cursor);
        assertNull(cursor.next());
    }

    @Test
    void oneDirectoryCostsItsNodes() throws IOException {
        ManifestBuilder builder = new ManifestBuilder(chunks, TestEntries.boundaries());
        for (int directory = 0; directory < 2000; directory++) {
            for (int i = 0; i < 20; i++) {
                builder.add(TestEntries.file(String.format("%04d/%02d", directory, i), i));
            }
        }
        ManifestRoot root = builder.finish();
        chunks.gets = 0;
        assertEquals(
                20,
                all(reader.list(root.id(), TreePath.parse(RawName.of("1234")))).size());
        assertTrue(chunks.gets <= 6, () -> chunks.gets + " nodes read");
        chunks.gets = 0;
        assertEquals(
                20,
                reader.totalsBelow(root.id(), TreePath.parse(RawName.of("1234")))
                        .files());
        assertTrue(chunks.gets <= 6, () -> chunks.gets + " nodes read");
    }

    /** Knows all that it has left. */
    private static final class Known implements ManifestCursor.Passage {
        private final Set<ManifestCursor.Place> left = new HashSet<>();
        private final Deque<ManifestCursor.Place> within = new ArrayDeque<>();

        @Override
        public boolean isKnown(ManifestCursor.Place place) {
            return left.contains(place);
        }

        @Override
        public void entered(ManifestCursor.Place place) {
            within.addLast(place);
        }

        @Override
        public void left(ManifestCursor.Place place) {
            assertEquals(within.removeLast(), place);
            left.add(place);
        }
    }

    @Test
    void whatIsKnownIsPassedOver() throws IOException {
        List<ManifestEntry> entries = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            entries.add(TestEntries.file(String.format("%05d", i), i));
        }
        ManifestRoot root = build(chunks, entries);
        Known known = new Known();
        assertEquals(entries, all(reader.walk(root.id(), known)));
        assertEquals(chunks.size(), known.left.size());
        chunks.gets = 0;
        assertEquals(List.of(), all(reader.walk(root.id(), known)));
        assertEquals(0, chunks.gets);
        ManifestEntry changed = TestEntries.file("12345", 1);
        entries.set(12345, changed);
        int before = chunks.size();
        ManifestRoot other = build(chunks, entries);
        List<ManifestEntry> shown = all(reader.walk(other.id(), known));
        assertTrue(shown.contains(changed) && shown.size() < 2000, () -> shown.size() + " entries");
        assertEquals(chunks.size() - before, chunks.gets);
        assertTrue(known.within.isEmpty());
    }
}
