package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage and its repair, through the command line. */
class HealingTest {
    @TempDir
    Path folder;

    private Path repository;
    private Shell shell;

    @BeforeEach
    void makeSource() throws IOException {
        Path source = Files.createDirectories(folder.resolve("source"));
        repository = folder.resolve("repository");
        byte[] bytes = new byte[400_000];
        new Random(5).nextBytes(bytes);
        Files.write(source.resolve("a.bin"), bytes);
        Files.writeString(source.resolve("b.txt"), "hello\n");
        shell = new Shell(folder);
        shell.environment.put("PACKSTONE_PASSWORD", "correct horse");
        shell.environment.put("PACKSTONE_REPOSITORY", "repository");
        shell.environment.put("PACKSTONE_CACHE_DIR", "cache");
    }

    private List<Path> objects(String prefix) throws IOException {
        try (Stream<Path> below = Files.walk(repository.resolve(prefix))) {
            return below.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private Path largestPack() throws IOException {
        Path largest = null;
        for (Path pack : objects("packs")) {
            largest = largest == null || Files.size(pack) > Files.size(largest) ? pack : largest;
        }
        return Shell.require(largest);
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 4;
        Files.write(file, bytes);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> errors(Shell.Outcome outcome) throws IOException {
        return (List<Map<String, Object>>) Shell.require(outcome.object().get("errors"));
    }

    @Test
    void aScrubNeedsNoSecretAndNamesWhatChanged() throws IOException {
        shell.run("init", "--quiet").expect(0);
        shell.run("snapshot", "source", "--quiet").expect(0);
        shell.environment.remove("PACKSTONE_PASSWORD");
        assertTrue(shell.run("scrub").expect(0).text().startsWith("every object is as it was written"));
        assertEquals("ok", shell.run("scrub", "--json").expect(0).object().get("status"));
        Path pack = largestPack();
        flip(pack, 1234);
        assertTrue(shell.run("scrub").expect(4).text().contains("packs/" + pack.getFileName()));
        Shell.Outcome damaged = shell.run("scrub", "--json").expect(4);
        assertEquals("damaged", damaged.object().get("status"));
        assertEquals("packs/" + pack.getFileName(), errors(damaged).get(0).get("object"));
        shell.run("scrub", "--repo", "nothing").expect(10);
    }

    @Test
    void parityIsPutFromTheStartOrLater() throws IOException {
        shell.run("init", "--quiet", "--parity").expect(0);
        shell.run("snapshot", "source", "--quiet").expect(0);
        int protectable = objects("packs").size() + objects("index").size();
        assertEquals(3, protectable);
        assertEquals(protectable, objects("parity").size());
        shell.run("scrub").expect(0);
        shell.run("check", "--read-data").expect(0);
        assertEquals(
                3L, shell.run("parity", "remove", "--json").expect(0).object().get("removed"));
        assertEquals(0, objects("parity").size());
        Files.writeString(folder.resolve("source/c.txt"), "more\n");
        shell.run("snapshot", "source", "--quiet").expect(0);
        assertEquals(0, objects("parity").size());
        assertEquals(6L, shell.run("parity", "add", "--json").expect(0).object().get("added"));
        assertEquals(0L, shell.run("parity", "add", "--json").expect(0).object().get("added"));
        Files.writeString(folder.resolve("source/d.txt"), "and more\n");
        shell.run("snapshot", "source", "--quiet").expect(0);
        assertEquals(9, objects("parity").size());
        for (Path sidecar : objects("parity")) {
            flip(sidecar, 700);
            shell.run("scrub").expect(4);
            shell.run("check", "--read-data").expect(4);
            flip(sidecar, 700);
        }
        shell.run("parity").expect(2);
    }

    @Test
    void whatIsDamagedGetsNoParity() throws IOException {
        shell.run("init", "--quiet").expect(0);
        shell.run("snapshot", "source", "--quiet").expect(0);
        Path pack = largestPack();
        flip(pack, 99);
        Shell.Outcome added = shell.run("parity", "add").expect(4);
        assertTrue(added.messages().contains("packs/" + pack.getFileName()), added.messages());
        assertEquals(2, objects("parity").size());
    }
}
