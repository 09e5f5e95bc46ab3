package io.packstone.browse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.error.RepositoryException;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.Posix;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.FixtureCase;
import io.packstone.restore.RestoreFixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Files, tar files and zip files out of snapshots, read by what others wrote. */
class DumpTest extends FixtureCase {
    private TreePath inSource(String name) {
        return TreePath.parse(RestoreFixture.name(name.isEmpty() ? fixture.source : fixture.source.resolve(name)));
    }

    private void makeTree() throws IOException {
        fixture.file("a/file", 100_000, 1);
        fixture.file("a/empty", 0, 1);
        fixture.file("a/block", 512, 2);
        fixture.file("b/" + "long/".repeat(30) + "name", 1000, 3);
        Path linked = fixture.file("b/linked", 5000, 4);
        Files.createLink(fixture.source.resolve("a/other name"), linked);
        Files.createSymbolicLink(fixture.source.resolve("a/link"), Path.of("../b/linked"));
        Files.createSymbolicLink(fixture.source.resolve("a/far"), Path.of("x/".repeat(80) + "y"));
        fixture.file("\u00fcml\u00e4ut", 10, 5);
        fixture.file("old", 10, 6);
        Files.setLastModifiedTime(fixture.source.resolve("old"), FileTime.from(Instant.ofEpochSecond(-86_400, 7)));
        Files.setAttribute(fixture.source.resolve("old"), "unix:mode", 0104711);
        Files.createDirectories(fixture.source.resolve("c/nothing"));
        try (DirectoryHandle source = new Posix().openRoot(RestoreFixture.name(fixture.source))) {
            source.makeFifo(RawName.of("pipe"), 0600);
        }
    }

    private Path tar(StoredSnapshot snapshot, TreePath path) throws IOException {
        Path file = place.resolve("dump.tar");
        try (OutputStream output = Files.newOutputStream(file)) {
            new TarOutput(fixture.repository(), output).write(snapshot, path, org.junit.jupiter.api.Assertions::fail);
        }
        return file;
    }

    private Path zip(StoredSnapshot snapshot, TreePath path) throws IOException {
        Path file = place.resolve("dump.zip");
        try (OutputStream output = Files.newOutputStream(file)) {
            new ZipOutput(fixture.repository(), output).write(snapshot, path, org.junit.jupiter.api.Assertions::fail);
        }
        return file;
    }

