package io.packstone.source.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The wildcards of gitignore over bytes: {@code *} and {@code ?} never match a '/', {@code **} does where it stands for whole
 * components. Follows git's wildmatch.c to the letter, but by a scan, or a set of states that steps from byte to byte (Thompson,
 * CACM 11, 1968), so that no pattern takes more time than its length times that of the name. Immutable and thread-safe.
 */
final class Wildmatch {
    private static final int ANY_ONE = -1;
    private static final int STAR = -2;
    private static final int DEEP = -3;
    /** Stands for nothing, or leads into the token after it, which ends at a '/'. */
    private static final int FOLDERS = -4;

    private static final int IN_FOLDERS = -5;
    private static final int NEVER = -6;
    /** Classes are numbered downwards from here. */
    private static final int FIRST_CLASS = -7;

    private final int[] tokens;
    private final List<BitSet> classes;
    private final byte[] prefix;
    private final byte[] suffix;
    private final boolean never;
    /** True when some of it may match a '/' among other bytes. */
    private final boolean deep;
    /** True when what stands between prefix and suffix is a single star. */
    private final boolean simple;

    private Wildmatch(int[] tokens, List<BitSet> classes) {
        this.tokens = tokens;
        this.classes = classes;
        int first = 0;
        while (first < tokens.length && tokens[first] >= 0) {
            first++;
        }
        int last = tokens.length;
        while (last > first && tokens[last - 1] >= 0) {
            last--;
        }
        prefix = bytes(tokens, 0, first);
        suffix = bytes(tokens, last, tokens.length);
        never = Arrays.stream(tokens).anyMatch(token -> token == NEVER);
        deep = Arrays.stream(tokens).anyMatch(token -> token == DEEP || token == FOLDERS);
        simple = last - first == 1 && tokens[first] == STAR;
    }

    private static byte[] bytes(int[] tokens, int from, int to) {
        byte[] bytes = new byte[to - from];
        for (int i = from; i < to; i++) {
            bytes[i - from] = (byte) tokens[i];
        }
        return bytes;
    }

    /**
     * Compiles the bytes of a pattern from {@code from} to {@code to}.
     *
     * @param folders whether {@code **} may stand for folders: at {@code wild}, where the first wildcard may be, and after a '/'
     */
    static Wildmatch compile(byte[] pattern, int from, int to, boolean folders, int wild) {
        return new Compiler(pattern, from, to, folders, wild).compile();
    }

    /** True when nothing ever matches. */
    boolean never() {
        return never;
    }

    /** The bytes that all it matches begin with. */
    byte[] prefix() {
        return prefix;
    }

    /** True when it matches {@link #prefix} and nothing else. */
    boolean isLiteral() {
        return prefix.length == tokens.length;
    }

    /** Whether the bytes of {@code name} from {@code from} to {@code to} match as a whole. */
    boolean matches(byte[] name, int from, int to) {
        int middle = to - from - prefix.length - suffix.length;
        if (never
                || middle < 0
                || !Arrays.equals(name, from, from + prefix.length, prefix, 0, prefix.length)
                || !Arrays.equals(name, to - suffix.length, to, suffix, 0, suffix.length)) {
            return false;
        }
        if (isLiteral()) {
            return middle == 0;
        }
        if (simple) {
            return indexOfSlash(name, from + prefix.length, to - suffix.length) < 0;
        }
        return deep ? run(name, from + prefix.length, to) : scan(name, from + prefix.length, to);
    }

    private static int indexOfSlash(byte[] name, int from, int to) {
        for (int i = from; i < to; i++) {
            if (name[i] == '/') {
                return i;
            }
        }
        return -1;
    }

    /**
     * Where no token crosses a '/': greedy, with one star to come back to. An earlier star need never take more, since it is in a
     * component that has matched already, or the later one could take what it would leave.
     */
    private boolean scan(byte[] name, int from, int to) {
        int state = prefix.length;
        int at = from;
        int retryState = -1;
        int retryAt = -1;
        while (at < to) {
            if (state < tokens.length && tokens[state] == STAR) {
                retryState = ++state;
                retryAt = at;
            } else if (state < tokens.length && matchesOne(tokens[state], name[at] & 0xff)) {
                state++;
                at++;
            } else if (retryState >= 0 && name[retryAt] != '/') {
                state = retryState;
                at = ++retryAt;
            } else {
                return false;
            }
        }
        while (state < tokens.length && tokens[state] == STAR) {
            state++;
        }
        return state == tokens.length;
    }

    private boolean matchesOne(int token, int value) {
        return token == value
                || token == ANY_ONE && value != '/'
                || token <= FIRST_CLASS
                        && value != '/'
                        && classes.get(FIRST_CLASS - token).get(value);
    }

    /** Steps a set of tokens that come next through the bytes. */
    private boolean run(byte[] name, int from, int to) {
        BitSet current = new BitSet(tokens.length + 1);
        BitSet next = new BitSet(tokens.length + 1);
        enter(current, prefix.length);
        for (int i = from; i < to && !current.isEmpty(); i++) {
            next.clear();
            for (int state = current.nextSetBit(0); state >= 0; state = current.nextSetBit(state + 1)) {
                step(state, name[i] & 0xff, next);
            }
            BitSet last = current;
            current = next;
            next = last;
        }
        return current.get(tokens.length);
    }

