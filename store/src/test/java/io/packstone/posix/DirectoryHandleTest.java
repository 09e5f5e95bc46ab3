package io.packstone.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryHandleTest {
    private static final RawName NOT_UTF8 = RawName.takeOver(new byte[] {'a', (byte) 0xff, (byte) 0x80, '\n', '\\'});

    private final Posix posix = new Posix();

    @TempDir
    private Path directory;

    private DirectoryHandle root = null;

    @BeforeEach
    void open() throws IOException {
        root = posix.openRoot(RawName.of(directory.toString()));
    }

    @AfterEach
    void close() throws IOException {
        root.close();
    }

    private static Set<RawName> names(DirectoryHandle handle) throws IOException {
        Set<RawName> names = new TreeSet<>();
        handle.list((bytes, offset, length) -> assertTrue(names.add(RawName.of(bytes, offset, length))));
        return names;
    }

    private static int errnoOf(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(PosixException.class, call).errno();
    }

    @Test
    void namesAreBytes() throws IOException {
        byte[] text = {1, 2, 3};
        try (FileHandle file = root.createFile(NOT_UTF8, 0600)) {
            file.write(0, text, 0, 3);
        }
        assertEquals(Set.of(NOT_UTF8), names(root));
        assertEquals(3, root.stat(NOT_UTF8).size());
        byte[] read = new byte[10];
        try (FileHandle file = root.openFile(NOT_UTF8)) {
            assertEquals(3, file.read(0, read, 4, 6));
            assertEquals(0, file.read(3, read, 0, 10));
        }
        assertArrayEquals(new byte[] {0, 0, 0, 0, 1, 2, 3, 0, 0, 0}, read);
        root.unlink(NOT_UTF8);
        assertEquals(Set.of(), names(root));
        assertNull(root.statIfPresent(NOT_UTF8));
    }

    @Test
    void namesThatLeaveTheDirectoryAreRefused() {
        for (String bad : new String[] {"", ".", "..", "a/b", "/", "a\0b"}) {
            RawName name = RawName.of(bad);
            assertEquals(Errno.EINVAL, errnoOf(() -> root.createFile(name, 0600)), bad);
            assertEquals(Errno.EINVAL, errnoOf(() -> root.openDirectory(name)), bad);
            assertEquals(Errno.EINVAL, errnoOf(() -> root.stat(name)), bad);
            assertEquals(Errno.EINVAL, errnoOf(() -> root.rename(name, root, RawName.of("x"))), bad);
            assertEquals(Errno.EINVAL, errnoOf(() -> root.rename(RawName.of("x"), root, name)), bad);
            assertEquals(Errno.EINVAL, errnoOf(() -> root.unlink(name)), bad);
            assertEquals(Errno.EINVAL, errnoOf(() -> root.symlink(RawName.of("t"), name)), bad);
            assertEquals(Errno.EINVAL, errnoOf(() -> root.readLink(name)), bad);
        }
        assertEquals(Errno.EINVAL, errnoOf(() -> root.symlink(RawName.of("a\0b"), RawName.of("x"))));
        assertTrue(errnoOf(() -> root.createFile(RawName.of("x".repeat(5000)), 0600)) == Errno.ENAMETOOLONG);
    }

    @Test
    void symbolicLinksAreNeverFollowed() throws IOException {
        RawName link = RawName.of("link");
        root.makeDirectory(RawName.of("real"), 0755);
        root.symlink(RawName.of("real"), link);
        Files.write(directory.resolve("file"), new byte[] {1});
        root.symlink(RawName.of("file"), RawName.of("filelink"));
        assertEquals(RawName.of("real"), root.readLink(link));
        assertEquals(FileType.SYMLINK, root.stat(link).type());
        assertTrue(assertThrows(PosixException.class, () -> root.openDirectory(link))
                .isNotDirectory());
        assertTrue(
                assertThrows(PosixException.class, () -> root.openPassage(link)).isNotDirectory());
        assertTrue(assertThrows(PosixException.class, () -> root.openFile(RawName.of("filelink")))
                .isSymbolicLink());
        assertTrue(assertThrows(PosixException.class, () -> root.openFileToWrite(RawName.of("filelink")))
                .isSymbolicLink());
        assertTrue(assertThrows(PosixException.class, () -> root.createFile(RawName.of("filelink"), 0600))
                .isExists());
        assertThrows(PosixException.class, () -> root.setMode(RawName.of("filelink"), 0600));
        root.openPassageFollowing(link).close();
    }

    @Test
    void metadataIsSetOnTheNameItself() throws IOException {
        Timestamp old = new Timestamp(-5, 123_456_789);
        Timestamp future = new Timestamp(4_000_000_000L, 1);
        root.symlink(RawName.of("nowhere"), RawName.of("link"));
        root.setTimes(RawName.of("link"), null, future);
        assertEquals(future, root.stat(RawName.of("link")).modified());
        try (FileHandle file = root.createFile(RawName.of("file"), 0600)) {
            file.setMode(06751);
            file.setTimes(old, future);
            assertEquals(06751, file.stat().mode());
            assertEquals(old, file.stat().accessed());
            assertEquals(future, file.stat().modified());
            file.setTimes(null, old);
            assertEquals(old, file.stat().modified());
        }
        root.setMode(RawName.of("file"), 01640);
        assertEquals(01640, root.stat(RawName.of("file")).mode());
        root.makeDirectory(RawName.of("d"), 0700);
        try (DirectoryHandle inner = root.openDirectory(RawName.of("d"))) {
            inner.setModeSelf(0555);
            inner.setTimesSelf(null, old);
            FileStatus status = new FileStatus();
            inner.statSelf(status);
            assertEquals(0555, status.mode());
            assertEquals(old, status.modified());
            assertEquals(FileType.DIRECTORY, status.type());
            inner.sync();
        }
        assumeTrue(posix.isSuperuser(), "only the superuser gives files away");
        root.setOwner(RawName.of("link"), 12_345, -1);
        assertEquals(12_345, root.stat(RawName.of("link")).uid());
    }

    @Test
    void agreesWithTheJdk() throws IOException {
        Path file = Files.write(directory.resolve("f"), new byte[12_345]);
        Files.createLink(directory.resolve("g"), file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
        FileStatus status = root.stat(RawName.of("f"));
        assertEquals(((Number) Files.getAttribute(file, "unix:ino")).longValue(), status.inode());
        assertEquals(Files.getAttribute(file, "unix:uid"), status.uid());
        assertEquals(Files.getAttribute(file, "unix:gid"), status.gid());
        assertEquals(2, status.linkCount());
        assertEquals(0751, status.mode());
        assertEquals(12_345, status.size());
        assertEquals(
                Files.getLastModifiedTime(file).toInstant(),
                java.time.Instant.ofEpochSecond(
                        status.modified().seconds(), status.modified().nanos()));
        OwnerNames names = new OwnerNames();
        assertEquals(Files.getOwner(file).getName(), names.user(status.uid()));
        assertEquals(status.uid(), names.uid(names.user(status.uid())));
        assertEquals(status.gid(), names.gid(names.group(status.gid())));
    }

    @Test
    void specialFilesAreMade() throws IOException {
        root.makeFifo(RawName.of("pipe"), 0600);
        root.makeSocket(RawName.of("socket"), 0600);
        assertEquals(FileType.FIFO, root.stat(RawName.of("pipe")).type());
        assertEquals(FileType.SOCKET, root.stat(RawName.of("socket")).type());
        root.openFile(RawName.of("pipe")).close();
        assumeTrue(posix.isSuperuser(), "only the superuser makes device nodes");
        root.makeDevice(RawName.of("null"), 0600, false, 0x123, 0x56789);
        FileStatus status = root.stat(RawName.of("null"));
        assertEquals(FileType.CHARACTER_DEVICE, status.type());
        assertEquals(0x123, status.nodeMajor());
        assertEquals(0x56789, status.nodeMinor());
    }

    @Test
    void namesMove() throws IOException {
        root.createFile(RawName.of("a"), 0600).close();
        root.createFile(RawName.of("b"), 0600).close();
        root.makeDirectory(RawName.of("d"), 0700);
        try (DirectoryHandle inner = root.openDirectory(RawName.of("d"))) {
            inner.link(root, RawName.of("a"), RawName.of("a2"));
            assertEquals(
                    root.stat(RawName.of("a")).inode(),
                    inner.stat(RawName.of("a2")).inode());
            assertEquals(Errno.EEXIST, errnoOf(() -> root.renameToNew(RawName.of("b"), inner, RawName.of("a2"))));
            root.renameToNew(RawName.of("b"), inner, RawName.of("b2"));
            inner.rename(RawName.of("b2"), inner, RawName.of("a2"));
            assertEquals(Set.of(RawName.of("a2")), names(inner));
            assertTrue(assertThrows(PosixException.class, () -> root.removeDirectory(RawName.of("d")))
                    .isNotEmpty());
            inner.unlink(RawName.of("a2"));
        }
        root.removeDirectory(RawName.of("d"));
        assertEquals(Set.of(RawName.of("a")), names(root));
        root.syncFileSystem();
    }

    @Test
    void manyNamesAreListedAndListedAgain() throws IOException {
        Set<RawName> expected = new TreeSet<>();
        for (int i = 0; i < 5000; i++) {
            RawName name = RawName.of("name-" + i + "-" + "x".repeat(i % 200));
            root.createFile(name, 0600).close();
            expected.add(name);
        }
        assertEquals(expected, names(root));
        assertEquals(expected, names(root));
    }

    @Test
    void listingsNest() throws IOException {
        root.makeDirectory(RawName.of("d"), 0700);
        try (DirectoryHandle inner = root.openDirectory(RawName.of("d"))) {
            inner.createFile(RawName.of("x"), 0600).close();
            root.createFile(RawName.of("e"), 0600).close();
            Set<RawName> outer = new TreeSet<>();
            root.list((bytes, offset, length) -> {
                assertEquals(Set.of(RawName.of("x")), names(inner));
                outer.add(RawName.of(bytes, offset, length));
            });
            assertEquals(Set.of(RawName.of("d"), RawName.of("e")), outer);
        }
    }

    @Test
    void pathsLongerThanTheSystemTakesAreOpened() throws IOException {
        RawName component = RawName.of("d".repeat(250));
        StringBuilder path = new StringBuilder(directory.toString());
        DirectoryHandle current = root.openPassageFollowing(component(root, component));
        path.append('/').append(component.toText());
        for (int i = 0; i < 40; i++) {
            try (DirectoryHandle above = current) {
                current = above.openDirectory(component(above, component));
            }
            path.append('/').append(component.toText());
        }
        assertTrue(path.length() > 10_000);
        FileStatus expected = new FileStatus();
        FileStatus found = new FileStatus();
        current.statSelf(expected);
        current.close();
        try (DirectoryHandle again = posix.openRoot(RawName.of(path + "/"))) {
            again.statSelf(found);
        }
        assertEquals(expected.inode(), found.inode());
        removeChain(component);
    }

    private static RawName component(DirectoryHandle parent, RawName name) throws IOException {
        parent.makeDirectory(name, 0700);
        return name;
    }

    /** The JDK can't delete what is deeper than its paths reach: each level is moved up and then removed. */
    private void removeChain(RawName component) throws IOException {
        RawName top = RawName.of("top");
        root.rename(component, root, top);
        while (true) {
            try (DirectoryHandle first = root.openDirectory(top)) {
                if (first.statIfPresent(component) == null) {
                    break;
                }
                first.rename(component, root, RawName.of("next"));
            }
            root.removeDirectory(top);
            root.rename(RawName.of("next"), root, top);
        }
        root.removeDirectory(top);
    }

    @Test
    void errorsSayWhy() {
        PosixException e = assertThrows(PosixException.class, () -> root.stat(RawName.of("absent\u202e")));
        assertTrue(e.isNotFound());
        assertEquals("ENOENT", e.symbol());
        assertEquals("stat absent\\u{202e}: no such file or directory (ENOENT)", e.getMessage());
        assertFalse(e.isPermission());
    }

    @Test
    void holesAreFound() throws IOException {
        try (FileHandle file = root.createFile(RawName.of("sparse"), 0600)) {
            file.truncate(10 << 20);
            file.write(5 << 20, new byte[] {1, 2, 3}, 0, 3);
            file.sync();
            file.syncBytes();
            long data = file.nextData(0);
            assertTrue(data <= 5 << 20, "data at " + data);
            assertTrue(file.nextHole(data) > 5 << 20);
            assertEquals(-1, file.nextData(10 << 20));
            byte[] big = new byte[10 << 20];
            assertEquals(big.length, file.read(0, big, 0, big.length));
            assertEquals(2, big[(5 << 20) + 1]);
        }
    }
}
