package io.packstone.backend.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.Backend;
import io.packstone.backend.Upload;
import io.packstone.crypto.Hmac;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.testkit.BackendContract;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalBackendTest extends BackendContract {
    private static final String HEX = "0123456789abcdef".repeat(4);

    @TempDir
    private Path directory;

    @Override
    protected Backend open() {
        return new LocalBackend(directory.resolve("a/repository"));
    }

    private Path root() {
        return directory.resolve("a/repository");
    }

    private static Set<String> listed(Backend backend) throws IOException {
        Set<String> names = new TreeSet<>();
        backend.list("", (name, length) -> names.add(name));
        return names;
    }

    @Test
    void layoutAndModes() throws IOException {
        try (Backend backend = open()) {
            backend.put("packs/" + HEX, new byte[] {1});
            backend.put("snapshots/" + HEX + ".state.b", new byte[] {2});
        }
        Path pack = root().resolve("packs/01/" + HEX);
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(pack));
        assertTrue(Files.exists(root().resolve("snapshots/" + HEX + ".state.b")));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(pack)));
        for (Path made : List.of(root(), root().resolve("packs"), pack.getParent(), root().resolve("tmp"))) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
        }
        try (Stream<Path> left = Files.list(root().resolve("tmp"))) {
            assertEquals(0, left.count());
        }
    }

    /** What was stored at that place would be in the way of the repository when it comes back. */
    @Test
    void aRepositoryThatWentAwayIsNotMadeAgain() throws IOException {
        Path away = directory.resolve("away");
        for (boolean reopened : new boolean[] {false, true}) {
            try (Backend first = open()) {
                first.put("packs/" + HEX, new byte[] {1});
                try (Backend backend = reopened ? open() : first) {
                    Files.move(root(), away);
                    assertThrows(IOException.class, () -> backend.put("index/" + HEX, new byte[] {2}));
                    assertThrows(IOException.class, () -> backend.putIfAbsent("keys/" + HEX, new byte[] {2}));
                    assertThrows(IOException.class, () -> backend.begin());
                    assertFalse(Files.exists(root()));
                    Files.move(away, root());
                    backend.put("index/" + HEX, new byte[] {2});
                    assertEquals(Set.of("packs/" + HEX, "index/" + HEX), listed(backend));
                }
            }
        }
    }

    @Test
    void theRightBytesTakeTheDamagedOnesPlace() throws IOException {
        byte[] right = {1, 2, 3};
        String name = "packs/" + HexFormat.of().formatHex(Hmac.sha256(right, 0, right.length));
        try (LocalBackend backend = new LocalBackend(root())) {
            backend.put(name, right);
            Path file = root().resolve("packs").resolve(name.substring(6, 8)).resolve(name.substring(6));
            Files.write(file, new byte[] {1, 2, 4, 4});
            assertEquals(4, backend.get(name, 9)[2]);
            try (Upload upload = backend.begin()) {
                upload.write(right, 0, right.length);
                upload.replace(name);
            }
            assertArrayEquals(right, backend.get(name, 9));
            Files.delete(file);
            try (Upload upload = backend.begin()) {
                upload.write(right, 0, right.length);
                upload.replace(name);
            }
            assertArrayEquals(right, Files.readAllBytes(file));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            try (Stream<Path> left = Files.list(root().resolve("tmp"))) {
                assertEquals(0, left.count());
            }
        }
    }

    @Test
    void whatIsNotOursIsNotListed() throws IOException {
        try (LocalBackend backend = new LocalBackend(root())) {
            backend.put("packs/" + HEX, new byte[] {1});
            Files.createDirectories(root().resolve("packs/ff"));
            for (String foreign : List.of(
                    "README", "tmp/x", "packs/ff/" + HEX, "packs/" + HEX, "packs/Note", "snapshots.txt", ".hidden")) {
                Files.write(root().resolve(foreign), new byte[1]);
            }
            Files.createDirectories(root().resolve("lost+found/x"));
            Files.createDirectories(root().resolve("index"));
            Files.createSymbolicLink(root().resolve("index/link"), Path.of("../README"));
            assertEquals(Set.of("packs/" + HEX), listed(backend));
        }
    }

    @Test
    void residueOfACrashIsSweptByAge() throws IOException {
        try (LocalBackend backend = new LocalBackend(root())) {
            assertEquals(0, backend.sweepTemporary(Instant.MAX.minusSeconds(1)));
            Upload old = backend.begin();
            old.write(new byte[5], 0, 5);
            Path temporary;
            try (Stream<Path> found = Files.list(root().resolve("tmp"))) {
                temporary = found.findFirst().orElseThrow();
            }
            Files.setLastModifiedTime(temporary, FileTime.from(Instant.ofEpochSecond(1000)));
            Upload fresh = backend.begin();
            assertEquals(1, backend.sweepTemporary(Instant.ofEpochSecond(2000)));
            assertFalse(Files.exists(temporary));
            assertEquals(Set.of(), listed(backend));
            fresh.commit("jobs/fresh");
            fresh.close();
            old.close();
            assertEquals(Set.of("jobs/fresh"), listed(backend));
        }
    }

    @Test
    void directoriesThatVanishAreMadeAgain() throws IOException {
        try (LocalBackend backend = new LocalBackend(root())) {
            backend.put("jobs/a", new byte[1]);
            Files.delete(root().resolve("jobs/a"));
            Files.delete(root().resolve("jobs"));
            Files.delete(root().resolve("tmp"));
            backend.put("jobs/b", new byte[1]);
            assertEquals(1, backend.length("jobs/b"));
        }
    }

    @Test
    void interruptedReadersDoNotDisturbOthers() throws Exception {
        try (LocalBackend backend = new LocalBackend(root())) {
            backend.put("packs/" + HEX, new byte[100_000]);
            Thread victim = new Thread(() -> {
                byte[] target = new byte[1000];
                try {
                    while (true) {
                        backend.read("packs/" + HEX, 0, target, 0, 1000);
                    }
                } catch (IOException e) {
                    Thread.currentThread().interrupt();
                }
            });
            victim.start();
            byte[] target = new byte[1000];
            for (int i = 0; i < 3000; i++) {
                backend.read("packs/" + HEX, i, target, 0, 1000);
                if (i == 1000) {
                    victim.interrupt();
                }
            }
            victim.join();
            backend.read("packs/" + HEX, 5, target, 0, 1000);
        }
    }

    @Test
    void aFileInPlaceOfTheRootIsNoEmptyRepository() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[1]);
        try (LocalBackend backend = new LocalBackend(file)) {
            assertThrows(IOException.class, () -> listed(backend));
            assertThrows(IOException.class, () -> backend.put("jobs/a", new byte[1]));
            assertThrows(IOException.class, () -> backend.length("jobs/a"));
        }
    }

    @Test
    void withoutHardLinksARenameNeverReplaces() throws IOException {
        Path from = Files.write(directory.resolve("from"), new byte[] {1});
        Path to = directory.resolve("to");
        FileSystemDisk.renameToNew(from, to);
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(to));
        assertFalse(Files.exists(from));
        Path second = Files.write(directory.resolve("second"), new byte[] {2});
        assertThrows(FileAlreadyExistsException.class, () -> FileSystemDisk.renameToNew(second, to));
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(to));
        assertTrue(Files.exists(second));
    }

    @Test
    void noRoomIsSaid() throws IOException {
        Disk full = new RecordingDisk() {
            @Override
            void check(String call) throws IOException {
                if (call.startsWith("write")) {
                    throw new IOException("No space left on device");
                }
            }
        };
        try (LocalBackend backend = new LocalBackend(root(), full, () -> "t")) {
            RepositoryException e = assertThrows(RepositoryException.class, () -> backend.put("jobs/a", new byte[5]));
            assertEquals(ErrorKind.NO_ROOM, e.kind());
            assertEquals(Set.of(), listed(backend));
        }
    }
}
