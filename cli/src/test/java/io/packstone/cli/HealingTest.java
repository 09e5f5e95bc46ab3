package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
        Path key = folder.resolve("key");
        Files.writeString(key, "packstone-key-1\n" + "5c".repeat(32) + "\n");
        shell.environment.put("PACKSTONE_KEY_FILE", key.toString());
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
        shell.environment.remove("PACKSTONE_KEY_FILE");
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

    @Test
    void aRepairSaysFirstWhatItWouldDo() throws IOException {
        shell.run("init", "--quiet", "--parity").expect(0);
        shell.run("snapshot", "source", "--quiet").expect(0);
        assertTrue(shell.run("repair").expect(0).text().contains("nothing is damaged"));
        Path pack = largestPack();
        byte[] whole = Files.readAllBytes(pack);
        byte[] damaged = whole.clone();
        java.util.Arrays.fill(damaged, 10_000, 18_000, (byte) 7);
        Files.write(pack, damaged);
        Shell.Outcome dry = shell.run("repair").expect(4);
        assertTrue(dry.text().contains("can be made whole, from its parity"), dry.text());
        assertTrue(dry.text().contains("--apply"), dry.text());
        assertArrayEquals(damaged, Files.readAllBytes(pack));
        shell.environment.remove("PACKSTONE_KEY_FILE");
        shell.run("repair", "--no-key").expect(4);
        Shell.Outcome applied =
                shell.run("repair", "--no-key", "--apply", "--json").expect(0);
        assertEquals("healed", applied.object().get("status"));
        assertArrayEquals(whole, Files.readAllBytes(pack));
        shell.run("scrub").expect(0);
        shell.run("repair").expect(12);
    }

    @Test
    void aRepairNamesTheFilesThatAreLostUntilAnotherRepositoryHasThem() throws IOException {
        shell.run("init", "--quiet").expect(0);
        shell.run("snapshot", "source", "--quiet").expect(0);
        shell.run("init", "--repo", "other", "--quiet").expect(0);
        shell.run("snapshot", "source", "--repo", "other", "--quiet").expect(0);
        Path pack = largestPack();
        Files.delete(pack);
        Path source = folder.resolve("source");
        Files.move(source, folder.resolve("moved"));
        Shell.Outcome lost = shell.run("repair", "--apply").expect(4);
        assertTrue(lost.text().contains(source.resolve("a.bin").toString()), lost.text());
        assertTrue(lost.text().contains("2 files can't be restored whole"), lost.text());
        Map<String, Object> listed =
                shell.run("snapshots", "--json").expect(0).array().get(0);
        assertEquals(2L, listed.get("filesLost"));
        assertTrue(shell.run("snapshots").expect(0).text().contains("2 files lost"));
        shell.run("check").expect(4);
        Shell.Outcome found =
                shell.run("repair", "--apply", "--from", "other", "--json").expect(0);
        assertEquals("healed", found.object().get("status"));
        shell.run("check", "--read-data").expect(0);
        shell.run("restore", "latest:" + source, "--target", "back", "--quiet").expect(0);
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("moved/a.bin")), Files.readAllBytes(folder.resolve("back/a.bin")));
        assertEquals(
                0L, shell.run("snapshots", "--json").expect(0).array().get(0).get("filesLost"));
        assertTrue(shell.run("repair").expect(0).text().contains("nothing is damaged"));
    }

    @Test
    void aRepairTakesWhatTheFilesThemselvesStillHave() throws IOException {
        shell.run("init", "--quiet").expect(0);
        shell.run("snapshot", "source", "--quiet").expect(0);
        flip(largestPack(), 5000);
        Shell.Outcome repaired = shell.run("repair", "--apply").expect(0);
        assertTrue(repaired.text().contains("found in the files themselves"), repaired.text());
        shell.run("check", "--read-data").expect(0);
    }

    @Test
    void repairOptionsThatMakeNoSenseAreRefused() {
        shell.run("init", "--quiet").expect(0);
        shell.run("repair", "--from-key-file", "key").expect(2);
        shell.run("repair", "--from", "nothing").expect(10);
        shell.run("init", "--repo", "other", "--quiet").expect(0);
        shell.run("repair", "--no-key", "--from", "other").expect(2);
        shell.run("repair", "--repo", "nothing").expect(10);
    }

    @Test
    void snapshotsAreRecoveredFromPacksAlone() throws IOException {
        shell.run("init", "--quiet").expect(0);
        shell.run("snapshot", "source", "--quiet").expect(0);
        assertTrue(shell.run("recover").expect(0).messages().contains("nothing to recover"));
        for (String prefix : List.of("snapshots", "index")) {
            for (Path object : objects(prefix)) {
                Files.delete(object);
            }
        }
        Shell.Outcome offers = shell.run("recover").expect(0);
        assertTrue(offers.text().contains("recovered-1"), offers.text());
        assertTrue(offers.text().contains(folder.resolve("source").toString()), offers.text());
        assertEquals(0, shell.run("snapshots", "--json").expect(0).array().size());
        shell.run("recover", "recovered-2", "--apply").expect(2);
        Map<String, Object> recovered =
                shell.run("recover", "--apply", "--json").expect(0).array().get(0);
        assertEquals(2L, recovered.get("files"));
        shell.run("check", "--read-data").expect(0);
        Map<String, Object> listed =
                shell.run("snapshots", "--json").expect(0).array().get(0);
        assertEquals(recovered.get("snapshotId"), listed.get("id"));
        assertEquals(List.of("recovered-1"), listed.get("tags"));
        shell.run("restore", listed.get("id") + ":" + folder.resolve("source"), "--target", "back", "--quiet")
                .expect(0);
        assertEquals("hello\n", Files.readString(folder.resolve("back/b.txt")));
    }

    @Test
    void aRolledBackRepositoryIsNoticedAndCanBeCompared() throws IOException {
        shell.run("init", "--quiet").expect(0);
        shell.run("snapshot", "source", "--quiet").expect(0);
        String first = shell.run("fingerprint").expect(0).text().strip();
        assertTrue(first.matches("([0-9a-f]{4} ){7}[0-9a-f]{4}"), first);
        Files.writeString(folder.resolve("source/c.txt"), "more");
        shell.run("snapshot", "source", "--quiet").expect(0);
        String second = shell.run("fingerprint").expect(0).text().strip();
        assertTrue(shell.run("fingerprint", first).expect(0).text().contains("1 snapshot came since"));
        assertEquals("", shell.run("snapshots").expect(0).messages());
        String newest = (String)
                shell.run("snapshots", "--json").expect(0).array().get(1).get("id");
        for (Path object : objects("snapshots")) {
            if (object.getFileName().toString().startsWith(newest)) {
                Files.delete(object);
            }
        }
        Shell.Outcome listed = shell.run("snapshots").expect(0);
        assertTrue(listed.messages().contains("rolled back"), listed.messages());
        shell.run("fingerprint", second).expect(4);
        shell.run("fingerprint", "abc").expect(2);
        assertEquals(
                "missing", errors(shell.run("check", "--json").expect(4)).get(0).get("kind"));
        shell.run("fingerprint", "--accept").expect(0);
        shell.run("check").expect(0);
        assertEquals("", shell.run("snapshots").expect(0).messages());
    }

    @Test
    void aCheckTellsHowLongAgoEachPackWasRead() throws IOException {
        shell.run("init", "--quiet").expect(0);
        shell.run("snapshot", "source", "--quiet").expect(0);
        assertTrue(shell.run("check").expect(0).text().contains("never read 2 packs of 2 whole"));
        assertTrue(shell.run("check", "--read-data=50%").expect(0).text().contains("never read 1 pack of 2 whole"));
        shell.run("scrub").expect(0);
        Shell.Outcome all = shell.run("check").expect(0);
        assertTrue(all.text().contains("every pack was read whole within the last 1 minute"), all.text());
        Map<String, Object> report = shell.run("check", "--json").expect(0).object();
        assertEquals(0L, report.get("packsUnproven"));
        assertTrue(report.containsKey("oldestProof"));
    }
}
