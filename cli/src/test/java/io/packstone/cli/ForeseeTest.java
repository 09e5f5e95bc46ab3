package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What {@code restore --dry-run} lists. */
class ForeseeTest extends ShellCase {
    private static final int LARGE = 12 << 20;

    /** A source with a large file, restored, and then changed in each way that there is. */
    private Path prepare() throws IOException {
        byte[] bytes = new byte[LARGE];
        new Random(3).nextBytes(bytes);
        Files.write(source.resolve("large"), bytes);
        Files.writeString(source.resolve("gone"), "it was");
        Files.writeString(source.resolve("other"), "as it was");
        Files.writeString(source.resolve("touched"), "the same");
        shell.run("init").expect(0);
        snapshot();
        shell.run("restore", "latest:" + source, "--target", "back").expect(0);
        Path back = work.resolve("back");
        bytes[LARGE / 2] ^= 1;
        Files.write(back.resolve("large"), bytes);
        Files.delete(back.resolve("gone"));
        Files.writeString(back.resolve("other"), "another text");
        Files.setLastModifiedTime(back.resolve("touched"), FileTime.fromMillis(1_000_000_000_000L));
        Files.writeString(back.resolve("more"), "of no use");
        return back;
    }

    private static String line(Shell.Outcome outcome, String path) {
        return outcome.text()
                .lines()
                .filter(line -> line.contains(path))
                .findFirst()
                .orElse("");
    }

    @Test
    void eachNameIsListedWithItsBytesAndNothingIsWritten() throws IOException {
        Path back = prepare();
        Shell.Outcome outcome = shell.run("restore", "latest:" + source, "--target", "back", "--delete", "--dry-run")
                .expect(0);
        assertTrue(line(outcome, "/large").startsWith("  patch  "), outcome.text());
        assertTrue(line(outcome, "/gone").startsWith(" create  "), outcome.text());
        assertTrue(line(outcome, "/other").startsWith("replace  "), outcome.text());
        assertTrue(line(outcome, "/more").startsWith(" delete  "), outcome.text());
        assertFalse(outcome.text().contains("touched"), outcome.text());
        assertTrue(outcome.text().contains("would restore 3 files"), outcome.text());
        assertFalse(Files.exists(back.resolve("gone")));
        assertTrue(Files.exists(back.resolve("more")));
        Shell.Outcome all = shell.run("restore", "latest:" + source, "--target", "back", "-n", "-v")
                .expect(0);
        assertTrue(line(all, "/touched").startsWith("   keep  "), all.text());
        shell.run("restore", "latest", "--target", "back", "-v").expect(2);
    }

    @Test
    void theDocumentForetellsWhatTheRestoreSays() throws IOException {
        prepare();
        String[] command = {"restore", "latest:" + source, "--target", "back", "--delete", "--json"};
        List<String> dry = new ArrayList<>(List.of(command));
        dry.addAll(List.of("-n", "-v"));
        Map<String, Object> foreseen =
                shell.run(dry.toArray(String[]::new)).expect(0).object();
        Map<String, Object> done = shell.run(command).expect(0).object();
        for (String key : List.of("filesRestored", "filesUnchanged", "filesDeleted", "bytesWritten", "bytesReused")) {
            assertEquals(done.get(key), foreseen.get(key), key);
        }
        List<?> actions = (List<?>) foreseen.get("actions");
        long sum = actions.stream()
                .mapToLong(action -> ((Number) ((Map<?, ?>) action).get("bytes")).longValue())
                .sum();
        assertEquals(((Number) foreseen.get("bytesToWrite")).longValue(), sum);
        assertTrue(sum < 2 << 20, foreseen.toString());
        assertEquals(true, foreseen.get("dryRun"));
        assertFalse(done.containsKey("actions"));
    }
}
