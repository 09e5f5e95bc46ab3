package io.packstone.source.rules;

import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The named kinds of characters in a class, such as {@code [[:digit:]]}; ASCII only, and what git takes them for. */
final class CharacterKind {
    private static final Map<String, IntPredicate> KINDS = Map.ofEntries(
            Map.entry("alnum", c -> isLetter(c) || isDigit(c)),
            Map.entry("alpha", CharacterKind::isLetter),
            Map.entry("blank", c -> c == ' ' || c == '\t'),
            Map.entry("cntrl", c -> c < ' ' || c == 0x7f),
            Map.entry("digit", CharacterKind::isDigit),
            Map.entry("graph", c -> c > ' ' && c < 0x7f),
            Map.entry("lower", c -> c >= 'a' && c <= 'z'),
            Map.entry("print", c -> c >= ' ' && c < 0x7f),
            Map.entry("punct", c -> c > ' ' && c < 0x7f && !isLetter(c) && !isDigit(c)),
            Map.entry("space", c -> c == ' ' || c == '\t' || c == '\n' || c == '\r'),
            Map.entry("upper", c -> c >= 'A' && c <= 'Z'),
            Map.entry("xdigit", c -> isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'));

    private CharacterKind() {}

    /** Whether a byte is of that kind; null when there is no such kind. */
    static @Nullable IntPredicate of(String name) {
        return KINDS.get(name);
    }

    private static boolean isLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
