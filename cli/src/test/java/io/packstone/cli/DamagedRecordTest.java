package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshot records that can't be read, wholly or in one of their copies. */
class DamagedRecordTest extends ShellCase {
    private String takeTwoAndSpoilTheNewest() throws IOException {
        shell.run("init").expect(0);
        snapshot();
        Files.writeString(source.resolve("a.txt"), "newer\n");
        String newest = snapshot();
        flip("snapshots/" + newest);
        flip("snapshots/" + newest + ".b");
        return newest;
    }

    @Test
    void whatDependsOnTheListSaysThatItIsNotWhole() throws IOException {
        String newest = takeTwoAndSpoilTheNewest();
        for (String line : List.of(
                "snapshots",
                "snapshots --json",
                "stats --json",
                "find a.txt",
                "find a.txt --snapshot latest --json",
                "ls latest",
                "ls @2999-01-01T00:00 --json",
                "cat latest:source/a.txt",
                "dump latest",
                "diff latest latest",
                "restore latest --target back")) {
            Shell.Outcome outcome = shell.run(line.split(" ")).expect(4);
            String said = outcome.messages();
            assertEquals(1, said.lines().filter(each -> each.contains(newest)).count(), line + ": " + said);
            assertTrue(said.contains("packstone check"), said);
            assertFalse(outcome.text().contains("exitCode"), "the work was done: " + outcome.text());
        }
        assertEquals("hello\n", shell.run("cat", "latest:source/a.txt").text());
        assertEquals("hello\n", Files.readString(work.resolve("back" + source + "/a.txt")));
        assertEquals(1, shell.run("snapshots", "--json").array().size());
        assertEquals(1L, shell.run("stats", "--json").object().get("snapshots"));
    }

    @Test
    void whatIsNotThereMayBeWhatCannotBeRead() throws IOException {
        String newest = takeTwoAndSpoilTheNewest();
        for (String name : List.of("latest~1", "@1999-01-01T00:00", newest.substring(0, 8))) {
            Shell.Outcome outcome = shell.run("ls", name, "--json").expect(4);
            assertEquals("snapshots/" + newest, outcome.error().get("object"), name);
        }
        String said = shell.run("ls", "latest:elsewhere~7").expect(1).messages();
        assertTrue(said.contains("passed over"), said);
        String oldest = (String) shell.run("snapshots", "--json").array().get(0).get("id");
        Shell.Outcome named = shell.run("ls", oldest.substring(0, 8)).expect(0);
        assertEquals("", named.messages(), "a snapshot that was named by its id is the one");
    }

    @Test
    void anotherSnapshotIsTakenAllTheSame() throws IOException {
        String newest = takeTwoAndSpoilTheNewest();
        Shell.Outcome outcome = shell.run("snapshot", "source", "--json").expect(0);
        assertTrue(outcome.messages().contains(newest), outcome.messages());
        assertEquals(
                "newer\n", shell.run("cat", "latest:source/a.txt").expect(4).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".b", ".state", ".state.b"})
    void checkNamesTheDamagedCopyThatAnotherStandsInFor(String suffix) throws IOException {
        shell.run("init").expect(0);
        String object = "snapshots/" + snapshot() + suffix;
        byte[] whole = Files.readAllBytes(repository.resolve(object));
        flip(object);
        assertOnlyError("damaged", object);
        Files.write(repository.resolve(object), new byte[0]);
        assertOnlyError("damaged", object);
        Files.delete(repository.resolve(object));
        assertOnlyError("missing", object);
        shell.run("ls", "latest").expect(0);
        Files.write(repository.resolve(object), whole);
        shell.run("check").expect(0);
    }

    @SuppressWarnings("unchecked")
    private void assertOnlyError(String kind, String object) throws IOException {
        Map<String, Object> report = shell.run("check", "--json").expect(4).object();
        assertEquals("damaged", report.get("status"));
        List<Map<String, Object>> errors = (List<Map<String, Object>>) Shell.require(report.get("errors"));
        assertEquals(1, errors.size(), errors.toString());
        assertEquals(kind, errors.get(0).get("kind"));
        assertEquals(object, errors.get(0).get("object"));
        assertTrue(String.valueOf(errors.get(0).get("message")).contains(object), errors.toString());
    }
}
