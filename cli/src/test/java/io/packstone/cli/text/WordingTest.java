package io.packstone.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/** What people and scripts read. */
class WordingTest {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private final Console console = new Console(new ByteArrayInputStream(new byte[0]), output, messages, () -> 80);

    @Test
    void sizes() {
        assertEquals("0 B", Wording.size(0));
        assertEquals("999 B", Wording.size(999));
        assertEquals("1.0 KiB", Wording.size(1000));
        assertEquals("4.2 KiB", Wording.size(4300));
        assertEquals("123 MiB", Wording.size(123 << 20));
        assertEquals("8.0 EiB", Wording.size(Long.MAX_VALUE));
    }

    @Test
    void countsAndDurations() {
        assertEquals("80,000", Wording.count(80_000));
        assertEquals("-1,234", Wording.count(-1234));
        assertEquals("999", Wording.count(999));
        assertEquals("1 file", Wording.count(1, "file"));
        assertEquals("0.4 s", Wording.duration(0.42));
        assertEquals("42 s", Wording.duration(42));
        assertEquals("3:07", Wording.duration(187));
        assertEquals("2:03:07", Wording.duration(7387));
        assertEquals("50 %", Wording.percent(1, 2));
        assertEquals("-", Wording.ratio(1, 0));
    }

    @Test
    void times() {
        Timestamp time = new Timestamp(1795435200, 5);
        assertEquals("2026-11-23T12:00:00.000000005Z", Wording.rfc3339(time));
        assertEquals("2026-11-23 13:00:00", Wording.local(time, ZoneId.of("Europe/Vienna")));
    }

    @Test
    void tablesAreAligned() {
        Table table = new Table("name", ">size");
        table.row("a", "1");
        table.row("longer 😀", "1000");
        table.print(console);
        console.results().push();
        assertEquals("name      size\na            1\nlonger 😀  1000\n", output.toString(StandardCharsets.UTF_8));
        assertThrows(IllegalArgumentException.class, () -> table.row("one"));
    }

    @Test
    void jsonCarriesNamesThatAreNotText() {
        try (Json json = new Json(console.results())) {
            json.beginObject().path("path", RawName.takeOver(new byte[] {'/', 'a', (byte) 0xff}));
            json.path("plain", RawName.of("/é")).field("lone", "x\udcff").endObject();
        }
        console.results().push();
        assertEquals(
                "{\"path\":\"/a\ufffd\",\"pathBytes\":\"L2H/\",\"plain\":\"/é\",\"lone\":\"x\ufffd\"}\n",
                output.toString(StandardCharsets.UTF_8));
    }

    @Test
    void halfADocumentCanBeTakenBack() {
        console.print("[{");
        assertTrue(console.results().takeBack());
        console.results().push();
        assertEquals(0, output.size());
        console.results().write(new byte[3 << 20], 0, 3 << 20);
        assertFalse(console.results().takeBack());
    }

    @Test
    void aReaderThatWentAwayEndsTheRun() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        ResultStream results = new ResultStream(closed);
        results.write(1);
        assertThrows(ResultStream.NobodyReadsException.class, results::push);
    }
}
