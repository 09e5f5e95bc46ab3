package io.packstone.backend.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file has its name with all its bytes, or not at all. */
class DurableFileTest {
    @TempDir
    private Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void write(RecordingDisk disk, Path target, boolean overwrite, String text) throws IOException {
        try (DurableFile file = DurableFile.begin(disk, target, "m", overwrite)) {
            file.write(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            file.commit();
        }
    }

    @Test
    void isForcedBeforeItIsNamedAndItsFolderAfterwards() throws IOException {
        RecordingDisk disk = new RecordingDisk();
        Path target = folder.resolve("x");
        write(disk, target, false, "one");
        String part = ".packstone-m.part";
        assertEquals(
                List.of(
                        "create " + part,
                        "write " + part,
                        "force " + part,
                        "close " + part,
                        "publish " + part + " x",
                        "forceDirectory " + folder.getFileName(),
                        "delete " + part),
                disk.calls);
        assertEquals("one", Files.readString(target));
        assertEquals(List.of("x"), names());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
    }

    @Test
    void anExistingFileStaysUnlessItIsToBeReplaced() throws IOException {
        Path target = folder.resolve("x");
        Files.writeString(target, "old");
        RecordingDisk disk = new RecordingDisk();
        assertThrows(FileAlreadyExistsException.class, () -> write(disk, target, false, "new"));
        assertEquals(List.of(), disk.calls);
        assertEquals("old", Files.readString(target));
        write(disk, target, true, "new");
        assertEquals("new", Files.readString(target));
        assertEquals(List.of("x"), names());
    }

    @Test
    void whoeverWasFasterKeepsTheName() throws IOException {
        Path target = folder.resolve("x");
        try (DurableFile file = DurableFile.begin(target, "m", false)) {
            file.write(1);
            Files.writeString(target, "faster");
            assertThrows(FileAlreadyExistsException.class, file::commit);
        }
        assertEquals("faster", Files.readString(target));
        assertEquals(List.of("x"), names());
    }

    @Test
    void givenUpOrFailedItLeavesNothing() throws IOException {
        try (DurableFile file = DurableFile.begin(folder.resolve("x"), "m", false)) {
            file.write(1);
        }
        assertEquals(List.of(), names());
        for (String failing : List.of("force", "publish")) {
            RecordingDisk disk = new RecordingDisk() {
                @Override
                void check(String call) throws IOException {
                    if (call.startsWith(failing + " ")) {
                        throw new IOException("no");
                    }
                }
            };
            assertThrows(IOException.class, () -> write(disk, folder.resolve("x"), false, "new"));
            assertEquals(List.of(), names(), failing);
        }
    }

    @Test
    void bytesComeInAnyPieces() throws IOException {
        Path target = folder.resolve("x");
        try (DurableFile file = DurableFile.begin(target, "m", false)) {
            file.write(7);
            file.write(new byte[] {1, 2, 3, 4}, 1, 2);
            file.commit();
        }
        assertArrayEquals(new byte[] {7, 2, 3}, Files.readAllBytes(target));
    }
}
