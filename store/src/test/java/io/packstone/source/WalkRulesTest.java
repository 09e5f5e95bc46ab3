package io.packstone.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.error.SourceException;
import io.packstone.metadata.RawName;
import io.packstone.source.rules.GlobFilter;
import io.packstone.source.rules.Heeded;
import io.packstone.source.rules.LeftOutKind;
import io.packstone.source.rules.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a walk leaves out by what it finds in the source, what it keeps of that, and how it is explained. */
class WalkRulesTest {
    private static final Rules HEEDING = Rules.NONE.withIgnoreFiles(true);

    private final List<String> errors = new ArrayList<>();

    @TempDir
    private Path temporary;

    private Path tree = Path.of("");
    private Heeded heeded = Heeded.NOTHING;

    @BeforeEach
    void makeTree() throws IOException {
        tree = Files.createDirectory(temporary.toRealPath().resolve("tree"));
    }

    private void file(String name, String text) throws IOException {
        Path file = tree.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private SourceOptions options(Rules rules, Path... given) {
        List<RawName> paths = java.util.stream.Stream.of(given)
                .map(path -> RawName.of(path.toString()))
                .toList();
        return SourceOptions.of(paths, temporary).withRules(rules);
    }

    /** The paths below the tree that a walk meets. */
    private List<String> taken(Rules rules, Path... given) throws IOException {
        List<String> taken = new ArrayList<>();
        try (SourceWalker walker =
                new SourceWalker(options(rules, given), problem -> errors.add(problem.getMessage()))) {
            for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
                String path = entry.path().toString();
                if (path.startsWith(tree + "/")) {
                    taken.add(path.substring(tree.toString().length() + 1));
                }
            }
            heeded = walker.heeded();
        }
        return taken;
    }

    private RawName inTree(String path) {
        return RawName.of((tree + "/" + path).substring(1));
    }

    @Test
    void anIgnoreFileSpeaksOfItsFolderAndWhatIsBelow() throws IOException {
        file(".packstoneignore", "*.o\n");
        file("a/.packstoneignore", "/x\n!y.o\n");
        file("a/x", "");
        file("a/b/x", "");
        file("a/b/y.o", "");
        file("a/b/z.o", "");
        file("x", "");
        List<String> all = List.of(".packstoneignore", "a", "x", "a/.packstoneignore", "a/b", "a/b/x", "a/b/y.o");
        assertEquals(all, taken(HEEDING, tree));
        assertEquals(Map.of(LeftOutKind.IGNORE_FILE, 2L), heeded.counts());
        assertEquals(
                List.of(RawName.of(tree.toString().substring(1)), inTree("a")),
                heeded.ignoreFiles().stream().map(Heeded.InFolder::folder).toList());
        assertEquals(11 - 1, taken(Rules.NONE, tree).size() + 1);
        assertEquals(List.of(), heeded.ignoreFiles());
        // Above a given path nothing is read.
        assertEquals(List.of("a", "a/b", "a/b/x", "a/b/y.o", "a/b/z.o"), taken(HEEDING, tree.resolve("a/b")));
        assertEquals(List.of(), errors);
    }

    @Test
    void optionsHaveTheLastWord() throws IOException {
        file(".packstoneignore", "*.o\n!keep.c\n");
        file("a.o", "");
        file("b.o", "");
        file("keep.c", "");
        file("other.c", "");
        assertEquals(
                List.of(".packstoneignore", "a.o"), taken(HEEDING.withExcludes(GlobFilter.of("*.c", "!a.o")), tree));
        assertEquals(Map.of(LeftOutKind.IGNORE_FILE, 1L, LeftOutKind.EXCLUDE, 2L), heeded.counts());
    }

    @Test
    void whatIsNoIgnoreFileLeavesNothingOut() throws IOException {
        file("a/x", "");
        Files.createDirectory(tree.resolve("a/.packstoneignore"));
        file("b/x", "");
        Files.writeString(temporary.resolve("rules"), "x\n");
        Files.createSymbolicLink(tree.resolve("b/.packstoneignore"), temporary.resolve("rules"));
        file("c/x", "");
        file("c/.packstoneignore", "x\n".repeat(1 << 19) + "#");
        file("d/x", "");
        file("d/.packstoneignore", "\n# x\n");
        assertEquals(12, taken(HEEDING, tree).size());
        assertEquals(2, errors.size(), errors.toString());
        assertTrue(errors.get(0).contains("b/.packstoneignore"), errors.toString());
        assertTrue(errors.get(1).contains("c/.packstoneignore: longer than 1048576 bytes"), errors.toString());
    }

    @Test
    void aFolderWithATagIsLeftOutButForTheTag() throws IOException {
        file("a/.no", "");
        file("a/x/y", "");
        file("b/x", "");
        file("b/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55");
        file("b/.no", "");
        file("c/.no/inner", "");
        file("c/x", "");
        file("d/.noo", "");
        Rules rules = Rules.NONE.withIfPresent(List.of(RawName.of(".no"), RawName.of("absent")));
        List<String> names = List.of("a", "b", "c", "d", "a/.no", "b/.no", "c/.no", "c/.no/inner", "d/.noo");
        assertEquals(names, taken(rules, tree));
        assertEquals(Map.of(LeftOutKind.IF_PRESENT, 3L), heeded.counts());
        assertEquals(List.of(inTree("a"), inTree("b"), inTree("c")), heeded.holders());
        assertTrue(taken(rules.withCaches(true), tree).containsAll(List.of("b/.no", "b/CACHEDIR.TAG")));
        assertEquals(List.of("a", "a/.no", "a/x", "a/x/y"), taken(rules, tree.resolve("a")));
        assertEquals(List.of(), errors);
    }

