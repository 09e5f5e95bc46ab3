package io.packstone.source.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.metadata.RawName;
import java.util.List;
import java.util.Map;
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
                List.of(RawName.of(".no")),
                true,
                List.of(GlobFilter.of("*.iso", "!a.iso"), GlobFilter.of(List.of(NO_TEXT))));
        List<String> texts = List.of(
                "ignore=*.o",
                "ignore-bytes=2aff",
                "ignore=!keep=this",
                "left-out=2f7265706f7369746f7279",
                "left-out=2aff",
                "one-file-system",
                "exclude-larger-than=1000",
                "exclude-caches",
                "exclude-if-present=2e6e6f",
                "ignore-files",
                "ignore-file=61",
                "ignore=x",
                "ignore-file=",
                "holder=612f62",
                "not-all-listed",
                "count-exclude=7",
                "count-larger-than=1",
                "rewritten",
                "ignore=*.iso",
                "ignore=!a.iso",
                "rewritten",
                "ignore-bytes=2aff");
        Heeded heeded = new Heeded(
                List.of(
                        new Heeded.InFolder(RawName.of("a"), List.of(RawName.of("x"))),
                        new Heeded.InFolder(RawName.EMPTY, List.of())),
                List.of(RawName.of("a/b")),
                false,
                Map.of(LeftOutKind.EXCLUDE, 7L, LeftOutKind.LARGER_THAN, 1L));
        assertEquals(texts, new RecordedRules(rules, heeded).format());
        RecordedRules parsed = RecordedRules.parse(texts);
        assertEquals(texts, parsed.format());
        assertEquals(heeded, parsed.heeded());
        assertEquals(heeded.counts(), RecordedRules.counts(texts));
        Rules back = parsed.rules();
        assertEquals(rules.excludes().patterns(), back.excludes().patterns());
        assertEquals(rules.leftOut(), back.leftOut());
        assertEquals(2, back.dropped().size());
        assertEquals(rules.dropped().get(0).patterns(), back.dropped().get(0).patterns());
        assertEquals(
                List.of("rewritten", "ignore=x"),
                new RecordedRules(Rules.NONE.withDropped(GlobFilter.of("x")), Heeded.NOTHING).format());
        assertEquals(List.of(), RecordedRules.NONE.format());
        assertEquals(-1, RecordedRules.parse(List.of()).rules().largerThan());
    }

    @Test
    void aRuleOfANewerVersionIsNamed() {
        for (String rule : List.of(
                "exclude-older-than=5",
                "ignore-bytes=2",
                "exclude-larger-than=many",
                "count-x=1",
                "count-own=",
                "holder=x")) {
            Exception e =
                    assertThrows(IllegalArgumentException.class, () -> RecordedRules.parse(List.of("ignore=x", rule)));
            assertTrue(e.getMessage() != null, rule);
        }
        assertThrows(IllegalArgumentException.class, () -> Rules.NONE.withIfPresent(List.of(RawName.of("a/b"))));
        assertThrows(IllegalArgumentException.class, () -> Rules.NONE.withIfPresent(List.of(RawName.of(".."))));
    }

    /** Snapshots that were taken while a pattern with a slash in its midst fitted at any depth. */
    @Test
    void patternsOfAFormerSyntaxFitWhatTheyFittedThen() {
        for (String[] each : new String[][] {
            {"*.o", "*.o"},
            {"a/b", "**/a/b"},
            {"!a/b/", "!**/a/b/"},
            {"/a/b", "/a/b"},
            {"/a//./b//", "/a/b/"},
            {"./x", "x"},
            {"**", "**"},
            {"/a/**", "/a/**"},
            {"a**b/c", "**/a*b/c"},
            {"\\*\\*x/y", "**/\\*\\*x/y"},
            {"x\\", "x\\\\"},
        }) {
            RawName former = RawName.of(each[0]);
            RecordedRules rules = RecordedRules.parse(List.of("exclude=" + former.toText()));
            assertEquals(each[1], rules.rules().excludes().patterns().get(0).toText(), each[0]);
        }
        assertEquals(
                List.of(NO_TEXT),
                RecordedRules.parse(List.of("exclude-bytes=2aff"))
                        .rules()
                        .excludes()
                        .patterns());
        assertTrue(RecordedRules.parse(List.of("exclude=\\?"))
                        .rules()
                        .excludes()
                        .patterns()
                        .size()
                == 1);
        for (String cannot : List.of("a?", "[ab]", "a/[!b]", "\\\\?")) {
            assertThrows(
                    IllegalArgumentException.class, () -> RecordedRules.parse(List.of("exclude=" + cannot)), cannot);
        }
    }
}
