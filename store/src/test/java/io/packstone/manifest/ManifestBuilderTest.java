package io.packstone.manifest;

import static io.packstone.manifest.TestEntries.all;
import static io.packstone.manifest.TestEntries.build;
import static io.packstone.manifest.TestEntries.file;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.crypto.BoundaryHash;
import io.packstone.crypto.SecretKey;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestBuilderTest {
    private final MemoryChunks chunks = new MemoryChunks();
    private final ManifestReader reader = new ManifestReader(chunks);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 50, 400, 3000, 20_000})
    void walkReturnsWhatWasAdded(int count) throws IOException {
        List<ManifestEntry> entries =
                new ArrayList<>(TestEntries.random(count, count).values());
        ManifestRoot root = build(chunks, entries);
        assertEquals(entries, all(reader.walk(root.id())));
        assertEquals(root.totals(), reader.totals(root.id()));
        assertEquals(entries.size(), root.totals().entries());
        assertEquals(new HashSet<>(chunks.puts).size(), chunks.puts.size(), "a node was put twice");
        Set<ChunkId> reached = new HashSet<>();
        reach(root.id(), reached);
        assertEquals(new HashSet<>(chunks.puts), reached, "a node was put that the root does not reach");
    }

    private void reach(ChunkId id, Set<ChunkId> reached) throws IOException {
        reached.add(id);
        ManifestNode node = NodeReader.root(chunks, id);
        for (int i = 0; !node.isLeaf() && i < node.size(); i++) {
            reach(node.child(i).id(), reached);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void rootsOnTheWayAreThoseOfWhatWasAddedAndDisturbNothing(long seed) throws IOException {
        Random random = new Random(seed);
        List<ManifestEntry> entries = new ArrayList<>(
                TestEntries.random(seed, 1 + random.nextInt(6000)).values());
        int one = 1 + random.nextInt(300);
        ManifestBuilder builder = new ManifestBuilder(chunks, TestEntries.boundaries());
        assertEquals(build(new MemoryChunks(), List.of()), builder.soFar());
        for (int i = 0; i < entries.size(); i++) {
            builder.add(entries.get(i));
            if (random.nextInt(one) == 0) {
                ManifestRoot soFar = builder.soFar();
                assertEquals(build(new MemoryChunks(), entries.subList(0, i + 1)), soFar);
                assertEquals(soFar, builder.soFar());
                assertEquals(entries.subList(0, i + 1), all(reader.walk(soFar.id())));
            }
        }
        assertEquals(build(new MemoryChunks(), entries), builder.finish());
        assertThrows(IllegalStateException.class, builder::soFar);
    }

    /** Long runs, which are divided by weaker cuts, and levels of them. */
    @Test
    void rootsOnTheWayWithoutAnyCut() throws IOException {
        EntryKey.Digest never = (key, offset, length, target) -> Arrays.fill(target, (byte) 0xff);
        ManifestBuilder builder = new ManifestBuilder(chunks, never);
        ManifestBuilder undisturbed = new ManifestBuilder(new MemoryChunks(), never);
        for (int i = 0; i < 9000; i++) {
            builder.add(file(String.format("%06d", i), i));
            undisturbed.add(file(String.format("%06d", i), i));
            if (i % 1777 == 0) {
                assertEquals(i + 1, builder.soFar().totals().files());
            }
        }
        assertEquals(undisturbed.finish(), builder.finish());
    }

    @Test
    void emptyManifestIsOneEmptyNode() throws IOException {
        ManifestRoot root = build(chunks, List.of());
        assertEquals(Totals.NONE, root.totals());
        assertArrayHex("83008080", chunks.peek(root.id()).payload());
        assertEquals(List.of(), all(reader.reverse(root.id())));
        assertEquals(null, reader.find(root.id(), TreePath.ROOT));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void partitionsShareAllNodesButThoseAtTheSeam(long seed) throws IOException {
        List<ManifestEntry> entries =
                new ArrayList<>(TestEntries.random(seed, 6000).values());
        ManifestRoot whole = build(chunks, entries);
        Set<ChunkId> wholeNodes = new HashSet<>(chunks.puts);
        int split = new Random(seed).nextInt(entries.size());
        MemoryChunks parts = new MemoryChunks();
        ManifestRoot left = build(parts, entries.subList(0, split));
        ManifestRoot right = build(parts, entries.subList(split, entries.size()));
        wholeNodes.removeAll(parts.puts);
        assertTrue(wholeNodes.size() <= 4, () -> "a cut depends on what came long before: " + wholeNodes.size());

        List<ManifestEntry> stitched = new ArrayList<>(all(new ManifestReader(parts).walk(left.id())));
        stitched.addAll(all(new ManifestReader(parts).walk(right.id())));
        assertEquals(whole, build(new MemoryChunks(), stitched));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void smallEditSharesNearlyAllNodes(long seed) throws IOException {
        Random random = new Random(seed);
        TreeMap<TreePath, ManifestEntry> entries = TestEntries.random(seed, 10_000);
        build(chunks, entries.values());
        Set<ChunkId> before = new HashSet<>(chunks.puts);
        assertTrue(before.size() > 40, () -> "too few nodes to tell: " + before.size());
        List<TreePath> paths = new ArrayList<>(entries.keySet());
        switch ((int) seed % 3) {
            case 0 -> entries.remove(paths.get(random.nextInt(paths.size())));
            case 1 -> {
                TreePath path = TreePath.parse(RawName.of("a/new"));
                entries.put(path, TestEntries.entry(path, random));
            }
            default -> {
                TreePath path = paths.get(random.nextInt(paths.size()));
                entries.put(path, TestEntries.entry(path, random));
            }
        }
        chunks.puts.clear();
        build(chunks, entries.values());
        chunks.puts.removeAll(before);
        assertTrue(chunks.puts.size() <= 5, () -> chunks.puts.size() + " new nodes of " + before.size());
        assertFalse(chunks.puts.isEmpty());
    }

    @Test
    void directoryOf200000NamesStaysInBounds() throws IOException {
        ManifestBuilder builder = new ManifestBuilder(chunks, TestEntries.boundaries());
        for (int i = 0; i < 200_000; i++) {
            builder.add(file(String.format("big/file-%08d.txt", i), i));
        }
        ManifestRoot root = builder.finish();
        assertEquals(200_000, root.totals().files());
        assertEquals(199_999, root.totals().newest());
        int longest = chunks.puts.stream()
                .mapToInt(id -> chunks.peek(id).payload().length)
                .max()
                .orElseThrow();
        assertTrue(longest <= 256 << 10, () -> "a node of " + longest);
        assertTrue(chunks.size() > 200 && chunks.size() < 2000, () -> chunks.size() + " nodes");
        chunks.gets = 0;
        TreePath path = TreePath.parse(RawName.of("big/file-00123456.txt"));
        assertEquals(file("big/file-00123456.txt", 123_456), reader.find(root.id(), path));
        assertTrue(chunks.gets <= 4, () -> chunks.gets + " nodes read for one entry");
    }

    /** With digests that never cut, only the run rule and the least node of two children make nodes. */
    @Test
    void runRuleBoundsNodesWithoutAnyCut() throws IOException {
        EntryKey.Digest never = (key, offset, length, target) -> Arrays.fill(target, (byte) 0xff);
        ManifestBuilder builder = new ManifestBuilder(chunks, never);
        List<ManifestEntry> entries = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            entries.add(file(String.format("%06d", i), i));
            builder.add(entries.get(i));
        }
        ManifestRoot root = builder.finish();
        assertEquals(entries, all(reader.walk(root.id())));
        for (ChunkId id : chunks.puts) {
            assertTrue(chunks.peek(id).payload().length <= 256 << 10);
        }
    }

    @Test
    void longestPathsEndInOneRoot() throws IOException {
        List<ManifestEntry> entries = new ArrayList<>();
        String component = "x".repeat(60_000);
        for (int i = 0; i < 40; i++) {
            entries.add(file(String.format("%02d/", i) + (component + "/").repeat(16) + component, i));
        }
        ManifestRoot root = build(chunks, entries);
        assertEquals(entries, all(reader.walk(root.id())));
        assertEquals(40, root.totals().entries());
    }

    @Test
    void deepChainOfDirectoriesStaysInBounds() throws IOException {
        List<ManifestEntry> entries = new ArrayList<>();
        StringBuilder path = new StringBuilder("d");
        for (int i = 0; i < 2000; i++) {
            TreePath key = TreePath.parse(RawName.of(path.toString()));
            entries.add(
                    new ManifestEntry(key, TestEntries.metadata(FileType.DIRECTORY, 1, 0, i), FileBody.EMPTY, false));
            path.append("/d");
        }
        ManifestRoot root = build(chunks, entries);
        assertEquals(entries, all(reader.walk(root.id())));
        for (ChunkId id : chunks.puts) {
            assertTrue(chunks.peek(id).payload().length <= 300 << 10);
        }
    }

    @Test
    void everyCutStrongStillEnds() throws IOException {
        EntryKey.Digest half = (key, offset, length, target) -> {
            Arrays.fill(target, (byte) 0);
            target[8] = (byte) (Arrays.hashCode(Arrays.copyOf(key, length)) >>> 3 & 1);
        };
        ManifestBuilder builder = new ManifestBuilder(chunks, half);
        List<ManifestEntry> entries = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            entries.add(file(String.format("%06d", i), i));
        }
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> {
            for (ManifestEntry entry : entries) {
                builder.add(entry);
            }
            builder.finish();
        });
        assertTrue(String.valueOf(refused.getMessage()).contains("levels"));
    }

    @Test
    void refusesWhatHasNoPlace() throws IOException {
        ManifestBuilder builder = new ManifestBuilder(chunks, TestEntries.boundaries());
        builder.add(file("b/c", 1));
        assertThrows(IllegalArgumentException.class, () -> builder.add(file("b/c", 1)));
        assertThrows(IllegalArgumentException.class, () -> builder.add(file("b/b", 1)));
        for (String bad : List.of("x/./y", "x/../y", "x/..", "x/.", "x\0y/z", "x/y\0")) {
            assertThrows(IllegalArgumentException.class, () -> builder.add(file(bad, 1)), bad);
        }
        RawName x = RawName.of("x");
        for (RawName name : List.of(RawName.EMPTY, RawName.of("a/b"), RawName.of("y".repeat(65_537)))) {
            assertFalse(ManifestBuilder.isStorable(new TreePath(x, name)));
        }
        for (String directory : List.of("/x", "x/", "x//y", "x/./y", "..")) {
            assertFalse(ManifestBuilder.isStorable(new TreePath(RawName.of(directory), x)), directory);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.add(new ManifestEntry(
                        new TreePath(x, x),
                        TestEntries.metadata(FileType.FIFO, 0, 0, 0),
                        TestEntries.body(new Random(1), 1),
                        false)));
        builder.finish();
        assertThrows(IllegalArgumentException.class, () -> builder.add(file("c", 1)));
    }

    @Test
    void anotherBoundaryKeyMakesOtherNodes() throws IOException {
        List<ManifestEntry> entries =
                new ArrayList<>(TestEntries.random(9, 3000).values());
        ManifestRoot one = build(chunks, entries);
        ManifestBuilder other = new ManifestBuilder(chunks, new BoundaryHash(SecretKey.copyOf(new byte[32])));
        for (ManifestEntry entry : entries) {
            other.add(entry);
        }
        assertNotEquals(one.id(), other.finish().id());
    }

    @Test
    void keysSortLikePaths() {
        List<TreePath> paths = new ArrayList<>(TestEntries.random(3, 3000).keySet());
        byte[][] last = new byte[1][];
        EntryKey key = new EntryKey((bytes, offset, length, target) -> {
            byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
            assertTrue(last[0] == null || Arrays.compareUnsigned(last[0], copy) < 0);
            last[0] = copy;
        });
        for (TreePath path : paths) {
            key.digest(path);
            assertEquals(EntryKey.length(path), last[0].length);
        }
        last[0] = null;
        key.digest(TreePath.ROOT);
        assertArrayHex("00", last[0]);
        key.digest(TreePath.parse(RawName.of("a/b/c")));
        assertArrayHex("610062000063", last[0]);
    }

    private static void assertArrayHex(String expected, byte[] found) {
        assertEquals(expected, HexFormat.of().formatHex(found));
    }

    @Test
    void nodesAreOfTheirType() throws IOException {
        NodeSink typed = (type, refs, refCount, payload, length) -> {
            assertEquals(ChunkType.NODE, type);
            return chunks.put(type, refs, refCount, payload, length);
        };
        build(typed, TestEntries.random(1, 2000).values());
    }
}
