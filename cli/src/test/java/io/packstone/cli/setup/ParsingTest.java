package io.packstone.cli.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.packstone.metadata.Timestamp;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of options. */
class ParsingTest {
    private static final ZoneId ZONE = ZoneId.of("Europe/Vienna");

    @Test
    void sizes() throws UsageException {
        assertEquals(500, Parsing.size("-", "500"));
        assertEquals(500, Parsing.size("-", "500B"));
        assertEquals(64 << 10, Parsing.size("-", "64K"));
        assertEquals(64 << 10, Parsing.size("-", "64 kib"));
        assertEquals(3L << 29, Parsing.size("-", "1.5GiB"));
        assertEquals(2L << 40, Parsing.size("-", "2T"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "K", "-1", "1KB", "1X", "1..5M", "1e3", "NaN", "9999999999P", "1 2", "0x10", "٣"})
    void noSizes(String text) {
        assertThrows(UsageException.class, () -> Parsing.size("-", text));
    }

    @Test
    void shares() throws UsageException {
        assertEquals(5, Parsing.percent("-", "5%"));
        assertEquals(0.1, Parsing.percent("-", "0.1%"));
        for (String text : new String[] {"0%", "101%", "5", "%", "-1%"}) {
            assertThrows(UsageException.class, () -> Parsing.percent("-", text));
        }
    }

    @Test
    void times() throws UsageException {
        assertEquals(new Timestamp(1795431600, 0), Parsing.time("-", "2026-11-23T12:00", ZONE));
        assertEquals(new Timestamp(1795431607, 0), Parsing.time("-", "2026-11-23T12:00:07", ZONE));
        assertEquals(new Timestamp(1795435200, 5), Parsing.time("-", "2026-11-23T12:00:00.000000005Z", ZONE));
        assertEquals(new Timestamp(1795442400, 0), Parsing.time("-", "2026-11-23T12:00:00-02:00", ZONE));
        for (String text : new String[] {"", "yesterday", "2026-11-23", "2026-13-01T00:00", "12:00"}) {
            assertThrows(UsageException.class, () -> Parsing.time("-", text, ZONE));
        }
    }
}
