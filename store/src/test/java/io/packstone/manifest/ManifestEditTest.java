package io.packstone.manifest;

import static io.packstone.manifest.TestEntries.all;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.manifest.ManifestSieve.Choice;
import io.packstone.manifest.ManifestSieve.Fate;
import io.packstone.manifest.ManifestSieveTest.Cuts;
import io.packstone.manifest.ManifestSieveTest.Drops;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.util.ArrayList;
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

class ManifestEditTest {
    /** Drops nothing. */
    private static final Choice ALL = new Choice() {
        @Override
        public Fate of(@Nullable TreePath after, TreePath last) {
            return Fate.KEPT;
        }

        @Override
        public Fate of(ManifestEntry entry) {
            return Fate.KEPT;
        }
    };

    private final MemoryChunks chunks = new MemoryChunks();

    private ManifestRoot build(Cuts cuts, Collection<ManifestEntry> entries) throws IOException {
        ManifestBuilder builder = new ManifestBuilder(chunks, cuts.digest());
        for (ManifestEntry entry : entries) {
            builder.add(entry);
        }
        return builder.finish();
    }

    private ManifestRoot edit(Cuts cuts, ManifestRoot before, Choice choice, Collection<ManifestEntry> added)
            throws IOException {
        ManifestBuilder builder = new ManifestBuilder(chunks, cuts.digest());
        ManifestEdit edit = new ManifestEdit(chunks, before.id(), choice, Set.of(), builder);
        for (ManifestEntry entry : added) {
            edit.add(entry);
        }
        return edit.finish();
    }

    private static <T> T any(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** Single paths, and what lies between others. */
    private static Drops drops(Random random, List<TreePath> paths) {
        Set<TreePath> single = new HashSet<>();
        TreeSet<TreePath> bounds = new TreeSet<>();
        for (int i = random.nextInt(8) - 3; i > 0; i--) {
            single.add(any(random, paths));
        }
        for (int i = random.nextInt(5) - 1; i > 0; i--) {
            bounds.add(any(random, paths));
        }
        return new Drops(single, bounds, random.nextInt(4) > 0);
    }

    /** Entries in other places, entries in the places of others, or a whole run of them behind all. */
    private static TreeMap<TreePath, ManifestEntry> added(Random random, List<TreePath> paths) {
        TreeMap<TreePath, ManifestEntry> added = new TreeMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            TreePath path = any(random, paths);
            added.put(path, TestEntries.entry(path, random));
        }
        List<ManifestEntry> others = List.copyOf(
                TestEntries.random(random.nextInt(), 1 + random.nextInt(3000)).values());
        for (int i = random.nextInt(6) - 2; i > 0; i--) {
            ManifestEntry entry = any(random, others);
            added.put(entry.path(), entry);
        }
        if (random.nextInt(4) == 0) {
            int from = random.nextInt(others.size());
            others.subList(from, Math.min(others.size(), from + random.nextInt(600)))
                    .forEach(entry -> added.put(entry.path(), entry));
        }
        return added;
    }

    @ParameterizedTest
    @EnumSource(Cuts.class)
    void whatComesOutIsTheVeryManifestOfTheSameEntries(Cuts cuts) throws IOException {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            TreeMap<TreePath, ManifestEntry> entries =
                    TestEntries.random(seed, random.nextInt(cuts == Cuts.DENSE ? 1500 : 6000) + 1);
            ManifestRoot before = build(cuts, entries.values());
            List<TreePath> paths = List.copyOf(entries.keySet());
            Drops drops = drops(random, paths);
            TreeMap<TreePath, ManifestEntry> added = added(random, paths);
            entries.values().removeIf(entry -> drops.of(entry) == Fate.DROPPED);
            entries.putAll(added);
            ManifestRoot after = edit(cuts, before, drops, added.values());
            assertEquals(
                    List.copyOf(entries.values()), all(new ManifestReader(chunks).walk(after.id())), "seed " + seed);
            assertEquals(build(cuts, entries.values()), after, "seed " + seed);
        }
    }

    /** One entry before, at and behind each entry of a small manifest with many levels. */
    @Test
    void anyPlaceWillDo() throws IOException {
        TreeMap<TreePath, ManifestEntry> entries = TestEntries.random(11, 250);
        List<ManifestEntry> others = List.copyOf(TestEntries.random(12, 400).values());
        ManifestRoot before = build(Cuts.DENSE, entries.values());
        for (ManifestEntry entry : others) {
            TreeMap<TreePath, ManifestEntry> expected = new TreeMap<>(entries);
            expected.put(entry.path(), entry);
            assertEquals(
                    build(Cuts.DENSE, expected.values()),
                    edit(Cuts.DENSE, before, ALL, List.of(entry)),
                    entry.path() + "");
        }
    }

    @Test
    void entriesOutOfOrderAreRefused() throws IOException {
        List<ManifestEntry> entries = List.copyOf(TestEntries.random(2, 50).values());
        ManifestRoot before = build(Cuts.KEYED, entries);
        List<ManifestEntry> wrong = List.of(entries.get(7), entries.get(6));
        assertThrows(IllegalArgumentException.class, () -> edit(Cuts.KEYED, before, ALL, wrong));
    }

    /** One file of a hundred thousand is another one, or is new. */
    @Test
    void theCostIsThatOfWhatIsAddedAndNotOfTheTree() throws IOException {
        List<ManifestEntry> entries = new ArrayList<>();
        for (int folder = 0; folder < 100; folder++) {
            for (int i = 0; i < 1000; i++) {
                entries.add(TestEntries.file(String.format("home/%03d/file-%06d", folder, i), i));
            }
        }
        ManifestRoot before = build(Cuts.KEYED, entries);
        for (String name : List.of("home/050/file-000500", "home/050/file-000500-new", "home/000/a", "home/099/z")) {
            chunks.gets = 0;
            chunks.puts.clear();
            edit(Cuts.KEYED, before, ALL, List.of(TestEntries.file(name, 12345)));
            assertTrue(chunks.gets <= 12, chunks.gets + " nodes read for " + name);
            assertTrue(chunks.puts.size() <= 12, chunks.puts.size() + " nodes put for " + name);
        }
    }
}