    private static boolean runs(String... command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return Assumptions.abort("no " + command[0] + " here");
        }
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertEquals("", said.replaceAll("tar: Ignoring unknown extended header keyword 'hdrcharset'\n", ""));
        return true;
    }

    @Test
    void tarRestoresWhatTheSnapshotHolds() throws Exception {
        makeTree();
        StoredSnapshot snapshot = fixture.snapshot();
        Path file = tar(snapshot, inSource(""));
        Files.createDirectory(fixture.target);
        assertTrue(runs("tar", "--same-owner", "-xpf", file.toString(), "-C", fixture.target.toString()));
        assertEquals(List.of(), RestoreFixture.differences(fixture.source, fixture.target));
    }

    @Test
    void tarKeepsNamesThatAreBytes() throws Exception {
        byte[] name = new byte[120];
        java.util.Arrays.fill(name, (byte) 0xfe);
        try (DirectoryHandle source = new Posix().openRoot(RestoreFixture.name(fixture.source))) {
            for (int length : new int[] {3, 99, 100, 101, 120}) {
                source.createFile(RawName.of(name, 0, length), 0600).close();
            }
        }
        StoredSnapshot snapshot = fixture.snapshot();
        Path file = tar(snapshot, inSource(""));
        Files.createDirectory(fixture.target);
        assertTrue(runs("tar", "-xpf", file.toString(), "-C", fixture.target.toString()));
        List<Integer> lengths = new ArrayList<>();
        try (DirectoryHandle target = new Posix().openRoot(RestoreFixture.name(fixture.target))) {
            target.list((bytes, offset, length) -> {
                lengths.add(length);
                assertEquals((byte) 0xfe, bytes[offset + length - 1]);
            });
        }
        lengths.sort(null);
        assertEquals(List.of(3, 99, 100, 101, 120), lengths);
    }

    @Test
    void wholeSnapshotsAreNamedByFullPaths() throws Exception {
        fixture.file("a/file", 10, 1);
        StoredSnapshot snapshot = fixture.snapshot();
        Path file = tar(snapshot, TreePath.ROOT);
        Files.createDirectory(fixture.target);
        assertTrue(runs("tar", "-xpf", file.toString(), "-C", fixture.target.toString()));
        assertTrue(Files.exists(
                fixture.target.resolve(fixture.source.toString().substring(1)).resolve("a/file")));
        Path single = tar(snapshot, inSource("a/file"));
        assertTrue(runs("tar", "-xpf", single.toString(), "-C", fixture.target.toString()));
        assertTrue(Files.exists(fixture.target.resolve("file")));
        assertThrows(RepositoryException.class, () -> tar(snapshot, inSource("no such")));
    }

    @Test
    void zipHoldsWhatTheSnapshotHolds() throws Exception {
        makeTree();
        StoredSnapshot snapshot = fixture.snapshot();
        Path file = zip(snapshot, inSource(""));
        TreeSet<String> streamed = new TreeSet<>();
        try (ZipInputStream stream = new ZipInputStream(Files.newInputStream(file))) {
            for (ZipEntry entry = stream.getNextEntry(); entry != null; entry = stream.getNextEntry()) {
                streamed.add(entry.getName());
                stream.readAllBytes();
            }
        }
        TreeSet<String> listed = new TreeSet<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : java.util.Collections.list(zip.entries())) {
                listed.add(entry.getName());
                Path original = fixture.source.resolve(entry.getName());
                byte[] bytes = zip.getInputStream(entry).readAllBytes();
                if (Files.isSymbolicLink(original)) {
                    assertEquals(
                            Files.readSymbolicLink(original).toString(),
                            new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
                } else if (Files.isDirectory(original)) {
                    assertTrue(entry.isDirectory());
                } else {
                    assertArrayEquals(Files.readAllBytes(original), bytes, entry.getName());
                    assertEquals(
                            Files.getLastModifiedTime(original).toInstant().getEpochSecond(),
                            entry.getLastModifiedTime().toInstant().getEpochSecond());
                }
            }
        }
        assertEquals(listed, streamed);
        assertTrue(listed.containsAll(
                List.of("a/file", "a/link", "b/linked", "a/other name", "c/nothing/", "\u00fcml\u00e4ut")));
        assertFalse(listed.contains("pipe"));
        Files.createDirectory(fixture.target);
        assertTrue(runs("unzip", "-q", file.toString(), "-d", fixture.target.toString()));
        assertTrue(Files.isSymbolicLink(fixture.target.resolve("a/link")));
        assertEquals(
                Files.getPosixFilePermissions(fixture.source.resolve("old")),
                Files.getPosixFilePermissions(fixture.target.resolve("old")));
    }

    @Test
    void zipTakesMoreEntriesThanSixteenBitsCount() throws Exception {
        try (DirectoryHandle source = new Posix().openRoot(RestoreFixture.name(fixture.source))) {
            for (int i = 0; i < 66_000; i++) {
                source.symlink(RawName.of("t"), RawName.of("l" + i));
            }
            try (FileHandle file = source.createFile(RawName.of("zzz"), 0600)) {
                file.write(0, new byte[] {1, 2, 3}, 0, 3);
            }
        }
        StoredSnapshot snapshot = fixture.snapshot();
        try (ZipFile zip = new ZipFile(zip(snapshot, inSource("")).toFile())) {
            assertEquals(66_001, zip.size());
            assertArrayEquals(
                    new byte[] {1, 2, 3},
                    zip.getInputStream(zip.getEntry("zzz")).readAllBytes());
        }
    }

    @Test
    void catGivesTheBytes() throws IOException {
        fixture.file("a/file", 1_000_000, 1);
        StoredSnapshot snapshot = fixture.snapshot();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FileOutput output = new FileOutput(fixture.repository());
        output.write(snapshot, inSource("a/file"), bytes);
        assertEquals(-1, java.util.Arrays.mismatch(RestoreFixture.bytes(1_000_000, 1), bytes.toByteArray()));
        assertThrows(RepositoryException.class, () -> output.write(snapshot, inSource("a"), bytes));
        assertThrows(RepositoryException.class, () -> output.write(snapshot, inSource("b"), bytes));
        assertEquals(1_000_000, new ByteArrayInputStream(bytes.toByteArray()).available());
    }
}
