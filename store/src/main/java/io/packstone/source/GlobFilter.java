package io.packstone.source;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.util.ArrayList;
import java.util.List;

/**
 * Patterns that pick paths. Immutable and thread-safe.
 *
 * <p>{@code *} matches within a component, {@code ?} one character, {@code [a-z]} and {@code [!a-z]} one of (not of) a
 * class, {@code **} as a whole component any number of components (at the end at least one), {@code \} takes the next
 * character as it is. A pattern that begins with '/' is matched from the root of the file system on, any other at every
 * depth; one that ends in '/' matches directories only; one that begins with '!' takes back what earlier ones picked.
 * The last pattern that matches decides. Case counts.
 */
public final class GlobFilter {
    /** Picks nothing. */
    public static final GlobFilter NONE = new GlobFilter(List.of());

    private static final int NOT_UTF8 = 0x11_0000;

    private final List<String> patterns;
    private final List<Glob> globs;

    private GlobFilter(List<String> patterns) {
        this.patterns = List.copyOf(patterns);
        this.globs = this.patterns.stream().map(Glob::parse).toList();
    }

    /**
     * Takes patterns as they are.
     *
     * @throws IllegalArgumentException when one is malformed; its message names it
     */
    public static GlobFilter of(List<String> patterns) {
        return patterns.isEmpty() ? NONE : new GlobFilter(patterns);
    }

    /**
     * The patterns in the lines of a file: blank lines and those that begin with '#' are left out, as are spaces at
     * the end.
     */
    public static List<String> patternsOf(List<String> lines) {
        List<String> patterns = new ArrayList<>();
        for (String line : lines) {
            String pattern = line.stripTrailing();
            if (!pattern.isEmpty() && !pattern.startsWith("#")) {
                patterns.add(pattern);
            }
        }
        return patterns;
    }

    /** The patterns, in order. */
    public List<String> patterns() {
        return patterns;
    }

    /** True when there is no pattern. */
    public boolean isEmpty() {
        return globs.isEmpty();
    }

    /** Whether the path is picked; that of a directory above it does not matter. */
    public boolean picks(TreePath path, boolean directory) {
        if (globs.isEmpty() || path.isRoot()) {
            return false;
        }
        RawName name = path.name();
        return within(path.directory()).picks(name.array(), 0, name.length(), directory);
    }

    /** Whether the path or a directory above it is picked: what a walk that leaves those out never reaches. */
    public boolean picksOrAbove(TreePath path, boolean directory) {
        RawName whole = path.asDirectory();
        for (int i = 1; i < whole.length() && !globs.isEmpty(); i++) {
            if (whole.at(i) == '/' && picks(TreePath.parse(RawName.of(whole.array(), 0, i)), true)) {
                return true;
            }
        }
        return picks(path, directory);
    }

    /** For many names of one directory. */
    Within within(RawName directory) {
        List<int[]> components = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= directory.length(); i++) {
            if (i == directory.length() || directory.at(i) == '/') {
                if (i > start) {
                    components.add(decode(directory.array(), start, i - start));
                }
                start = i + 1;
            }
        }
        components.add(new int[0]);
        return new Within(components.toArray(new int[0][]));
    }

    /** The patterns seen from one directory; for one thread. */
    final class Within {
        private final int[][] components;

        private Within(int[][] components) {
            this.components = components;
        }

        boolean picks(byte[] bytes, int offset, int length, boolean directory) {
            components[components.length - 1] = decode(bytes, offset, length);
            for (int i = globs.size() - 1; i >= 0; i--) {
                Glob glob = globs.get(i);
                if (glob.matches(components, components.length, directory)) {
                    return !glob.negated();
                }
            }
            return false;
        }
    }

    /** Code points; each byte that is no part of well-formed UTF-8 becomes a number above them. */
    private static int[] decode(byte[] bytes, int offset, int length) {
        int[] points = new int[length];
        int count = 0;
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int size = sizeOf(bytes, at, end);
            int first = bytes[at] & 0xff;
            int point = size == 0 ? NOT_UTF8 + first : size == 1 ? first : first & (0x7f >> size);
            for (int i = 1; i < size; i++) {
                point = point << 6 | bytes[at + i] & 0x3f;
            }
            points[count++] = point;
            at += Math.max(1, size);
        }
        return java.util.Arrays.copyOf(points, count);
    }

    /** The length of the well-formed sequence at {@code at} (RFC 3629, section 4); 0 when there is none. */
    private static int sizeOf(byte[] bytes, int at, int end) {
        int first = bytes[at] & 0xff;
        if (first < 0x80) {
            return 1;
        }
        int size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || at + size > end) {
            return 0;
        }
        for (int i = 1; i < size; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int second = bytes[at + 1] & 0xff;
        boolean wellFormed = !(first == 0xe0 && second < 0xa0)
                && !(first == 0xed && second >= 0xa0)
                && !(first == 0xf0 && second < 0x90)
                && !(first == 0xf4 && second >= 0x90);
        return wellFormed ? size : 0;
    }
}
