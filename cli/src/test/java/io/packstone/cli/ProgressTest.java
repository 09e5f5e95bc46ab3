package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What whole commands tell while they work. */
class ProgressTest extends ShellCase {
    @SuppressWarnings("unchecked")
    private static Map<String, Object> last(Shell.Outcome outcome) throws IOException {
        List<String> lines = outcome.messages().lines().toList();
        for (String line : lines) {
            Shell.json(line);
        }
        return (Map<String, Object>) Shell.require(Shell.json(lines.get(lines.size() - 1)));
    }

    @Test
    void theLastLineOfASnapshotSaysWhatItsSummarySays() throws IOException {
        shell.run("init").expect(0);
        for (int round = 0; round < 2; round++) {
            Shell.Outcome outcome =
                    shell.run("snapshot", "source", "--json", "--progress").expect(0);
            Map<String, Object> told = last(outcome);
            Map<String, Object> summary = outcome.object();
            assertEquals("snapshot", told.get("stage"));
            assertEquals(3L, told.get("files"));
            assertEquals(3_000_012L, told.get("bytes"));
            assertEquals(summary.get("bytesRead"), (long) told.get("bytes") - (long) told.get("bytesUnchanged"));
            assertEquals(summary.get("bytesNew"), told.get("bytesNew"));
            assertEquals(summary.get("bytesStored"), told.get("bytesStored"));
            Files.writeString(source.resolve("a.txt"), "HELLO\n");
        }
        Shell.Outcome check =
                shell.run("check", "--read-data", "--json", "--progress").expect(0);
        assertEquals("check data", last(check).get("stage"));
        assertEquals(check.object().get("bytesRead"), last(check).get("bytes"));
        assertEquals(check.object().get("bytesRead"), last(check).get("bytesTotal"));
        assertEquals(
                "restore",
                last(shell.run("restore", "latest", "--target", "back", "--json", "--progress"))
                        .get("stage"));
    }

    @Test
    void aLogGetsLinesOfText() throws IOException {
        shell.run("init").expect(0);
        String said = shell.run("snapshot", "source", "--progress").expect(0).messages();
        assertTrue(
                said.contains("snapshot: 3 files, 2.9 MiB read, 2.9 MiB new, 2.9 MiB stored, ")
                        || said.contains("snapshot 100 %: 3 of 3 files, 2.9 MiB read, 2.9 MiB new, 2.9 MiB stored, "),
                said);
        assertEquals("", shell.run("snapshot", "source", "--quiet").expect(0).messages());
    }
}
