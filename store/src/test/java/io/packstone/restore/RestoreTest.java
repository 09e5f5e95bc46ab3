package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.Posix;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.StoredSnapshot;
import io.packstone.source.rules.GlobFilter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whole restores from a repository on disk, in one piece, into whatever is there already. */
class RestoreTest extends FixtureCase {
    private static void setTime(Path path, long seconds) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(Instant.ofEpochSecond(seconds, 5)));
    }

    private void assertSame() throws IOException {
        assertEquals(List.of(), RestoreFixture.differences(fixture.source, fixture.target));
        assertFalse(Files.exists(fixture.target.resolve(".packstone-restore")), "the marker is still there");
    }

    private static void mode(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:mode", mode);
    }

    private void makeTree() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            int length = i % 10 == 0 ? 0 : random.nextInt(i % 50 == 1 ? 3_000_000 : 40_000);
            fixture.file("d" + i % 7 + "/e" + i % 3 + "/file" + i, length, i % 40);
        }
        Files.createDirectory(fixture.source.resolve("empty"));
        Files.createSymbolicLink(fixture.source.resolve("d1/link"), Path.of("../d2"));
        Files.createSymbolicLink(fixture.source.resolve("d1/dangling"), Path.of("/nowhere/at all"));
        Path linked = fixture.file("d3/linked", 100_000, 99);
        Files.createLink(fixture.source.resolve("d0/other name"), linked);
        Files.createLink(fixture.source.resolve("d3/third name"), linked);
        mode(fixture.file("d4/program", 10, 1), 0104755);
        mode(fixture.file("d4/nobody's", 10, 2), 0100000);
        mode(fixture.source.resolve("d5"), 0041777);
        mode(fixture.source.resolve("d6"), 0040500);
        try (DirectoryHandle source = new Posix().openRoot(RestoreFixture.name(fixture.source))) {
            source.makeFifo(RawName.of("pipe"), 0640);
        }
        setTime(fixture.source.resolve("d5"), 1_234_567_890L);
    }

    @Test
    void everythingComesBackAsItWas() throws Exception {
        makeTree();
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.reopen();
        RestoreReport report = fixture.restore(snapshot, options -> options.withVerify(true));
        assertSame();
        assertEquals(List.of(), report.problems());
        assertEquals(305, report.filesRestored());
        assertEquals(0, report.filesUnchanged());
        assertEquals(
                Files.getLastModifiedTime(fixture.source.resolve("d1/link"), LinkOption.NOFOLLOW_LINKS),
                Files.getLastModifiedTime(fixture.target.resolve("d1/link"), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void aWholeSnapshotStandsBelowTheTargetWithItsPaths() throws IOException {
        fixture.file("a/b", 5000, 1);
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot, options -> options.withPath(TreePath.ROOT));
        Path below = fixture.target.resolve(fixture.source.toString().substring(1));
        assertEquals(List.of(), RestoreFixture.differences(fixture.source, below));
        assertEquals(
                Files.getAttribute(fixture.source, "unix:mode"),
                Files.getAttribute(below, "unix:mode"),
                "the folders that lead to it have their modes too");
    }

    @Test
    void oneFileGoesIntoTheTargetByItsName() throws IOException {
        fixture.file("a/b", 5000, 1);
        fixture.file("a/c", 5000, 2);
        StoredSnapshot snapshot = fixture.snapshot();
        RestoreReport report = fixture.restore(
                snapshot,
                options -> options.withPath(TreePath.parse(RestoreFixture.name(fixture.source.resolve("a/b"))))
                        .withDelete(true));
        assertEquals(1, report.filesRestored());
        assertEquals(
                List.of(),
                RestoreFixture.differences(fixture.source.resolve("a/b").getParent(), fixture.target).stream()
                        .filter(line -> !line.startsWith("c:"))
                        .toList());
    }

    @Test
    void deletingBesideASingleFileDeletesNothing() throws IOException {
        fixture.file("a/b", 5000, 1);
        StoredSnapshot snapshot = fixture.snapshot();
        RestoreFixture.file(fixture.target.resolve("mine"), new byte[5]);
        fixture.restore(
                snapshot,
                options -> options.withPath(TreePath.parse(RestoreFixture.name(fixture.source.resolve("a/b"))))
                        .withDelete(true));
        assertTrue(Files.exists(fixture.target.resolve("mine")));
        assertTrue(Files.exists(fixture.target.resolve("b")));
    }

    @Test
    void aSecondRestoreFindsEverythingThere() throws Exception {
        makeTree();
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot);
        RestoreReport report = fixture.restore(snapshot);
        assertSame();
        assertEquals(0, report.filesRestored());
        assertEquals(305, report.filesUnchanged());
        assertEquals(0, report.bytesWritten());
        RestoreReport always = fixture.restore(snapshot, options -> options.withOverwrite(Overwrite.ALWAYS));
        assertSame();
        assertEquals(0, always.bytesWritten());
        assertTrue(always.bytesReused() > 1_000_000, "compared chunk by chunk");
    }

    @Test
    void onlyWhatDiffersIsWritten() throws IOException {
        Path big = fixture.file("big", 3_000_000, 1);
        fixture.file("same", 50_000, 2);
        fixture.file("touched", 50_000, 3);
        fixture.file("mode", 50_000, 4);
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot);
        byte[] bytes = Files.readAllBytes(big);
        bytes[2_900_000] ^= 1;
        Path old = fixture.target.resolve("big");
        Files.write(old, bytes);
        Path otherName = Files.createLink(place.resolve("other name"), old);
        setTime(fixture.target.resolve("touched"), 77);
        mode(fixture.target.resolve("mode"), 0100640);
        RestoreReport report = fixture.restore(snapshot);
        assertSame();
        assertEquals(1, report.filesRestored());
        assertEquals(3, report.filesUnchanged());
        assertTrue(report.bytesReused() > 2_000_000, "reused " + report.bytesReused());
        assertTrue(report.bytesWritten() < 600_000, "wrote " + report.bytesWritten());
        assertEquals(bytes[2_900_000], Files.readAllBytes(otherName)[2_900_000], "another name's bytes were changed");
    }

    @Test
    void whoHasAnotherNameIsNotChangedThroughIt() throws IOException {
        fixture.file("file", 1000, 1);
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot);
        Path outside = Files.createLink(place.resolve("outside"), fixture.target.resolve("file"));
        mode(outside, 0100600);
        setTime(outside, 55);
        fixture.restore(snapshot);
        assertSame();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(outside)));
        assertEquals(55, Files.getLastModifiedTime(outside).toInstant().getEpochSecond());
    }

    @Test
    void sizeAndTimeAreBelievedUnlessToldOtherwise() throws IOException {
        Path file = fixture.file("file", 1000, 1);
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot);
        Path there = fixture.target.resolve("file");
        Files.write(there, RestoreFixture.bytes(1000, 2));
        Files.setLastModifiedTime(there, Files.getLastModifiedTime(file));
        assertEquals(1, fixture.restore(snapshot).filesUnchanged());
        RestoreReport verified = fixture.restore(snapshot, options -> options.withVerify(true));
        assertEquals(1, verified.errors(), "verification finds it: " + verified.problems());
        assertEquals(
                1,
                fixture.restore(snapshot, options -> options.withOverwrite(Overwrite.ALWAYS))
                        .filesRestored());
        assertSame();
    }

    @Test
    void aKilledRestoreIsFinishedByTheNext() throws IOException {
        Path file = fixture.file("folder/file", 200_000, 1);
        fixture.file("folder/whole", 1000, 2);
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot);
        Path there = fixture.target.resolve("folder/file");
        byte[] torn = Files.readAllBytes(file);
        java.util.Arrays.fill(torn, 100_000, 200_000, (byte) 0);
        Files.write(there, torn);
        Files.setLastModifiedTime(there, Files.getLastModifiedTime(file));
        Files.createFile(fixture.target.resolve(".packstone-restore"));
        Files.createFile(fixture.target.resolve("folder/.packstone-restore-000000000000002a"));
        RestoreReport report = fixture.restore(snapshot);
        assertEquals(1, report.filesRestored());
        assertEquals(1, report.filesUnchanged());
        assertSame();
    }

    @Test
    void neverMeansNever() throws IOException {
        fixture.file("old", 1000, 1);
        fixture.file("absent", 1000, 2);
        StoredSnapshot snapshot = fixture.snapshot();
        RestoreFixture.file(fixture.target.resolve("old"), new byte[3]);
        RestoreReport report = fixture.restore(snapshot, options -> options.withOverwrite(Overwrite.NEVER));
        assertEquals(3, Files.size(fixture.target.resolve("old")));
        assertEquals(1000, Files.size(fixture.target.resolve("absent")));
        assertEquals(1, report.filesUnchanged());
        assertEquals(0, report.errors());
    }

    @Test
    void theNewerOneStays() throws IOException {
        Path older = fixture.file("older", 1000, 1);
        Path newer = fixture.file("newer", 1000, 2);
        setTime(older, 1000);
        setTime(newer, 3000);
        StoredSnapshot snapshot = fixture.snapshot();
        for (String name : List.of("older", "newer")) {
            setTime(RestoreFixture.file(fixture.target.resolve(name), new byte[3]), 2000);
        }
        fixture.restore(snapshot, options -> options.withOverwrite(Overwrite.IF_NEWER));
        assertEquals(3, Files.size(fixture.target.resolve("older")));
        assertEquals(1000, Files.size(fixture.target.resolve("newer")));
    }

    @Test
    void aLinkInTheTargetLeadsNowhere() throws IOException {
        fixture.file("folder/file", 1000, 1);
        fixture.file("plain", 1000, 2);
        StoredSnapshot snapshot = fixture.snapshot();
        Path outside = Files.createDirectory(place.resolve("outside"));
        Path victim = RestoreFixture.file(outside.resolve("file"), new byte[7]);
        Files.createDirectory(fixture.target);
        Files.createSymbolicLink(fixture.target.resolve("folder"), outside);
        Files.createSymbolicLink(fixture.target.resolve("plain"), victim);
        RestoreReport report = fixture.restore(snapshot);
        assertEquals(0, report.errors());
        assertEquals(7, Files.size(victim));
        assertSame();
    }

    @Test
    void linksInTheTargetsOwnPathAreFollowed() throws IOException {
        fixture.file("file", 1000, 1);
        StoredSnapshot snapshot = fixture.snapshot();
        Files.createDirectories(place.resolve("real/inner"));
        Files.createSymbolicLink(place.resolve("short"), Path.of("real/../real/inner"));
        RawName target = RestoreFixture.name(place.resolve("short/made/here"));
        new Restore(fixture.repository())
                .run(
                        snapshot,
                        RestoreOptions.to(target).withPath(TreePath.parse(RestoreFixture.name(fixture.source))),
                        ProgressListener.NONE);
        assertEquals(List.of(), RestoreFixture.differences(fixture.source, place.resolve("real/inner/made/here")));
    }

    @Test
    void whatIsInTheWayGoesOnlyWhenItMay() throws IOException {
        fixture.file("a", 1000, 1);
        fixture.file("b/file", 1000, 2);
        fixture.file("c", 1000, 3);
        StoredSnapshot snapshot = fixture.snapshot();
        Files.createDirectories(fixture.target.resolve("a"));
        RestoreFixture.file(fixture.target.resolve("b"), new byte[4]);
        RestoreFixture.file(fixture.target.resolve("c/mine"), new byte[4]);
        RestoreReport report = fixture.restore(snapshot);
        assertEquals(1, report.errors(), "the folder c is not empty: " + report.problems());
        assertTrue(Files.exists(fixture.target.resolve("c/mine")));
        RestoreReport deleting = fixture.restore(snapshot, options -> options.withDelete(true));
        assertEquals(0, deleting.errors());
        assertSame();
    }

    @Test
    void filtersTakeWhatTheySay() throws IOException {
        fixture.file("docs/a.txt", 100, 1);
        fixture.file("docs/a.bin", 100, 2);
        fixture.file("docs/sub/b.txt", 100, 3);
        fixture.file("other/c.bin", 100, 4);
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot, options -> options.withIncludes(GlobFilter.of("*.txt")));
        assertTrue(Files.exists(fixture.target.resolve("docs/sub/b.txt")));
        assertFalse(Files.exists(fixture.target.resolve("docs/a.bin")));
        assertFalse(Files.exists(fixture.target.resolve("other")), "a folder with nothing to restore was made");
        assertEquals(
                Files.getLastModifiedTime(fixture.source.resolve("docs")),
                Files.getLastModifiedTime(fixture.target.resolve("docs")),
                "a folder that was made on the way has its time");
        fixture.restore(snapshot, options -> options.withExcludes(GlobFilter.of("sub/", "*.txt")));
        assertTrue(Files.exists(fixture.target.resolve("docs/a.bin")));
        assertTrue(Files.exists(fixture.target.resolve("other/c.bin")));
        fixture.restore(
                snapshot,
                options -> options.withPath(TreePath.ROOT)
                        .withIncludes(
                                GlobFilter.of(fixture.source.resolve("docs/sub").toString())));
        assertTrue(Files.exists(fixture.target.resolve(
                fixture.source.resolve("docs/sub/b.txt").toString().substring(1))));
    }

    @Test
    void foldersThatAreOnlyPassedThroughStayAsTheyAre() throws IOException {
        fixture.file("docs/a.txt", 100, 1);
        StoredSnapshot snapshot = fixture.snapshot();
        Path docs = Files.createDirectories(fixture.target.resolve("docs"));
        mode(docs, 0040711);
        fixture.restore(snapshot, options -> options.withIncludes(GlobFilter.of("a.txt")));
        assertEquals("rwx--x--x", PosixFilePermissions.toString(Files.getPosixFilePermissions(docs)));
        assertTrue(Files.exists(docs.resolve("a.txt")));
    }

    @Test
    void aDryRunChangesNothing() throws Exception {
        makeTree();
        StoredSnapshot snapshot = fixture.snapshot();
        RestoreReport report =
                fixture.restore(snapshot, options -> options.withDryRun(true).withDelete(true));
        assertEquals(305, report.filesRestored());
        assertFalse(Files.exists(fixture.target));
        fixture.restore(snapshot);
        Path extra = RestoreFixture.file(fixture.target.resolve("d1/extra"), new byte[1]);
        RestoreFixture.file(fixture.target.resolve("d2/e2/file2"), new byte[1]);
        report = fixture.restore(snapshot, options -> options.withDryRun(true).withDelete(true));
        assertEquals(1, report.filesRestored());
        assertEquals(304, report.filesUnchanged());
        assertEquals(1, report.filesDeleted());
        assertTrue(Files.exists(extra));
    }

    @Test
    void aLargeFileSpansWindows() throws IOException {
        fixture.file("small", 1000, 1);
        Path large = fixture.file("large", 90_000_000, 2);
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot);
        assertSame();
        try (var channel =
                Files.newByteChannel(fixture.target.resolve("large"), java.nio.file.StandardOpenOption.WRITE)) {
            channel.position(80_000_000);
            channel.write(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
        }
        RestoreReport report = fixture.restore(snapshot);
        assertSame();
        assertTrue(report.bytesWritten() < 2_000_000, "wrote " + report.bytesWritten());
        assertEquals(Files.size(large), report.bytesReused() + report.bytesWritten());
    }

    @Test
    void namesAreBytesAndPathsAreLong() throws Exception {
        byte[] bytes = {(byte) 0xff, 'x', (byte) 0xfe, '\n'};
        RawName strange = RawName.of(bytes, 0, bytes.length);
        RawName deep = RawName.of("d".repeat(200));
        DirectoryHandle here = new Posix().openRoot(RestoreFixture.name(fixture.source));
        for (int i = 0; i < 18; i++) {
            here.makeDirectory(deep, 0700);
            DirectoryHandle next = here.openDirectory(deep);
            here.close();
            here = next;
        }
        try (FileHandle file = here.createFile(strange, 0600)) {
            file.write(0, bytes, 0, bytes.length);
        }
        here.close();
        StoredSnapshot snapshot = fixture.snapshot();
        RestoreReport report = fixture.restore(snapshot, options -> options.withVerify(true));
        assertEquals(List.of(), report.problems());
        assertEquals(1, report.filesRestored());
        assertEquals(1, fixture.restore(snapshot).filesUnchanged());
    }

    @Test
    void whatIsNotThereIsNotFound() throws IOException {
        fixture.file("a", 1, 1);
        StoredSnapshot snapshot = fixture.snapshot();
        RepositoryException e = assertThrows(
                RepositoryException.class,
                () -> fixture.restore(snapshot, options -> options.withPath(TreePath.parse(RawName.of("/no")))));
        assertEquals(ErrorKind.NOT_FOUND, e.kind());
        assertThrows(
                IllegalArgumentException.class,
                () -> RestoreOptions.to(RawName.of("/")).withPath(TreePath.parse(RawName.of("/etc"))));
    }

    @Test
    void anInterruptLeavesNoPieces() throws Exception {
        makeTree();
        StoredSnapshot snapshot = fixture.snapshot();
        ProgressListener interrupting = new ProgressListener() {
            private int files;

            @Override
            public synchronized void advance(long count, long bytes) {
                files += (int) count;
                if (files >= 100 && count > 0) {
                    main.interrupt();
                }
            }

            private final Thread main = Thread.currentThread();
        };
        RestoreOptions options = RestoreOptions.to(RestoreFixture.name(fixture.target))
                .withPath(TreePath.parse(RestoreFixture.name(fixture.source)));
        assertThrows(
                InterruptedIOException.class,
                () -> new Restore(fixture.repository()).run(snapshot, options, interrupting));
        Thread.interrupted();
        assertTrue(Files.exists(fixture.target.resolve(".packstone-restore")));
        fixture.restore(snapshot);
        assertSame();
    }
}
