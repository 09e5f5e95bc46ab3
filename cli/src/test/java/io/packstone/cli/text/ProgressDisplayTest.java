package io.packstone.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is seen of long work. */
class ProgressDisplayTest {
    private static final long MIB = 1 << 20;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private final Console console = new Console(new ByteArrayInputStream(new byte[0]), output, messages, () -> 80);

    private String drawn() {
        return messages.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLineHasWhatMattersFirst() {
        ProgressDisplay.Count count = new ProgressDisplay.Count(
                "snapshot", 12_345, 80_000, 1100 * MIB, 3300 * MIB, 600 * MIB, 20 * MIB, 8 * MIB, 10);
        String whole = "snapshot 33 %, 20 s left: 12,345 of 80,000 files, 500 MiB read, 20.0 MiB new, 8.0 MiB stored,"
                + " 50.0 MiB/s";
        assertEquals(whole, count.line(200));
        assertEquals(whole, count.line(whole.length()));
        String terse = "33 %, 20 s left: 12,345 files, 500 MiB, 20.0 MiB new, 8.0 MiB stored, 50.0 MiB/s";
        assertEquals(terse, count.line(whole.length() - 1));
        assertEquals(terse, count.line(terse.length()));
        assertEquals(terse.replace(", 50.0 MiB/s", ""), count.line(terse.length() - 1));
        assertEquals("33 %, 20 s left: 12,345 files, 500 MiB", count.line(50));
        assertEquals("33 %, 20 s left: 12,345 files", count.line(3));
    }

    @Test
    void whatIsNotKnownIsNotShown() {
        assertEquals(
                "snapshot: 3 files, 5 B read, 1 B/s",
                new ProgressDisplay.Count("snapshot", 3, 0, 5, 0, 0, 0, 0, 5).line(80));
        assertEquals("check data", new ProgressDisplay.Count("check data", 0, 0, 0, 0, 0, 0, 0, 5).line(80));
        assertEquals(
                "check data 50 %, 5.0 s left: 5.0 MiB read, 1.0 MiB/s",
                new ProgressDisplay.Count("check data", 0, 0, 5 * MIB, 10 * MIB, 0, 0, 0, 5).line(80));
        assertEquals(
                "restore 100 %, 0.0 s left: 4 of 3 files, 0 B written",
                new ProgressDisplay.Count("restore", 4, 3, 11, 10, 11, 0, 0, 5).line(80));
    }

    @Test
    void theLineIsDrawnAndTakenAway() throws InterruptedException {
        try (ProgressDisplay display = new ProgressDisplay(console, ProgressDisplay.Style.LINE)) {
            display.stage("snapshot", 10, 1000);
            display.advance(3, 400);
            display.unchanged(1, 100);
            display.stored(200, 100);
            Thread.sleep(700);
            display.warn("something");
        }
        assertTrue(drawn().contains("snapshot 50 %: 4 of 10 files, 400 B read, 200 B new, 100 B stored"), drawn());
        assertTrue(drawn().contains("warning: something\n"), drawn());
        assertTrue(drawn().endsWith("\r\u001b[K\u001b[?7l\u001b[?7h"), drawn());
    }

    @Test
    void nothingIsDrawnBeforeTheWorkBegins() throws InterruptedException {
        try (ProgressDisplay display = new ProgressDisplay(console, ProgressDisplay.Style.LINE)) {
            Thread.sleep(600);
            assertTrue(display.wantsTotals());
        }
        assertEquals("", drawn());
    }

    @Test
    void jsonEndsWithALastLine() {
        try (ProgressDisplay display = new ProgressDisplay(console, ProgressDisplay.Style.JSON)) {
            display.stage("check", 0, 0);
            display.totals(4, 0);
            display.advance(1, 77);
            display.warn("look \"here\"");
        }
        String[] lines = drawn().split("\n");
        assertEquals("{\"type\":\"warning\",\"message\":\"look \\\"here\\\"\"}", lines[0]);
        String last = lines[lines.length - 1];
        assertTrue(
                last.startsWith("{\"type\":\"progress\",\"stage\":\"check\",\"files\":1,\"filesTotal\":4,\"bytes\":77"),
                last);
        assertTrue(last.endsWith("}"), last);
    }

    @Test
    void silenceIsSilent() {
        try (ProgressDisplay display = new ProgressDisplay(console, ProgressDisplay.Style.SILENT)) {
            display.stage("x", 1, 1);
            display.warn("nothing");
        }
        assertEquals(0, messages.size());
    }
}
