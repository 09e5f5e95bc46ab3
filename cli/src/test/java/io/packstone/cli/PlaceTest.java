package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

/** Places that can't be used: one line that names the place, the reason and the next step, and exit code 1. */
class PlaceTest extends ShellCase {
    private void assertRefused(String reason, String... arguments) {
        Shell.Outcome outcome = shell.run(arguments).expect(1);
        assertEquals(1, outcome.messages().lines().count(), outcome.messages());
        assertTrue(outcome.messages().startsWith("packstone: "), outcome.messages());
        assertTrue(outcome.messages().contains(reason), outcome.messages());
        assertTrue(outcome.messages().contains("; "), outcome.messages());
    }

    @Test
    void aFileIsNoRepository() {
        for (String command : java.util.List.of("init", "snapshots", "snapshot source", "check")) {
            assertRefused(work + "/source/a.txt: not a directory; ", (command + " --repo source/a.txt").split(" "));
        }
    }

    @Test
    void aFolderWithOtherThingsIsNoPlaceForOne() throws IOException {
        assertRefused(source + " holds other things; ", "init", "--repo", "source");
        assertFalse(Files.exists(source.resolve("keys")));
        Files.createDirectories(work.resolve("disk/lost+found"));
        shell.run("init", "--repo", "disk").expect(0);
    }

    @Test
    void aFolderIsNoListAndNoKey() {
        shell.run("init").expect(0);
        assertRefused(source + ": is a directory; ", "snapshot", "source", "--exclude-file", "source");
        assertRefused(source + ": is a directory; ", "snapshot", "--files-from", "source");
        assertRefused(work + "/absent: no such file", "snapshot", "--files-from", "absent");
        Shell.Outcome key = shell.run("snapshots", "--key-file", "source").expect(12);
        assertTrue(
                key.messages().contains("the key file " + source + " can't be read: is a directory"), key.messages());
    }

    @Test
    void whatTheUserMayNotReadIsNamed() throws IOException {
        assumeFalse("root".equals(System.getProperty("user.name")), "root may read everything");
        shell.run("init").expect(0);
        snapshot();
        for (String folder : java.util.List.of("config", "keys", "snapshots", "packs", "")) {
            Path place = repository.resolve(folder);
            Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("---------"));
            assertRefused(" at " + repository + ": permission denied; ", "check");
            Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void aCacheThatCannotBeKeptCostsAWord() throws IOException {
        shell.run("init").expect(0);
        snapshot();
        Shell.Outcome outcome = shell.run("ls", "latest:" + source, "--cache-dir", "source/a.txt")
                .expect(0);
        assertTrue(
                outcome.messages().startsWith("warning: the index can't be kept in " + source + "/a.txt/"),
                outcome.messages());
        assertTrue(outcome.text().contains("below"));
        assertEquals("", shell.run("ls", "latest", "--no-cache").expect(0).messages());
    }
}