    @Test
    void eachKindIsCounted() throws IOException {
        file("big", "12345");
        file("own/x", "");
        file("x.o", "");
        file("cache/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55");
        Rules rules = Rules.NONE
                .withLargerThan(4)
                .withCaches(true)
                .withExcludes(GlobFilter.of("*.o", "!*.c"))
                .withLeftOut(List.of(RawName.of(tree + "/own")));
        assertEquals(List.of("cache"), taken(rules, tree));
        assertEquals(
                Map.of(
                        LeftOutKind.LARGER_THAN,
                        2L,
                        LeftOutKind.CACHE,
                        1L,
                        LeftOutKind.EXCLUDE,
                        1L,
                        LeftOutKind.OWN,
                        1L),
                heeded.counts());
    }

    @Test
    void moreRulesThanARecordHoldsAreNotForgottenSilently() throws IOException {
        for (int i = 0; i < 5; i++) {
            file(i + "/.packstoneignore", "p".repeat(700_000) + "\n");
        }
        assertEquals(10, taken(HEEDING, tree).size());
        assertEquals(false, heeded.complete());
        assertTrue(heeded.ignoreFiles().size() < 5);
    }

    private Explanation explain(String path, Rules rules, Path... given) throws IOException {
        RawName whole = RawName.of(path.startsWith("/") ? path : tree + "/" + path);
        return Explanation.of(whole, options(rules, given.length == 0 ? new Path[] {tree} : given));
    }

    private void expect(Explanation.Reason reason, String at, Explanation explanation) {
        assertEquals(reason, explanation.reason(), explanation.toString());
        assertEquals(at.startsWith("/") ? at : tree + "/" + at, explanation.at().toString());
    }

    @Test
    void aPathIsExplained() throws IOException {
        file("a/.packstoneignore", "# no\nx\n!keep\n");
        file("a/b/x/deep", "");
        file("a/keep", "");
        file("b.o", "");
        file("tagged/.no", "");
        file("tagged/y/z", "");
        file("own/x", "");
        Files.createSymbolicLink(tree.resolve("link"), Path.of("a"));
        Rules rules = HEEDING.withExcludes(GlobFilter.of("*.o", "!c.o"))
                .withIfPresent(List.of(RawName.of(".no")))
                .withLeftOut(List.of(RawName.of(tree + "/own")));
        Explanation deep = explain("a/b/x/deep", rules);
        expect(Explanation.Reason.LEFT_OUT, "a/b/x", deep);
        assertEquals("x 2 " + inTree("a"), text(deep));
        Explanation keep = explain("a/keep", rules);
        expect(Explanation.Reason.TAKEN, "a/keep", keep);
        assertEquals("!keep 3 " + inTree("a"), text(keep));
        assertEquals("*.o 0 ", text(explain("b.o", rules)));
        expect(Explanation.Reason.LEFT_OUT, "tagged", explain("tagged/y/z", rules));
        expect(Explanation.Reason.TAKEN, "tagged/.no", explain("tagged/.no", rules));
        expect(Explanation.Reason.LEFT_OUT, "own", explain("own/x", rules));
        expect(Explanation.Reason.NO_DIRECTORY, "link", explain("link/keep", rules));
        expect(Explanation.Reason.NO_DIRECTORY, "a/keep", explain("a/keep/x", rules));
        expect(Explanation.Reason.UNREADABLE, "nothing", explain("nothing", rules));
        expect(Explanation.Reason.TAKEN, "a/b", explain("a/b", rules));
        expect(Explanation.Reason.GIVEN, tree.toString(), explain(tree.toString(), rules));
        expect(Explanation.Reason.GIVEN, "b.o", explain("b.o", rules, tree.resolve("b.o")));
        expect(Explanation.Reason.ABOVE_GIVEN, "a", explain("a", rules, tree.resolve("a/b")));
        expect(Explanation.Reason.NOT_GIVEN, "b.o", explain("b.o", rules, tree.resolve("a")));
        expect(
                Explanation.Reason.TAKEN,
                "/",
                new Explanation(Explanation.Reason.TAKEN, explainRoot().at(), null, ""));
    }

    private Explanation explainRoot() throws IOException {
        return explain("/", Rules.NONE, Path.of("/"));
    }

    private static String text(Explanation explanation) {
        var verdict = java.util.Objects.requireNonNull(explanation.verdict());
        return verdict.rule() + " " + verdict.number() + " " + verdict.folder();
    }

    /** Whatever the rules, an explanation says of each path what a walk does. */
    @Test
    void anExplanationAndAWalkAgree() throws IOException, SourceException {
        file(".packstoneignore", "*.o\n/d*/\n!/deep/\n");
        for (String name : List.of("a.o", "d/x", "deep/y", "deep/z.o", "deep/.no", "e/.no", "e/f/g", "big")) {
            file(name, name.equals("big") ? "123456789" : "");
        }
        Rules rules = HEEDING.withLargerThan(20)
                .withIfPresent(List.of(RawName.of(".no")))
                .withExcludes(GlobFilter.of("big", "!z.o"));
        List<String> taken = taken(rules, tree);
        try (var all = Files.walk(tree)) {
            for (Path path : all.filter(each -> !each.equals(tree)).toList()) {
                String name = tree.relativize(path).toString();
                assertEquals(taken.contains(name), explain(name, rules).taken(), name);
            }
        }
    }
}
