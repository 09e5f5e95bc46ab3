package io.packstone.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "Input/output error, input/output error",
        "No space left on device, no space left on device",
        "openat \"x\": read-only file system (EROFS), read-only file system",
        "Is a directory, is a directory",
    })
    void whatTheSystemSaysIsKnown(String words, String reason) {
        for (IOException failure :
                new IOException[] {new IOException(words), new FileSystemException("/a/file", null, words)}) {
            assertEquals(reason, Refusal.of(failure).reason());
            assertFalse(Refusal.of(failure).remedy().isBlank());
        }
    }

    @Test
    void exceptionsThatSayOnlyAPathHaveWordsToo() throws IOException {
        assertEquals(
                "permission denied", Refusal.of(new AccessDeniedException("/a")).reason());
        assertEquals(
                "no such file or directory",
                Refusal.of(new NoSuchFileException("/a")).reason());
        Path file = Files.createFile(folder.resolve("file"));
        try {
            Files.newDirectoryStream(file).close();
        } catch (IOException e) {
            assertEquals("not a directory; name a folder", Refusal.of(e).toString());
        }
    }

    @Test
    void otherWordsArePassedOn() {
        assertEquals("Kein Platz", Refusal.of(new IOException("Kein Platz")).reason());
        assertEquals("the system gave no reason", Refusal.of(new IOException()).reason());
    }
}
