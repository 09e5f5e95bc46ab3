package io.packstone.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.metadata.RawName;
import java.util.List;
import org.junit.jupiter.api.Test;

class RulesTest {
    private static final RawName NO_TEXT = RawName.takeOver(new byte[] {'*', (byte) 0xff});

    @Test
    void rulesAreTextAndBack() {
        Rules rules = new Rules(
                GlobFilter.of(List.of(RawName.of("*.o"), NO_TEXT, RawName.of("!keep=this"))),
                List.of(RawName.of("/repository"), NO_TEXT),
                true,
                1000,
                true,
                List.of(GlobFilter.of("*.iso", "!a.iso"), GlobFilter.of(List.of(NO_TEXT))));
        List<String> texts = List.of(
                "exclude=*.o",
                "exclude-bytes=2aff",
                "exclude=!keep=this",
                "left-out=2f7265706f7369746f7279",
                "left-out=2aff",
                "one-file-system",
                "exclude-larger-than=1000",
                "exclude-caches",
                "rewritten",
                "exclude=*.iso",
                "exclude=!a.iso",
                "rewritten",
                "exclude-bytes=2aff");
        assertEquals(texts, rules.format());
        Rules back = Rules.parse(texts);
        assertEquals(texts, back.format());
        assertEquals(rules.excludes().patterns(), back.excludes().patterns());
        assertEquals(rules.leftOut(), back.leftOut());
        assertEquals(2, back.dropped().size());
        assertEquals(rules.dropped().get(0).patterns(), back.dropped().get(0).patterns());
        assertEquals(
                List.of("rewritten", "exclude=x"),
                Rules.NONE.withDropped(GlobFilter.of("x")).format());
        assertEquals(List.of(), Rules.NONE.format());
        assertEquals(-1, Rules.parse(List.of()).largerThan());
    }

    @Test
    void aRuleOfANewerVersionIsNamed() {
        for (String rule :
                List.of("exclude-older-than=5", "exclude-bytes=2", "exclude-larger-than=many", "exclude=[")) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> Rules.parse(List.of("exclude=x", rule)));
            assertTrue(e.getMessage() != null, rule);
        }
    }
}
