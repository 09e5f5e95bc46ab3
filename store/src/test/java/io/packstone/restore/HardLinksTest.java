package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.Posix;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names of one inode stay names of one inode, wherever they stand and whatever the inode is. */
class HardLinksTest extends FixtureCase {
    private static long inode(Path path) throws IOException {
        return (long) Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    private static int linkCount(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    }

    private void assertLinked(String a, String b) throws IOException {
        assertEquals(inode(fixture.target.resolve(a)), inode(fixture.target.resolve(b)), a + " and " + b);
        assertEquals(2, linkCount(fixture.target.resolve(a)), a);
    }

    private void link(String from, String to) throws IOException {
        RawName root = RestoreFixture.name(fixture.source);
        try (DirectoryHandle source = new Posix().openRoot(root);
                DirectoryHandle other = source.openDirectory(RawName.of("z"))) {
            other.link(source, RawName.of(from), RawName.of(to));
        }
    }

    @Test
    void namesInDifferentFoldersAndOfAnyKindAreNamesOfOne() throws IOException {
        Files.createDirectory(fixture.source.resolve("z"));
        fixture.file("file", 300_000, 1);
        Files.createSymbolicLink(fixture.source.resolve("link"), Path.of("nowhere"));
        try (DirectoryHandle source = new Posix().openRoot(RestoreFixture.name(fixture.source))) {
            source.makeFifo(RawName.of("pipe"), 0600);
            source.makeSocket(RawName.of("socket"), 0600);
        }
        for (String name : List.of("file", "link", "pipe", "socket")) {
            link(name, name + "-too");
        }
        StoredSnapshot snapshot = fixture.snapshot();
        for (int round = 0; round < 2; round++) {
            RestoreReport report = fixture.restore(snapshot);
            assertEquals(0, report.errors(), report.problems().toString());
            assertEquals(round == 0 ? 2 : 0, report.filesRestored());
            assertEquals(round == 0 ? 0 : 2, report.filesUnchanged());
            for (String name : List.of("file", "link", "pipe", "socket")) {
                assertLinked(name, "z/" + name + "-too");
            }
            assertEquals(List.of(), RestoreFixture.differences(fixture.source, fixture.target));
        }
    }

    @Test
    void aPartThatHasOneOfTheNamesHasAFileOfItsOwn() throws IOException {
        Files.createDirectory(fixture.source.resolve("z"));
        fixture.file("file", 300_000, 1);
        link("file", "too");
        StoredSnapshot snapshot = fixture.snapshot();
        RawName part = RestoreFixture.name(fixture.source.resolve("z"));
        RestoreReport report = fixture.restore(snapshot, options -> options.withPath(TreePath.parse(part)));
        assertEquals(0, report.errors());
        assertEquals(1, linkCount(fixture.target.resolve("too")));
        assertEquals(-1, Files.mismatch(fixture.source.resolve("file"), fixture.target.resolve("too")));
    }

    @Test
    void copiesInTheTargetBecomeNamesOfOneFile() throws IOException {
        Files.createDirectory(fixture.source.resolve("z"));
        fixture.file("file", 300_000, 1);
        link("file", "too");
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot);
        Path copy = fixture.target.resolve("z/too");
        Files.delete(copy);
        Files.copy(fixture.target.resolve("file"), copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        assertNotEquals(inode(fixture.target.resolve("file")), inode(copy));
        fixture.restore(snapshot);
        assertLinked("file", "z/too");
        assertEquals(List.of(), RestoreFixture.differences(fixture.source, fixture.target));
    }

    @Test
    void moreNamesThanWaitAtOnceAreAllMade() throws IOException {
        Files.createDirectory(fixture.source.resolve("z"));
        int files = 10_300;
        for (int i = 0; i < files; i++) {
            Files.createFile(fixture.source.resolve("file" + i));
            link("file" + i, "too" + i);
        }
        RestoreReport report = fixture.restore(fixture.snapshot());
        assertEquals(0, report.errors(), report.problems().toString());
        assertEquals(2 * files, report.filesRestored());
        for (int i = 0; i < files; i++) {
            assertLinked("file" + i, "z/too" + i);
        }
    }
}