    /** Adds a token and, where it may stand for nothing, what is behind it; what was added before needs no second look. */
    private void enter(BitSet set, int first) {
        int state = first;
        while (!set.get(state)) {
            set.set(state);
            int token = state == tokens.length ? 0 : tokens[state];
            if (token == FOLDERS) {
                set.set(state + 1);
                state += 2;
            } else if (token == STAR || token == DEEP) {
                state++;
            } else {
                return;
            }
        }
    }

    private void step(int state, int value, BitSet next) {
        if (state == tokens.length) {
            return;
        }
        int token = tokens[state];
        if (token == IN_FOLDERS) {
            next.set(state);
            if (value == '/') {
                enter(next, state + 1);
            }
        } else if (token == DEEP || token == STAR && value != '/') {
            enter(next, state);
        } else if (matchesOne(token, value)) {
            enter(next, state + 1);
        }
    }

    /** Reads a pattern once. What git would give up on while it matches is a token that never does. */
    private static final class Compiler {
        private final byte[] pattern;
        private final int start;
        private final int end;
        private final boolean folders;
        private final int wild;
        private final List<BitSet> classes = new ArrayList<>();
        private int[] tokens = new int[16];
        private int count;
        private int at;

        Compiler(byte[] pattern, int start, int end, boolean folders, int wild) {
            this.pattern = pattern;
            this.start = start;
            this.end = end;
            this.folders = folders;
            this.wild = wild;
        }

        private int peek(int index) {
            return index < end ? pattern[index] & 0xff : -1;
        }

        private void emit(int token) {
            if (count + 2 > tokens.length) {
                tokens = Arrays.copyOf(tokens, tokens.length * 2);
            }
            tokens[count++] = token;
        }

        Wildmatch compile() {
            at = start;
            while (at < end) {
                int value = peek(at);
                if (value == '*') {
                    stars();
                } else if (value == '?') {
                    emit(ANY_ONE);
                    at++;
                } else if (value == '[') {
                    at++;
                    emit(readClass() ? FIRST_CLASS - (classes.size() - 1) : NEVER);
                } else if (value == '\\') {
                    emit(at + 1 < end ? peek(at + 1) : NEVER);
                    at += 2;
                } else {
                    emit(value);
                    at++;
                }
            }
            return new Wildmatch(Arrays.copyOf(tokens, count), List.copyOf(classes));
        }

        private void stars() {
            int first = at;
            while (peek(at) == '*') {
                at++;
            }
            boolean begins = first == wild || first > start && pattern[first - 1] == '/';
            boolean ends = at == end || peek(at) == '/' || peek(at) == '\\' && peek(at + 1) == '/';
            if (!folders || at - first < 2 || !begins || !ends) {
                if (count == 0 || tokens[count - 1] != STAR) {
                    emit(STAR);
                }
            } else if (peek(at) == '/') {
                emit(FOLDERS);
                emit(IN_FOLDERS);
                at++;
            } else {
                emit(DEEP);
            }
        }

        /** A class, from behind its '['; false when it has no end or names a kind of characters that there is not. */
        private boolean readClass() {
            BitSet members = new BitSet(256);
            boolean negated = peek(at) == '!' || peek(at) == '^';
            at += negated ? 1 : 0;
            int before = 0;
            do {
                int value = peek(at);
                if (value == '[' && peek(at + 1) == ':' && hasName()) {
                    IntPredicate kind = CharacterKind.of(name());
                    if (kind == null) {
                        return false;
                    }
                    for (int i = 0; i < 256; i++) {
                        members.set(i, members.get(i) || kind.test(i));
                    }
                    at = nameEnd() + 2;
                    before = 0;
                } else if (value == '-' && before != 0 && at + 1 < end && peek(at + 1) != ']') {
                    at += peek(at + 1) == '\\' ? 2 : 1;
                    if (at >= end) {
                        return false;
                    }
                    members.set(Math.min(before, peek(at) + 1), peek(at) + 1);
                    at++;
                    before = 0;
                } else {
                    at += value == '\\' ? 1 : 0;
                    if (at >= end) {
                        return false;
                    }
                    before = peek(at++);
                    members.set(before);
                }
            } while (at < end && peek(at) != ']');
            if (at >= end) {
                return false;
            }
            at++;
            if (negated) {
                members.flip(0, 256);
            }
            classes.add(members);
            return true;
        }

        /** Where the next ']' is, from behind "[:". */
        private int closing() {
            int closing = at + 2;
            while (closing < end && pattern[closing] != ']') {
                closing++;
            }
            return closing;
        }

        /** True at "[:name:]", and at "[:" without any ']' behind it, which then ends nowhere either way. */
        private boolean hasName() {
            int closing = closing();
            return closing - 1 >= at + 2 && closing < end && pattern[closing - 1] == ':';
        }

        private int nameEnd() {
            return closing() - 1;
        }

        private String name() {
            return new String(pattern, at + 2, nameEnd() - at - 2, java.nio.charset.StandardCharsets.ISO_8859_1);
        }
    }
}
