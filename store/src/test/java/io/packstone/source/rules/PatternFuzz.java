package io.packstone.source.rules;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.testkit.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Parsers of exclude patterns and of the rules that snapshots keep. */
public final class PatternFuzz {
    private PatternFuzz() {}

    /** By name. */
    public static Map<String, FuzzTarget> targets() {
        return Map.of("pattern", FuzzTarget.typed(PatternFuzz::pattern), "rules", FuzzTarget.typed(PatternFuzz::rules));
    }

    /** A valid input for each of them. */
    public static Map<String, byte[]> seeds() {
        byte[] pattern = "!/a/**/[b-d]*.{o,?}/".getBytes(StandardCharsets.UTF_8);
        byte[] rules =
                "ignore=*.o\none-file-system\nexclude-larger-than=12\nleft-out=2f61\nexclude-caches\nexclude-if-present=61\nignore-files\nignore-file=62\nignore=c\nholder=64\ncount-own=2\nrewritten\nexclude=a/b"
                        .getBytes(StandardCharsets.UTF_8);
        return Map.of(
                "pattern", FuzzTarget.joined(pattern, "a/x/c.o".getBytes(StandardCharsets.UTF_8)), "rules", rules);
    }

    /** The first part is the pattern, the rest a path. */
    private static void pattern(byte[] input) {
        List<IgnoreLines.Line> lines = IgnoreLines.parse(FuzzTarget.first(input));
        GlobFilter filter =
                GlobFilter.of(lines.stream().map(IgnoreLines.Line::pattern).toList());
        byte[] path = FuzzTarget.rest(input);
        filter.picksOrAbove(TreePath.parse(RawName.takeOver(Arrays.copyOf(path, Math.min(path.length, 300)))), true);
    }

    private static void rules(byte[] input) {
        RecordedRules rules = RecordedRules.parse(
                new String(input, StandardCharsets.UTF_8).lines().toList());
        FuzzTarget.same(rules.format(), RecordedRules.parse(rules.format()).format());
    }
}
