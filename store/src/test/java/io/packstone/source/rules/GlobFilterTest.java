package io.packstone.source.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobFilterTest {
    private static boolean picks(String path, boolean directory, String... patterns) {
        return GlobFilter.of(patterns).picks(TreePath.parse(RawName.of(path)), directory);
    }

    private static RawName bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return RawName.takeOver(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "*.o, /a/b/x.o, true",
        "*.o, /a/b/x.oo, false",
        "*.o, /x.O, false",
        "x, /a/x, true",
        "x, /a/x/y, false",
        "/x, /a/x, false",
        "/x, /x, true",
        "/a/*, /a/x, true",
        "/a/*, /a/x/y, false",
        "a/b, /z/a/b, false",
        "a/b, /a/b, true",
        "a/b, /z/za/b, false",
        "**/b, /b, true",
        "/a/**/b, /a/b, true",
        "/a/**/b, /a/x/y/b, true",
        "/a/**/b, /z/a/b, false",
        "/a/**, /a, false",
        "/a/**, /a/x, true",
        "/a/**, /a/x/y, true",
        "**/a/**/b/**/c, /q/a/1/b/b/2/c, true",
        "**/a/**/b/**/c, /q/a/1/2/c, false",
        "?, /é, false",
        "??, /é, true",
        "?, /ab, false",
        "a?c, /abc, true",
        "[a-c]x, /bx, true",
        "[a-c]x, /dx, false",
        "[!a-c]x, /dx, true",
        "[^a-c]x, /ax, false",
        "[]a]x, /]x, true",
        "[a-]x, /-x, true",
        "*[é-ü]x, /öx, true",
        "a\\*b, /a*b, true",
        "a\\*b, /axb, false",
        "a*b*c, /aXbYbZc, true",
        "a*b*c, /aXbYbZ, false",
        "a***b, /ab, true",
        "\\!a, /!a, true",
        "./a, /x/a, false",
    })
    void patterns(String pattern, String path, boolean expected) {
        assertEquals(expected, picks(path, false, pattern));
    }

    @Test
    void directoriesOnly() {
        assertTrue(picks("/a/build", true, "build/"));
        assertFalse(picks("/a/build", false, "build/"));
    }

    @Test
    void theLastMatchDecides() {
        assertFalse(picks("/a/keep.o", false, "*.o", "!keep.o"));
        assertTrue(picks("/a/keep.o", false, "*.o", "!keep.o", "/a/*"));
        assertTrue(picks("/a/other.o", false, "*.o", "!keep.o"));
    }

    @Test
    void whatIsBelowAPickedDirectoryIsReachedByNoWalk() {
        GlobFilter filter = GlobFilter.of("cache/");
        TreePath below = TreePath.parse(RawName.of("/home/cache/x/y"));
        assertFalse(filter.picks(below, false));
        assertTrue(filter.picksOrAbove(below, false));
        assertFalse(filter.picksOrAbove(TreePath.parse(RawName.of("/home/cache")), false));
    }

    @Test
    void bytesThatAreNoTextMatchWildcardsAndThemselves() {
        RawName name = bytes('/', 'a', 0xff, 0xc3);
        TreePath path = TreePath.parse(name);
        assertTrue(GlobFilter.of("a??").picks(path, false));
        assertTrue(GlobFilter.of("a*").picks(path, false));
        assertFalse(GlobFilter.of("aÿÃ").picks(path, false));
        assertFalse(GlobFilter.of("a\uFFFD\uFFFD").picks(path, false));
        for (RawName pattern :
                List.of(bytes('a', 0xff, 0xc3), bytes('*', 0xc3), bytes('a', '[', 0xfe, '-', 0xff, ']', '?'))) {
            assertTrue(GlobFilter.of(List.of(pattern)).picks(path, false), pattern.toString());
        }
        for (RawName pattern : List.of(bytes('a', 0xff), bytes('*', 0xc4), bytes('a', '[', '!', 0xff, ']', '?'))) {
            assertFalse(GlobFilter.of(List.of(pattern)).picks(path, false), pattern.toString());
        }
    }

    @Test
    void aPatternOfAPathMatchesThatPathAlone() {
        RawName odd = bytes('/', 'a', '[', '!', ']', '/', '*', '*', '/', '\\', '?', 0xff, '/', '!', 'x', ' ');
        GlobFilter filter = GlobFilter.of(List.of(GlobFilter.patternOf(odd)));
        assertTrue(filter.picks(TreePath.parse(odd), false));
        assertTrue(filter.picks(TreePath.parse(odd), true));
        for (int i = 1; i < odd.length(); i++) {
            byte[] other = odd.array().clone();
            other[i] = other[i] == 'b' ? (byte) 'c' : (byte) 'b';
            assertFalse(filter.picks(TreePath.parse(RawName.takeOver(other)), false), "byte " + i);
        }
    }

    /** Whatever is said of a range holds for each path in it, and for what lies below what is picked. */
    @Test
    void noRangeThatIsNotReachedHoldsWhatIsPicked() {
        Random random = new Random(7);
        String[] names = {"a", "b", "a-", "a b", "ab", "\u00e9", "*", "a\u0001"};
        String[] parts = {"a", "b", "a-", "ab", "a*", "?", "**", "[ab]", "\\*", "\u00e9", "."};
        int unreached = 0;
        for (int round = 0; round < 400; round++) {
            TreeSet<TreePath> sorted = new TreeSet<>();
            for (int i = 0; i < 60; i++) {
                sorted.add(TreePath.parse(RawName.of(path(random, names))));
            }
            List<TreePath> paths = List.copyOf(sorted);
            String pattern =
                    (random.nextInt(4) == 0 ? "" : "/") + path(random, parts).substring(1);
            GlobFilter filter = GlobFilter.of(pattern + (random.nextInt(5) == 0 ? "/" : ""), "!" + path(random, parts));
            for (int from = -1; from < paths.size() - 1; from += 3) {
                TreePath after = from < 0 ? null : paths.get(from);
                int to = from + 1 + random.nextInt(paths.size() - from - 1);
                if (!filter.reaches(after, paths.get(to))) {
                    unreached++;
                    for (TreePath path : paths.subList(from + 1, to + 1)) {
                        assertFalse(filter.picksOrAbove(path, true), pattern + " picks " + path);
                    }
                }
            }
        }
        assertTrue(unreached > 1000, unreached + " ranges told apart");
    }

    private static String path(Random random, String[] parts) {
        StringBuilder path = new StringBuilder();
        for (int depth = random.nextInt(4); depth >= 0; depth--) {
            path.append('/').append(parts[random.nextInt(parts.length)]);
        }
        return path.toString();
    }

    @Test
    void aPathReachesItsOwnPlaceAndWhatIsBelowIt() {
        GlobFilter filter = GlobFilter.of("/home/me/big");
        assertFalse(filter.reaches(null, path("/home/me/b")));
        assertTrue(filter.reaches(path("/home/me/b"), path("/home/me/c")));
        assertFalse(filter.reaches(path("/home/me/c"), path("/home/me/a/x")));
        assertTrue(filter.reaches(path("/home/me/a/x"), path("/home/me/big/x")));
        assertTrue(filter.reaches(path("/home/me/big/x"), path("/home/me/big/y/z")));
        assertFalse(filter.reaches(path("/home/me/big-/x"), path("/z")));
        GlobFilter wild = GlobFilter.of("/home/*/big");
        assertFalse(wild.reaches(path("/etc/x"), path("/etc/y")));
        assertTrue(wild.reaches(path("/home/me"), path("/home/me/x")));
        assertTrue(GlobFilter.of("*.o").reaches(path("/etc/x"), path("/etc/y")));
        assertFalse(GlobFilter.of("!*.o").reaches(path("/etc/x"), path("/etc/y")));
        assertFalse(GlobFilter.NONE.reaches(null, path("/z")));
    }

    private static TreePath path(String text) {
        return TreePath.parse(RawName.of(text));
    }

    @Test
    void patternsThatFitNothingAreKnown() {
        for (String bad : List.of("[abc", "", "!", "/", "!/", "a\\", "[[:foo:]]", "[a-")) {
            assertTrue(GlobFilter.never(RawName.of(bad)), bad);
            assertFalse(picks("/abc", true, bad));
        }
        for (String good : List.of("a", "*", "!a", "/a/", "[]]", "a\\\\", "[[:alpha:]")) {
            assertFalse(GlobFilter.never(RawName.of(good)) && !good.equals("[[:alpha:]"), good);
        }
    }

    @Test
    void patternsThatBeginAtTheRootWithoutSayingSoAreKnown() {
        for (String rooted : List.of("a/b", "!a/b", "*/b", "a/b/", "**a/b", "!a/**")) {
            assertTrue(GlobFilter.isRooted(RawName.of(rooted)), rooted);
        }
        for (String other : List.of("a", "a/", "/a/b", "!/a/b", "**/a/b", "!**/a/b", "", "!", "/", "!a/")) {
            assertFalse(GlobFilter.isRooted(RawName.of(other)), other);
        }
    }

    @Test
    void linesOfAFile() {
        String text = "\ufeff# note\na  \n\n   \n b\r\n!c\n\\#d\ne\\ \nf\t";
        List<IgnoreLines.Line> lines = IgnoreLines.parse(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(
                List.of("2 a", "5  b", "6 !c", "7 \\#d", "8 e\\ ", "9 f\t"),
                lines.stream()
                        .map(line -> line.number() + " " + line.pattern().toText())
                        .toList());
        RawName noText = bytes('*', 0xff);
        assertEquals(noText, IgnoreLines.parse(noText.array()).get(0).pattern());
        assertEquals(List.of(), IgnoreLines.parse(new byte[0]));
    }

    @Test
    void noPatternTakesExponentialTime() {
        String name = "a".repeat(255);
        String path = "/a".repeat(2000);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            assertFalse(picks("/" + name, false, "*a".repeat(100) + "b"));
            assertFalse(picks(path, false, "**/a/".repeat(100) + "b"));
            assertFalse(picks(path, false, "/" + "*a*".repeat(60) + "/**".repeat(500) + "/*b"));
            assertFalse(picks("/" + "a".repeat(4000), false, "*?*".repeat(1500) + "[b-c]*a"));
            assertTrue(picks(path, false, "/**".repeat(2000)));
        });
    }
}
