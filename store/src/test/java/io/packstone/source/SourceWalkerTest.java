package io.packstone.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.packstone.error.SourceException;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.OwnerNames;
import io.packstone.posix.Posix;
import io.packstone.source.rules.GlobFilter;
import io.packstone.source.rules.Rules;
import io.packstone.testkit.AsOrdinaryUser;
import io.packstone.testkit.SeededTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceWalkerTest {
    private final Posix posix = new Posix();
    private final List<SourceException> errors = new ArrayList<>();

    @TempDir
    private Path temporary;

    private Path tree = Path.of("");

    @BeforeEach
    void makeTree() throws IOException {
        tree = Files.createDirectory(temporary.toRealPath().resolve("tree"));
        Files.createDirectory(temporary.resolve("sort"));
    }

    private SourceOptions options(Path... paths) {
        List<RawName> given =
                Stream.of(paths).map(path -> RawName.of(path.toString())).toList();
        return SourceOptions.of(given, temporary.resolve("sort"));
    }

    private static Rules excluding(String... patterns) {
        return Rules.NONE.withExcludes(GlobFilter.of(patterns));
    }

    private SourceWalker walker(SourceOptions options) throws IOException {
        return new SourceWalker(posix, new OwnerNames(), options, errors::add);
    }

    private List<SourceEntry> walk(SourceOptions options) throws IOException {
        List<SourceEntry> entries = new ArrayList<>();
        try (SourceWalker walker = walker(options)) {
            for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
                entries.add(entry);
            }
        }
        for (int i = 1; i < entries.size(); i++) {
            assertTrue(entries.get(i - 1).path().compareTo(entries.get(i).path()) < 0, "order at " + entries.get(i));
        }
        return entries;
    }

    /** Paths below the tree, without it. */
    private List<String> below(SourceOptions options) throws IOException {
        String prefix = tree + "/";
        return walk(options).stream()
                .map(entry -> entry.path().toString())
                .filter(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()))
                .toList();
    }

    private void file(String name, int length) throws IOException {
        Path file = tree.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[length]);
    }

    @Test
    void everythingOfASeededTreeInOrder() throws IOException {
        new SeededTree(11, 10_000).create(tree, 600);
        for (int inMemory : new int[] {100_000, 3}) {
            List<SourceEntry> entries = walk(options(tree).withNamesInMemory(inMemory));
            TreeSet<TreePath> expected = new TreeSet<>();
            TreePath root = TreePath.parse(RawName.of(tree.toString()));
            for (Path above = tree; above.getNameCount() > 0; above = above.getParent()) {
                expected.add(TreePath.parse(RawName.of(above.toString())));
                if (above.getNameCount() == 1) {
                    break;
                }
            }
            try (DirectoryHandle handle = posix.openRoot(RawName.of(tree.toString()))) {
                addAll(handle, root, expected);
            }
            assertEquals(
                    new ArrayList<>(expected),
                    entries.stream().map(SourceEntry::path).toList());
            assertEquals(List.of(), errors);
        }
    }

    private static void addAll(DirectoryHandle handle, TreePath path, TreeSet<TreePath> all) throws IOException {
        List<RawName> names = new ArrayList<>();
        handle.list((bytes, offset, length) -> names.add(RawName.of(bytes, offset, length)));
        for (RawName name : names) {
            TreePath child = new TreePath(path.asDirectory(), name);
            all.add(child);
            if (handle.stat(name).type() == FileType.DIRECTORY) {
                try (DirectoryHandle inner = handle.openDirectory(name)) {
                    addAll(inner, child, all);
                }
            }
        }
    }

    @Test
    void metadataIsThatOfTheFileSystem() throws IOException {
        file("a", 1234);
        Files.createLink(tree.resolve("b"), tree.resolve("a"));
        Files.createSymbolicLink(tree.resolve("l"), Path.of("no/where"));
        Files.setPosixFilePermissions(tree.resolve("a"), PosixFilePermissions.fromString("rw-r-x---"));
        List<SourceEntry> entries = walk(options(tree));
        SourceEntry a = entries.get(entries.size() - 3);
        assertEquals("a", a.path().name().toText());
        assertEquals(1234, a.metadata().size());
        assertEquals(0650, a.metadata().mode());
        assertEquals(2, a.metadata().linkCount());
        assertEquals(
                ((Number) Files.getAttribute(tree.resolve("a"), "unix:ino")).longValue(),
                a.metadata().fingerprint().inode());
        assertEquals(
                Files.getOwner(tree.resolve("a")).getName(),
                a.metadata().owner().user());
        SourceEntry link = entries.get(entries.size() - 1);
        assertEquals(RawName.of("no/where"), link.metadata().linkTarget());
        assertEquals(0, link.metadata().size());
    }

    @Test
    void givenPathsAreMergedAndAncestorsListed() throws IOException {
        file("d/x/1", 1);
        file("d/y/2", 1);
        file("e/3", 1);
        Path d = tree.resolve("d");
        List<String> found = below(options(d.resolve("x"), d.resolve("y/2"), d.resolve("x"), d.resolve("x/1")));
        assertEquals(List.of("d", "d/x", "d/y", "d/x/1", "d/y/2"), found);
        List<SourceEntry> all = walk(options(d.resolve("x")));
        assertEquals("/" + tree.getName(0), all.get(0).path().toString());
        assertTrue(all.stream().noneMatch(entry -> entry.path().isRoot()));
        assertEquals(List.of("d", "e", "d/x", "d/y", "d/x/1", "d/y/2", "e/3"), below(options(d.resolve("x"), tree)));
        assertEquals(List.of(), errors);
    }

    @Test
    void whatDoesNotExistIsToldAndTheRestGoesOn() throws IOException {
        file("a", 1);
        assertEquals(List.of("a"), below(options(tree.resolve("no/x"), tree.resolve("a"), tree.resolve("gone"))));
        assertEquals(2, errors.size());
        assertEquals(tree.resolve("no/x").toString(), errors.get(0).path());
        assertTrue(errors.get(0).getMessage().contains("no such file"));
    }

    @Test
    void aGivenLinkIsNotFollowedButOneAboveIs() throws IOException {
        file("real/sub/f", 3);
        Files.createSymbolicLink(tree.resolve("link"), Path.of("real"));
        assertEquals(List.of("link"), below(options(tree.resolve("link"))));
        assertEquals(
                FileType.SYMLINK,
                walk(options(tree.resolve("link")))
                        .get(tree.getNameCount())
                        .metadata()
                        .type());
        assertEquals(List.of("link", "link/sub", "link/sub/f"), below(options(tree.resolve("link/sub"))));
        List<SourceEntry> through = walk(options(tree.resolve("link/sub")));
        assertTrue(through.subList(0, through.size() - 1).stream()
                .allMatch(entry -> entry.metadata().type() == FileType.DIRECTORY));
        assertEquals(List.of(), errors);
        below(options(tree, tree.resolve("link/sub")));
        assertEquals(1, errors.size());
        assertTrue(errors.get(0).getMessage().contains("symbolic link"));
    }

    @Test
    void aGivenFileIsReadable() throws Exception {
        Files.write(tree.resolve("f"), new byte[] {5, 6, 7});
        try (SourceWalker walker = walker(options(tree.resolve("f")))) {
            SourceEntry last = null;
            for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
                last = entry;
            }
            byte[] bytes = new byte[10];
            try (SourceFile file = walker.open(java.util.Objects.requireNonNull(last))) {
                assertEquals(3, file.read(0, bytes, 0, 10));
                assertEquals(2, file.read(1, bytes, 5, 2));
                assertEquals(3, file.opened().size());
                assertEquals(file.opened(), file.stat());
                assertTrue(file.stat().looksUnchangedSince(last.metadata()));
                Files.write(tree.resolve("f"), new byte[] {5, 6, 7, 8});
                assertFalse(file.stat().looksUnchangedSince(last.metadata()));
            }
            assertArrayEquals(new byte[] {5, 6, 7, 0, 0, 6, 7, 0, 0, 0}, bytes);
        }
    }

    @Test
    void entriesAreOpenedLongAfterTheWalkPassed() throws Exception {
        int directories = 40;
        for (int i = 0; i < directories; i++) {
            Path file = tree.resolve("d" + i + "/e/f");
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[] {(byte) i});
        }
        try (SourceWalker walker = new SourceWalker(posix, new OwnerNames(), options(tree), errors::add, 2)) {
            List<SourceEntry> files = new ArrayList<>();
            for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
                if (entry.metadata().type() == FileType.FILE) {
                    files.add(entry);
                }
            }
            assertEquals(directories, files.size());
            Random random = new Random(3);
            byte[] one = new byte[1];
            for (int i = 0; i < 200; i++) {
                SourceEntry entry = files.get(random.nextInt(directories));
                try (SourceFile file = walker.open(entry)) {
                    assertEquals(1, file.read(0, one, 0, 1));
                }
                String name = entry.path().toString();
                assertTrue(name.contains("/d" + one[0] + "/"), name);
            }
            assertTrue(openDescriptors() < 100, "descriptors");
        }
        assertEquals(List.of(), errors);
    }

    private static long openDescriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    @Test
    void nothingStaysOpen() throws IOException {
        new SeededTree(5, 100).create(tree, 200);
        walk(options(tree));
        long before = openDescriptors();
        for (int i = 0; i < 5; i++) {
            walk(options(tree).withNamesInMemory(2));
            try (SourceWalker half = walker(options(tree).withNamesInMemory(2))) {
                for (int n = 0; n < 50; n++) {
                    half.next();
                }
            }
        }
        assertTrue(openDescriptors() <= before + 2, before + " became " + openDescriptors());
    }

    @Test
    void linksThatTookTheirPlaceAreNotFollowed() throws Exception {
        file("d/inner/f", 1);
        file("g", 1);
        file("evil/inner/f", 9);
        file("evil/f", 9);
        try (SourceWalker walker = new SourceWalker(
                posix, new OwnerNames(), options(tree.resolve("d"), tree.resolve("g")), errors::add, 0)) {
            List<SourceEntry> files = new ArrayList<>();
            for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
                if (entry.metadata().type() == FileType.FILE) {
                    files.add(entry);
                }
            }
            assertEquals(2, files.size());
            Files.move(tree.resolve("d"), tree.resolve("old"));
            Files.createSymbolicLink(tree.resolve("d"), Path.of("evil"));
            Files.delete(tree.resolve("g"));
            Files.createSymbolicLink(tree.resolve("g"), Path.of("evil/f"));
            for (SourceEntry entry : files) {
                assertThrows(SourceException.class, () -> walker.open(entry), entry.toString());
            }
            Files.delete(tree.resolve("d"));
            Files.createDirectories(tree.resolve("d/inner"));
            Files.write(tree.resolve("d/inner/f"), new byte[9]);
            SourceEntry inner = files.stream()
                    .filter(entry -> entry.path().name().toText().equals("f"))
                    .findFirst()
                    .orElseThrow();
            assertTrue(assertThrows(SourceException.class, () -> walker.open(inner))
                    .getMessage()
                    .contains("another directory"));
            Files.delete(tree.resolve("g"));
            Files.createDirectory(tree.resolve("g"));
            for (SourceEntry entry : files) {
                assertThrows(SourceException.class, () -> walker.open(entry));
            }
        }
    }

    @Test
    void whatTookAFilesPlaceIsFoundOutByTheLookAfterReading() throws Exception {
        for (String name : List.of("changed", "folder", "pipe", "replaced", "still")) {
            file(name, 5);
        }
        try (SourceWalker walker = walker(options(tree))) {
            Map<String, SourceEntry> files = new TreeMap<>();
            for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
                if (entry.metadata().type() == FileType.FILE) {
                    files.put(entry.path().name().toText(), entry);
                }
            }
            Files.write(tree.resolve("changed"), new byte[6]);
            Files.delete(tree.resolve("folder"));
            Files.createDirectory(tree.resolve("folder"));
            Files.delete(tree.resolve("pipe"));
            try (DirectoryHandle here = posix.openRoot(RawName.of(tree.toString()))) {
                here.makeFifo(RawName.of("pipe"), 0600);
            }
            file("another", 5);
            Files.move(tree.resolve("another"), tree.resolve("replaced"), StandardCopyOption.REPLACE_EXISTING);
            List<String> still = new ArrayList<>();
            for (SourceEntry entry : files.values()) {
                try (SourceFile file = walker.openAsFound(entry)) {
                    assertEquals(5, file.read(0, new byte[5], 0, 5));
                    if (file.stat().looksUnchangedSince(file.opened())) {
                        still.add(entry.path().name().toText());
                    }
                } catch (SourceException e) {
                    assertTrue(e.getMessage().contains("is no regular file any more"), e.getMessage());
                    still.add("no file");
                }
            }
            assertEquals(List.of("no file", "no file", "still"), still);
        }
    }

    @Test
    void aDirectorySwappedForALinkDuringTheWalkIsNotEntered() throws IOException {
        file("a/1", 1);
        file("evil/2", 1);
        try (SourceWalker walker = walker(options(tree))) {
            SourceEntry entry = walker.next();
            while (entry != null && !entry.path().name().toText().equals("evil")) {
                entry = walker.next();
            }
            Files.delete(tree.resolve("a/1"));
            Files.delete(tree.resolve("a"));
            Files.createSymbolicLink(tree.resolve("a"), Path.of("evil"));
            List<String> rest = new ArrayList<>();
            for (entry = walker.next(); entry != null; entry = walker.next()) {
                rest.add(entry.path().toString());
            }
            assertEquals(List.of(tree + "/evil/2"), rest);
        }
        assertEquals(1, errors.size());
        assertEquals(tree + "/a", errors.get(0).path());
    }

    @Test
    void vanishedFilesAreNoError() throws IOException {
        for (int i = 0; i < 10; i++) {
            file("f" + i, 1);
        }
        try (SourceWalker walker = walker(options(tree))) {
            SourceEntry entry = walker.next();
            while (entry != null && !entry.path().name().toText().equals("f3")) {
                entry = walker.next();
            }
            Files.delete(tree.resolve("f4"));
            assertEquals(
                    "f5",
                    java.util.Objects.requireNonNull(walker.next())
                            .path()
                            .name()
                            .toText());
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void filtersLeaveOut() throws IOException {
        file("a/keep.txt", 10);
        file("a/drop.o", 10);
        file("a/big.txt", 1001);
        file("node_modules/x/y", 1);
        file("b/node_modules", 1);
        SourceOptions options = options(tree)
                .withRules(Rules.NONE
                        .withExcludes(GlobFilter.of("*.o", "node_modules/"))
                        .withLargerThan(1000));
        assertEquals(List.of("a", "b", "a/keep.txt", "b/node_modules"), below(options));
        SourceOptions anchored = options(tree).withRules(excluding(tree + "/a/*", "!keep.txt", tree + "/b", "node*/"));
        assertEquals(List.of("a", "a/keep.txt"), below(anchored));
        SourceOptions given = options(tree.resolve("a")).withRules(excluding("a", "tree", "*.*"));
        assertEquals(List.of("a"), below(given));
    }

    @Test
    void cachesKeepTheirTagOnly() throws IOException {
        file("c/x", 1);
        Files.writeString(tree.resolve("c/CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n# more");
        file("d/x", 1);
        Files.writeString(tree.resolve("d/CACHEDIR.TAG"), "not a signature");
        assertEquals(
                List.of("c", "d", "c/CACHEDIR.TAG", "d/CACHEDIR.TAG", "d/x"),
                below(options(tree).withRules(Rules.NONE.withCaches(true))));
        assertEquals(
                List.of("c", "c/CACHEDIR.TAG", "c/x"),
                below(options(tree.resolve("c")).withRules(Rules.NONE.withCaches(true))));
    }

    @Test
    void ownFilesAreLeftOutByInode() throws IOException {
        file("repo/x", 1);
        file("a/f", 1);
        Files.createSymbolicLink(tree.resolve("alias"), Path.of("repo"));
        List<RawName> left =
                List.of(RawName.of(tree + "/alias"), RawName.of(tree + "/nothing/there"), RawName.of(tree + "/a/f"));
        assertEquals(List.of("a", "alias"), below(options(tree).withRules(Rules.NONE.withLeftOut(left))));
    }

    @Test
    void otherFileSystemsAreListedAndNotEntered() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isDirectory(memory), "no /dev/shm");
        assumeFalse(Files.getFileStore(memory).equals(Files.getFileStore(Path.of("/dev"))), "one file system");
        SourceOptions dev = options(Path.of("/dev")).withRules(Rules.NONE.withOneFileSystem(true));
        List<String> paths =
                walk(dev).stream().map(entry -> entry.path().toString()).toList();
        assertTrue(paths.contains("/dev/shm"));
        assertTrue(paths.contains("/dev/null"));
        assertTrue(paths.stream().noneMatch(path -> path.startsWith("/dev/shm/")));
    }

    @Test
    void theRootIsFirstWhenGiven() throws IOException {
        try (SourceWalker walker = walker(options(Path.of("/"), tree))) {
            SourceEntry root = java.util.Objects.requireNonNull(walker.next());
            assertEquals(TreePath.ROOT, root.path());
            assertEquals(FileType.DIRECTORY, root.metadata().type());
            assertThrows(IllegalArgumentException.class, () -> walker.open(root));
            SourceEntry next = java.util.Objects.requireNonNull(walker.next());
            assertEquals(RawName.EMPTY, next.path().directory());
        }
    }

    @Test
    @AsOrdinaryUser
    void unreadableDirectoriesAreToldAndTheRestGoesOn() throws IOException {
        file("a/x", 1);
        file("b/y", 1);
        Files.setPosixFilePermissions(tree.resolve("a"), PosixFilePermissions.fromString("---------"));
        assertEquals(List.of("a", "b", "b/y"), below(options(tree)));
        assertEquals(1, errors.size());
        assertTrue(errors.get(0).getMessage().contains("EACCES"));
        Files.setPosixFilePermissions(tree.resolve("a"), PosixFilePermissions.fromString("--x------"));
        errors.clear();
        assertEquals(List.of("a", "a/x"), below(options(tree.resolve("a/x"))));
        assertEquals(List.of(), errors);
        Files.setPosixFilePermissions(tree.resolve("a"), PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void deepTreesAndLongPaths() throws IOException {
        int depth = 1500;
        DirectoryHandle current = posix.openRoot(RawName.of(tree.toString()));
        for (int i = 0; i < depth; i++) {
            RawName name = RawName.of("dir" + i % 10);
            try (DirectoryHandle above = current) {
                above.makeDirectory(name, 0700);
                above.createFile(RawName.of("f"), 0600).close();
                current = above.openDirectory(name);
            }
        }
        current.close();
        List<SourceEntry> entries = walk(options(tree));
        assertEquals(2L * depth + tree.getNameCount(), entries.size());
        assertEquals(List.of(), errors);
        try (SourceWalker walker = new SourceWalker(posix, new OwnerNames(), options(tree), errors::add, 3)) {
            SourceEntry last = null;
            for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
                last = entry.metadata().type() == FileType.FILE ? entry : last;
            }
            SourceEntry deepest = java.util.Objects.requireNonNull(last);
            assertTrue(deepest.path().directory().length() > 4096);
            walker.open(deepest).close();
        } catch (SourceException e) {
            throw new AssertionError(e);
        }
        removeDeep(tree);
    }

    private void removeDeep(Path directory) throws IOException {
        try (DirectoryHandle root = posix.openRoot(RawName.of(directory.toString()))) {
            RawName top = RawName.of("dir0");
            while (true) {
                root.unlink(RawName.of("f"));
                RawName next = null;
                try (DirectoryHandle first = root.openDirectory(top)) {
                    for (int i = 0; i < 10 && next == null; i++) {
                        RawName name = RawName.of("dir" + i);
                        next = first.statIfPresent(name) == null ? null : name;
                    }
                    if (next != null) {
                        first.rename(next, root, RawName.of("next"));
                        first.rename(RawName.of("f"), root, RawName.of("f"));
                    }
                }
                root.removeDirectory(top);
                if (next == null) {
                    return;
                }
                root.rename(RawName.of("next"), root, top);
            }
        }
    }

    @Test
    void twoThousandNamesSortedOnDisk() throws IOException {
        for (int i = 0; i < 2000; i++) {
            Files.createFile(tree.resolve(Integer.toString(i * 7919 % 2000)));
        }
        List<String> expected = Stream.iterate(0, i -> i + 1)
                .limit(2000)
                .map(String::valueOf)
                .sorted()
                .collect(Collectors.toList());
        assertEquals(expected, below(options(tree).withNamesInMemory(100)));
        try (Stream<Path> left = Files.list(temporary.resolve("sort"))) {
            assertEquals(0, left.count());
        }
        assertTrue(Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void relativePathsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> options(Path.of("relative")));
    }
}
