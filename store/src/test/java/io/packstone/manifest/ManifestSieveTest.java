package io.packstone.manifest;

import static io.packstone.manifest.TestEntries.all;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.id.ChunkId;
import io.packstone.manifest.ManifestSieve.Choice;
import io.packstone.manifest.ManifestSieve.Fate;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ManifestSieveTest {
    private final MemoryChunks chunks = new MemoryChunks();

    /** Where nodes end: as in life; often, so that a few thousand entries have many levels; hardly, so that runs of leaves
     * are too long; or so that runs above them are. */
    enum Cuts {
        KEYED,
        DENSE,
        SPARSE,
        FLAT;

        EntryKey.Digest digest() {
            return switch (this) {
                case KEYED -> TestEntries.boundaries()::digest;
                case DENSE -> (key, offset, length, target) -> fill(key, offset, length, target, 4, 4);
                case SPARSE -> (key, offset, length, target) -> fill(key, offset, length, target, 1200, 3);
                case FLAT -> (key, offset, length, target) -> fill(key, offset, length, target, 3, 100);
            };
        }

        /** One key in {@code leafOdds} ends a leaf, and one in {@code odds} of those of a level ends a node of the next. */
        private static void fill(byte[] key, int offset, int length, byte[] target, int leafOdds, int odds) {
            Random random = new Random(Arrays.hashCode(Arrays.copyOfRange(key, offset, offset + length)) * 31L);
            boolean cut = random.nextInt(leafOdds) == 0;
            // Below what the least weight asks for, or, one time in four, what only a greater one does; or above any.
            long hash = cut ? random.nextLong() >>> (random.nextInt(4) == 0 ? 5 : 9) : -1L - random.nextInt(1000);
            int level = 0;
            while (level < 9 && random.nextInt(odds) == 0) {
                level++;
            }
            long zeros = -1L >>> 6 * level + (random.nextInt(20) == 0 ? 3 : 0);
            ByteBuffer.wrap(target).putLong(hash).putLong(zeros).putLong(-1).putLong(-1);
        }
    }

    /** Drops paths, one by one or from one to another, and knows ranges as well as it is allowed to. */
    record Drops(Set<TreePath> single, TreeSet<TreePath> bounds, boolean knowsRanges) implements Choice {
        private boolean isDropped(TreePath path) {
            return single.contains(path) || bounds.headSet(path, true).size() % 2 == 1;
        }

        @Override
        public Fate of(@Nullable TreePath after, TreePath last) {
            if (!knowsRanges || after == null) {
                return Fate.OPEN;
            }
            boolean isOneSide = bounds.subSet(after, false, last, true).isEmpty();
            if (isOneSide && isDropped(last) && !single.contains(last)) {
                return Fate.DROPPED;
            }
            boolean holdsSingle = single.stream().anyMatch(p -> p.compareTo(after) > 0 && p.compareTo(last) <= 0);
            return isOneSide && !holdsSingle && !isDropped(last) ? Fate.KEPT : Fate.OPEN;
        }

        @Override
        public Fate of(ManifestEntry entry) {
            return isDropped(entry.path()) ? Fate.DROPPED : Fate.KEPT;
        }
    }

    private ManifestRoot build(Cuts cuts, Collection<ManifestEntry> entries) throws IOException {
        ManifestBuilder builder = new ManifestBuilder(chunks, cuts.digest());
        for (ManifestEntry entry : entries) {
            builder.add(entry);
        }
        return builder.finish();
    }

    /** The first keys of nodes, which are where mistakes at their ends show, by level. */
    private void starts(ChunkId id, TreeMap<TreePath, ManifestEntry> entries, List<List<TreePath>> starts)
            throws IOException {
        ManifestNode node = NodeReader.root(chunks, id);
        while (starts.size() < node.level()) {
            starts.add(new ArrayList<>());
        }
        for (int i = 0; !node.isLeaf() && i < node.size(); i++) {
            TreePath next = entries.higherKey(node.key(i));
            if (next != null) {
                starts.get(node.level() - 1).add(next);
            }
            starts(node.child(i).id(), entries, starts);
        }
    }

    private Drops some(Random random, ChunkId root, TreeMap<TreePath, ManifestEntry> entries) throws IOException {
        List<TreePath> paths = List.copyOf(entries.keySet());
        List<List<TreePath>> starts = new ArrayList<>();
        starts(root, entries, starts);
        Set<TreePath> single = new HashSet<>();
        for (int i = random.nextInt(8) - 3; i > 0; i--) {
            single.add(paths.get(random.nextInt(paths.size())));
        }
        TreeSet<TreePath> bounds = new TreeSet<>();
        if (random.nextInt(3) == 0) {
            bounds.add(TreePath.ROOT);
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            List<TreePath> level = starts.isEmpty() ? paths : starts.get(random.nextInt(starts.size()));
            List<TreePath> from = level.isEmpty() || random.nextInt(4) == 0 ? paths : level;
            bounds.add(from.get(random.nextInt(from.size())));
        }
        return new Drops(single, bounds, random.nextInt(4) > 0);
    }

    @ParameterizedTest
    @EnumSource(Cuts.class)
    void whatIsLeftIsTheVeryManifestOfTheRest(Cuts cuts) throws IOException {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            expectRest(cuts, seed, TestEntries.random(seed, random.nextInt(cuts == Cuts.DENSE ? 1500 : 6000) + 1));
        }
    }

    /** Nodes above the leaves are too long as well then, and end where no key says so. */
    @Test
    void soItIsWherePathsAreLong() throws IOException {
        String folder = "long".repeat(1000) + "/";
        for (int seed = 0; seed < 30; seed++) {
            TreeMap<TreePath, ManifestEntry> entries = new TreeMap<>();
            for (int i = 0; i < 600; i++) {
                ManifestEntry entry = TestEntries.file(folder + i, seed);
                entries.put(entry.path(), entry);
            }
            expectRest(Cuts.FLAT, seed, entries);
        }
    }

    /** Also one that stood above a single node, which becomes the root. */
    @ParameterizedTest
    @EnumSource(Cuts.class)
    void anyNodeMayBeLeftAlone(Cuts cuts) throws IOException {
        TreeMap<TreePath, ManifestEntry> entries = TestEntries.random(4, cuts == Cuts.DENSE ? 300 : 3000);
        ManifestRoot whole = build(cuts, entries.values());
        List<List<TreePath>> starts = new ArrayList<>();
        starts(whole.id(), entries, starts);
        for (List<TreePath> level : starts) {
            TreePath from = TreePath.ROOT;
            for (TreePath to : level) {
                TreeSet<TreePath> bounds = new TreeSet<>(List.of(TreePath.ROOT, from, to));
                if (from.isRoot()) {
                    bounds.remove(from);
                }
                Drops drops = new Drops(Set.of(), bounds, true);
                ManifestRoot left =
                        new ManifestSieve(chunks).rest(whole.id(), drops, new ManifestBuilder(chunks, cuts.digest()));
                assertEquals(build(cuts, entries.subMap(from, to).values()), left, from + " to " + to);
                from = to;
            }
        }
    }

    private void expectRest(Cuts cuts, int seed, TreeMap<TreePath, ManifestEntry> entries) throws IOException {
        ManifestRoot whole = build(cuts, entries.values());
        for (int round = 0; round < 4; round++) {
            Drops drops = some(new Random(seed * 4L + round), whole.id(), entries);
            List<ManifestEntry> rest = entries.values().stream()
                    .filter(entry -> drops.of(entry) == Fate.KEPT)
                    .toList();
            ManifestSieve sieve = new ManifestSieve(chunks);
            Totals dropped = sieve.dropped(whole.id(), drops);
            assertEquals(entries.size() - rest.size(), dropped.entries(), "seed " + seed);
            ManifestRoot left = sieve.rest(whole.id(), drops, new ManifestBuilder(chunks, cuts.digest()));
            assertEquals(rest, all(new ManifestReader(chunks).walk(left.id())), "seed " + seed);
            assertEquals(build(cuts, rest), left, "seed " + seed + " of " + entries.size());
            assertEquals(whole.totals().bytes(), left.totals().bytes() + dropped.bytes());
        }
    }

    @Test
    void nothingDroppedIsTheSameManifest() throws IOException {
        ManifestRoot whole = build(Cuts.KEYED, TestEntries.random(5, 4000).values());
        ManifestSieve sieve = new ManifestSieve(chunks);
        Drops none = new Drops(Set.of(), new TreeSet<>(), false);
        assertEquals(Totals.NONE, sieve.dropped(whole.id(), none));
        assertEquals(whole, sieve.rest(whole.id(), none, chunks, TestEntries.boundaries()));
        chunks.gets = 0;
        assertEquals(Totals.NONE, sieve.dropped(whole.id(), none));
        assertEquals(0, chunks.gets, "what was looked at before is not read again");
    }

    @Test
    void everythingDroppedIsTheEmptyManifest() throws IOException {
        ManifestRoot whole = build(Cuts.KEYED, TestEntries.random(6, 3000).values());
        TreeSet<TreePath> all = new TreeSet<>(Set.of(TreePath.ROOT));
        ManifestSieve sieve = new ManifestSieve(chunks);
        Drops drops = new Drops(Set.of(), all, true);
        assertEquals(whole.totals(), sieve.dropped(whole.id(), drops));
        assertEquals(
                Totals.NONE,
                sieve.rest(whole.id(), drops, chunks, TestEntries.boundaries()).totals());
    }

    /** A tree of many leaves, from which one file goes, and then one folder of many. */
    @Test
    void theCostIsThatOfWhatIsDroppedAndNotOfTheTree() throws IOException {
        List<ManifestEntry> entries = new ArrayList<>();
        for (int folder = 0; folder < 100; folder++) {
            for (int i = 0; i < 1000; i++) {
                entries.add(TestEntries.file(String.format("home/%03d/file-%06d", folder, i), i));
            }
        }
        ManifestRoot whole = build(Cuts.KEYED, entries);
        int nodes = chunks.size();
        assertTrue(nodes > 400, nodes + " nodes");
        Drops one = new Drops(Set.of(TreePath.parse(RawName.of("home/050/file-000500"))), new TreeSet<>(), true);
        expectFew(whole, one, 1, 20);
        TreeSet<TreePath> folder = new TreeSet<>(List.of(
                TreePath.parse(RawName.of("home/050/file-000000")),
                TreePath.parse(RawName.of("home/051/file-000000"))));
        expectFew(whole, new Drops(Set.of(), folder, true), 1000, 30);
    }

    private void expectFew(ManifestRoot whole, Drops drops, int entries, int most) throws IOException {
        chunks.gets = 0;
        chunks.puts.clear();
        ManifestSieve sieve = new ManifestSieve(chunks);
        assertEquals(entries, sieve.dropped(whole.id(), drops).entries());
        sieve.rest(whole.id(), drops, chunks, TestEntries.boundaries());
        assertTrue(chunks.gets <= most, chunks.gets + " nodes read");
        assertTrue(chunks.puts.size() <= most, chunks.puts.size() + " nodes put");
    }

    /** As patterns that may fit anywhere do: the first manifest is read whole, the next where it differs from that. */
    @Test
    void manifestsThatShareNodesAreLookedAtOnce() throws IOException {
        List<ManifestEntry> entries =
                new ArrayList<>(TestEntries.random(8, 20_000).values());
        ManifestRoot first = build(Cuts.KEYED, entries);
        int nodes = chunks.size();
        entries.remove(entries.size() / 2);
        ManifestRoot second = build(Cuts.KEYED, entries);
        Drops drops = new Drops(Set.of(entries.get(77).path()), new TreeSet<>(), false);
        ManifestSieve sieve = new ManifestSieve(chunks);
        chunks.gets = 0;
        assertEquals(1, sieve.dropped(first.id(), drops).entries());
        assertEquals(nodes, chunks.gets);
        chunks.gets = 0;
        assertEquals(1, sieve.dropped(second.id(), drops).entries());
        sieve.rest(second.id(), drops, chunks, TestEntries.boundaries());
        assertTrue(chunks.gets < 30, chunks.gets + " nodes read of " + nodes);
    }

    /** What only this manifest keeps is looked at again for the next. */
    @Test
    void whatIsSparedIsNotTakenForKept() throws IOException {
        List<ManifestEntry> entries =
                new ArrayList<>(TestEntries.random(9, 2000).values());
        ChunkId root = build(Cuts.KEYED, entries).id();
        TreePath path = entries.get(1000).path();
        Drops drops = new Drops(Set.of(path), new TreeSet<>(), false);
        ManifestSieve sieve = new ManifestSieve(chunks);
        Choice sparing = new Choice() {
            @Override
            public Fate of(@Nullable TreePath after, TreePath last) {
                return Fate.OPEN;
            }

            @Override
            public Fate of(ManifestEntry entry) {
                return drops.of(entry) == Fate.DROPPED ? Fate.SPARED : Fate.KEPT;
            }
        };
        assertEquals(0, sieve.dropped(root, sparing).entries());
        assertEquals(
                root,
                sieve.rest(root, sparing, chunks, TestEntries.boundaries()).id());
        assertEquals(1, sieve.dropped(root, drops).entries());
    }
}
