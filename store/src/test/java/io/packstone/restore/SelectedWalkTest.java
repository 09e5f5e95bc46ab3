package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.crypto.BoundaryHash;
import io.packstone.crypto.ChunkHasher;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import io.packstone.id.ChunkId;
import io.packstone.manifest.ChunkSource.StoredChunk;
import io.packstone.manifest.ManifestBuilder;
import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.ManifestReader;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.Fingerprint;
import io.packstone.metadata.Owner;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.metadata.TreePath;
import io.packstone.source.rules.GlobFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The walk over a manifest in memory, whole and with nodes missing. */
class SelectedWalkTest {
    private static final int FOLDERS = 60;
    private static final int FILES = 200;

    private final Map<ChunkId, StoredChunk> stored = new HashMap<>();
    private final List<ChunkId> order = new ArrayList<>();
    private final Set<ChunkId> bad = new HashSet<>();
    private final List<String> lost = new ArrayList<>();
    private final ManifestReader reader = new ManifestReader((id, type) -> {
        if (bad.contains(id)) {
            throw new CorruptionException("chunk " + id.toShortHex(), "a test says so");
        }
        return stored.get(id);
    });

    private static ManifestEntry entry(String path, FileType type) {
        FileMetadata metadata = new FileMetadata(
                type, 0755, new Owner(0, "", 0, ""), Timestamp.EPOCH, 0, Fingerprint.NONE, 1, 0, 0, RawName.EMPTY);
        return ManifestEntry.plain(TreePath.parse(RawName.of(path)), metadata);
    }

    private ChunkId build(Set<String> folders, Set<String> files) throws IOException {
        SecretKey key = SecretKey.copyOf(new byte[32]);
        ChunkHasher hasher = new ChunkHasher(key);
        ManifestBuilder builder = new ManifestBuilder(
                (type, refs, refCount, payload, length) -> {
                    ChunkId id = hasher.id(type, refs, refCount, payload, 0, length);
                    byte[] ownRefs = Arrays.copyOf(refs, refCount * ChunkId.LENGTH);
                    if (stored.put(id, new StoredChunk(Arrays.copyOf(payload, length), ownRefs)) == null) {
                        order.add(id);
                    }
                    return id;
                },
                new BoundaryHash(key));
        List<ManifestEntry> entries = new ArrayList<>();
        folders.forEach(path -> entries.add(entry(path, FileType.DIRECTORY)));
        files.forEach(path -> entries.add(entry(path, FileType.FIFO)));
        entries.sort((a, b) -> a.path().compareTo(b.path()));
        for (ManifestEntry entry : entries) {
            builder.add(entry);
        }
        return builder.finish().id();
    }

    private ChunkId large(Set<String> paths) throws IOException {
        Set<String> folders = new TreeSet<>();
        Set<String> files = new TreeSet<>();
        for (int folder = 0; folder < FOLDERS; folder++) {
            folders.add("top/folder" + folder);
            for (int file = 0; file < FILES; file++) {
                files.add("top/folder" + folder + "/file with a long name " + file);
            }
        }
        folders.add("top");
        paths.addAll(folders);
        paths.addAll(files);
        return build(folders, files);
    }

    private SelectedWalk walk(ChunkId root, RestoreOptions options) {
        return new SelectedWalk(reader, root, options, null, lost::add);
    }

    private static RestoreOptions all() {
        return RestoreOptions.to(RawName.of("/target"));
    }

    private static String text(RawName name) {
        return name.toText();
    }

    @Test
    void everyEntryHasItsPlace() throws IOException {
        Set<String> expected = new TreeSet<>();
        SelectedWalk walk = walk(large(expected), all());
        Set<String> seen = new TreeSet<>();
        for (SelectedWalk.Step step = walk.next(); step != null; step = walk.next()) {
            assertTrue(seen.add(text(step.place())));
            assertEquals(step.entry().path().asDirectory(), step.place());
            assertEquals(step.folder().place(), step.entry().path().directory());
        }
        assertEquals(expected, seen);
        assertTrue(walk.isComplete());
    }

    @Test
    void belowAPathPlacesAreShorter() throws IOException {
        ChunkId root = large(new TreeSet<>());
        SelectedWalk walk = walk(root, all().withPath(TreePath.parse(RawName.of("/top/folder7"))));
        int count = 0;
        for (SelectedWalk.Step step = walk.next(); step != null; step = walk.next()) {
            assertEquals(step.entry().path().name(), step.place());
            count++;
        }
        assertEquals(FILES, count);
    }

    @Test
    void aLostNodeCostsItsEntriesOnly() throws IOException {
        Set<String> expected = new TreeSet<>();
        ChunkId root = large(expected);
        assertTrue(order.size() > 10, "the manifest has " + order.size() + " nodes only");
        for (ChunkId victim : order) {
            if (victim.equals(root)) {
                continue;
            }
            bad.add(victim);
            lost.clear();
            SelectedWalk walk = walk(root, all());
            Set<String> seen = new TreeSet<>();
            for (SelectedWalk.Step step = walk.next(); step != null; step = walk.next()) {
                assertTrue(expected.contains(text(step.place())), text(step.place()));
                assertTrue(seen.add(text(step.place())));
            }
            assertFalse(walk.isComplete());
            assertTrue(seen.size() < expected.size());
            assertEquals(1, lost.size(), lost.toString());
            assertTrue(lost.get(0).contains(victim.toShortHex()), lost.get(0));
            bad.clear();
        }
    }

    @Test
    void aLostRootLosesAll() throws IOException {
        ChunkId root = large(new TreeSet<>());
        bad.add(root);
        SelectedWalk walk = walk(root, all());
        assertEquals(null, walk.next());
        assertEquals(1, lost.size());
        assertFalse(walk.isComplete());
    }

    @Test
    void emptyFoldersAreToldOnceInOrder() throws IOException {
        ChunkId root =
                build(Set.of("a", "a/b", "a/b/c", "d", "d/e", "d/f", "g", "h"), Set.of("d/e/file", "g/file", "zz"));
        SelectedWalk walk = walk(root, all());
        List<String> empty = new ArrayList<>();
        walk.tellEmptyFolders(folder -> empty.add(text(folder.place())));
        int steps = 0;
        while (walk.next() != null) {
            steps++;
        }
        assertEquals(11, steps);
        assertEquals(List.of("a/b/c", "d/f", "h"), empty);
    }

    @Test
    void filtersAreInherited() throws IOException {
        ChunkId root = build(Set.of("a", "a/b", "a/b/c", "d"), Set.of("a/b/c/file", "a/b/other", "d/file", "d/x"));
        SelectedWalk walk =
                walk(root, all().withIncludes(GlobFilter.of("/a/b", "x")).withExcludes(GlobFilter.of("c/")));
        Set<String> taken = new TreeSet<>();
        for (SelectedWalk.Step step = walk.next(); step != null; step = walk.next()) {
            if (step.choice().isTaken()) {
                taken.add(text(step.place()));
            }
        }
        assertEquals(Set.of("a/b", "a/b/other", "d/x"), taken);
    }
}
