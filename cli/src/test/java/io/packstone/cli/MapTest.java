package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Folders that are read from another place, as from a snapshot of their file system: all is said of where they live. */
class MapTest extends ShellCase {
    private Path frozen;

    @BeforeEach
    void freeze() throws Exception {
        shell.run("init").expect(0);
        frozen = work.resolve("frozen");
        copy(source, frozen);
        Files.writeString(source.resolve("a.txt"), "thawed\n");
        Files.writeString(source.resolve("new"), "");
    }

    private static void copy(Path from, Path to) throws Exception {
        Process copy = new ProcessBuilder("cp", "-a", from.toString(), to.toString()).start();
        assertEquals(0, copy.waitFor());
    }

    @Test
    void frozenFilesAreRecordedAndRestoredWhereTheyLive() throws IOException {
        shell.run("snapshot", "source", "--map", "source=frozen", "--exclude", source + "/below/b.txt")
                .expect(0);
        String found = shell.run("find", "*").expect(0).text();
        assertTrue(found.contains(source + "/below/deep/big.bin"), found);
        assertFalse(found.contains("frozen") || found.contains("b.txt") || found.contains(source + "/new"), found);
        Map<String, Object> listed =
                shell.run("snapshots", "--json").expect(0).array().get(0);
        assertEquals("file-system snapshot", listed.get("consistency"));
        assertEquals(List.of(source.toString()), listed.get("paths"));
        assertTrue(shell.run("snapshots").expect(0).text().contains("file-system snapshot"));
        assertEquals(
                "hello\n",
                shell.run("cat", "latest:" + source + "/a.txt").expect(0).text());
        shell.run("restore", "latest", "--target", "/", "--include", source.toString())
                .expect(0);
        assertEquals("hello\n", Files.readString(source.resolve("a.txt")));
    }

    @Test
    void explanationsSeeTheFrozenFiles() throws IOException {
        Files.writeString(frozen.resolve(".packstoneignore"), "*.txt\n");
        String text = shell.run("explain", "source/a.txt", "--source", "source", "--map", "source=frozen")
                .expect(0)
                .text();
        assertEquals(source + "/a.txt is left out: '*.txt' in " + source + "/.packstoneignore, line 1\n", text);
        shell.run("explain", "source/new", "--source", "source", "--map", "source=frozen")
                .expect(1);
    }

    /** The link stands for a snapshot that has the inodes of what it was made of, as LVM, ZFS and btrfs give them. */
    @Test
    void whatIsTheSameInTheCopyIsNotReadAgainNorRecordedAnew() throws IOException {
        Files.createSymbolicLink(work.resolve("same"), source);
        shell.run("snapshot", "source", "--time", "2100-01-01T00:00").expect(0);
        String[] mapped = {"snapshot", "source", "--map", "source=same", "--json", "--time", "2100-01-01T00:00"};
        Map<String, Object> first = shell.run(mapped).expect(0).object();
        assertEquals(4L, first.get("filesUnchanged"), first.toString());
        assertEquals(0L, first.get("bytesRead"));
        Map<String, Object> second = shell.run(mapped).expect(0).object();
        assertEquals(4L, second.get("filesUnchanged"));
        assertEquals(0L, second.get("bytesNew"));
    }

    @Test
    void partsOfAMapAndTheFolderAboveItAreReadFromItToo() throws Exception {
        shell.run("snapshot", "source/below", "--map", "source=frozen").expect(0);
        assertEquals(
                "world\n",
                shell.run("cat", "latest:" + source + "/below/b.txt").expect(0).text());
        Path inner = work.resolve("inner");
        copy(source.resolve("below"), inner);
        Files.writeString(inner.resolve("b.txt"), "inner\n");
        shell.run("snapshot", ".", "-x", "--map", "source=frozen", "--map", "source/below=inner", "--exclude", "/home")
                .expect(0);
        assertEquals(
                "hello\n",
                shell.run("cat", "latest:" + source + "/a.txt").expect(0).text());
        assertEquals(
                "inner\n",
                shell.run("cat", "latest:" + source + "/below/b.txt").expect(0).text());
    }

    /** Also of the whole tree; nor is the repository taken that lies in the copy. */
    @Test
    void theRepositoryInTheCopyIsLeftOut() throws Exception {
        Path copy = Files.createDirectories(work.resolve("copy"));
        copy(source, copy.resolve("source"));
        copy(repository, copy.resolve("repository"));
        shell.run("snapshot", ".", "--map", ".=copy").expect(0);
        String found = shell.run("find", "*").expect(0).text();
        assertTrue(found.contains(source + "/a.txt"), found);
        assertFalse(found.contains(repository.toString()), found);
        Path root = Files.createDirectories(work.resolve("root"));
        Files.writeString(root.resolve("only"), "");
        Map<String, Object> whole = shell.run("snapshot", "/", "--map", "/=root", "--json")
                .expect(0)
                .object();
        assertEquals(1L, whole.get("filesNew"), whole.toString());
    }

    @Test
    void aMapThatCanNotBeMeantIsRefused() throws IOException {
        for (String bad : List.of("source", "=frozen", "source=", "/elsewhere=frozen")) {
            shell.run("snapshot", "source", "--map", bad).expect(2);
        }
        shell.run("snapshot", "source", "--map", "source=frozen", "--map", "source=frozen")
                .expect(2);
        Path told = work.resolve("told");
        for (String bad : List.of("absent", "empty", "source/a.txt")) {
            Files.createDirectories(work.resolve("empty"));
            Shell.Outcome outcome = shell.run(
                            "snapshot", "source", "--map", "source=" + bad, "--after", "echo $PACKSTONE_STATUS >> told")
                    .expect(1);
            assertTrue(outcome.messages().contains(work.resolve(bad).toString()), outcome.messages());
        }
        assertEquals(List.of("failed", "failed", "failed"), Files.readAllLines(told));
        assertEquals(List.of(), shell.ids());
    }
}
