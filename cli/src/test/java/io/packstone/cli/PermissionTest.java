package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.posix.Posix;
import io.packstone.testkit.OrdinaryUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an ordinary user may not read makes a snapshot degraded and is named; the process is nobody's when root builds. */
class PermissionTest {
    @TempDir
    Path folder;

    private Path work;
    private Path source;
    private RealProgram program;

    @BeforeEach
    void makeSource() throws IOException {
        work = folder.toRealPath();
        permit(work, "rwxrwxrwx");
        source = Files.createDirectories(work.resolve("source"));
        permit(source, "rwxrwxrwx");
        write("open/readable", "everybody reads this");
        write("open/secret", "nobody reads this");
        write("closed/hidden", "nobody comes here");
        write("listed/unreached", "nobody looks at this");
        permit(source.resolve("open/secret"), "---------");
        permit(source.resolve("closed"), "---------");
        permit(source.resolve("listed"), "r--r--r--");
        program = new Posix().isSuperuser()
                ? RealProgram.of(
                        work,
                        OrdinaryUser.command(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"), Main.class.getName()))
                : RealProgram.of(work);
        program.environment.put("PACKSTONE_KEY_FILE", work.resolve("key").toString());
        program.environment.put(
                "PACKSTONE_REPOSITORY", work.resolve("repository").toString());
        program.environment.put("PACKSTONE_CACHE_DIR", work.resolve("cache").toString());
    }

    /** So that whoever deletes the folder may. */
    @AfterEach
    void openAgain() throws IOException {
        permit(source.resolve("closed"), "rwxr-xr-x");
        permit(source.resolve("listed"), "rwxr-xr-x");
    }

    private void write(String name, String text) throws IOException {
        Path file = source.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void permit(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void unreadableFilesAndFoldersAreNamedAndTheRestIsKept() throws Exception {
        program.run("init", "--key-file", "key").expect(0);
        RealProgram.Outcome outcome =
                program.run("snapshot", "source", "--json").expect(3);
        assertEquals("degraded", outcome.object().get("status"));
        assertEquals(3L, outcome.object().get("errors"));
        for (String unread : List.of("open/secret", "closed", "listed/unreached")) {
            assertTrue(outcome.messages().contains(source.resolve(unread).toString()), outcome.messages());
        }
        assertFalse(outcome.messages().contains("hidden"), outcome.messages());
        List<Map<String, Object>> all =
                program.run("snapshots", "--json").expect(0).array();
        assertEquals("degraded", all.get(0).get("status"));
        // The superuser's files come back as nobody's, which is said.
        boolean gave = new Posix().isSuperuser();
        RealProgram.Outcome restored =
                program.run("restore", "latest:" + source, "--target", "again").expect(gave ? 3 : 0);
        assertEquals(gave, restored.messages().contains("only root may give files away"), restored.messages());
        assertEquals("everybody reads this", Files.readString(work.resolve("again/open/readable")));
        assertFalse(Files.exists(work.resolve("again/open/secret")));
        assertTrue(Files.isDirectory(work.resolve("again/closed")));
    }

    @Test
    void aGivenPathThatCanNotBeReadIsNoSnapshot() throws Exception {
        program.run("init", "--key-file", "key").expect(0);
        RealProgram.Outcome outcome = program.run("snapshot", "source/closed/hidden");
        assertEquals(1, outcome.code(), outcome.messages());
        assertTrue(outcome.messages().contains(source.resolve("closed").toString()), outcome.messages());
        assertEquals(List.of(), program.run("snapshots", "--json").expect(0).array());
    }

    @Test
    void whatMayNotBeWrittenIsNamedByARestore() throws Exception {
        program.run("init", "--key-file", "key").expect(0);
        program.run("snapshot", "source/open/readable").expect(0);
        Path target = Files.createDirectories(work.resolve("target"));
        permit(target, "r-xr-xr-x");
        RealProgram.Outcome outcome = program.run("restore", "latest:" + source.resolve("open"), "--target", "target");
        permit(target, "rwxr-xr-x");
        assertTrue(outcome.code() == 3 || outcome.code() == 1, outcome.code() + ": " + outcome.messages());
        assertTrue(outcome.messages().contains(target.toString()), outcome.messages());
    }
}
