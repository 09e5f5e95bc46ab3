package io.packstone.source;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pattern of a {@link GlobFilter}. Pattern and names are compared as code points; a byte that is no UTF-8 counts as
 * one of its own.
 */
final class Glob {
    private static final int ANY_RUN = -1;
    private static final int ANY_ONE = -2;
    private static final int CLASS = -3;
    private static final int NOT_CLASS = -4;
    private static final int CLASS_END = -5;
    private static final int[] ANY_DEPTH = {};
    private static final int[] ANY_DEPTH_PART = {'*', '*'};
    private static final int[] HERE = {'.'};

    private final boolean negated;
    private final boolean directoriesOnly;
    private final int[][] segments;
    /** The directory that all it matches is at or below; empty when that may be anywhere. */
    private final RawName top;
    /** True when {@link #top} itself is all that it matches. */
    private final boolean exact;

    private Glob(boolean negated, boolean directoriesOnly, int[][] segments) {
        this.negated = negated;
        this.directoriesOnly = directoriesOnly;
        this.segments = segments;
        int literal = 0;
        ByteArrayOutputStream path = new ByteArrayOutputStream();
        while (literal < segments.length && isLiteral(segments[literal])) {
            if (literal > 0) {
                path.write('/');
            }
            path.writeBytes(Points.bytes(segments[literal++]));
        }
        top = RawName.takeOver(path.toByteArray());
        exact = literal == segments.length;
    }

    private static boolean isLiteral(int[] segment) {
        return segment != ANY_DEPTH && Arrays.stream(segment).allMatch(point -> point >= 0);
    }

    /**
     * Parses one pattern.
     *
     * @throws IllegalArgumentException when it has no end of a class or nothing to match
     */
    static Glob parse(RawName pattern) {
        int[] points = Points.of(pattern.array(), 0, pattern.length());
        boolean negated = points.length > 0 && points[0] == '!';
        int start = negated ? 1 : 0;
        int end = points.length;
        while (end > start && points[end - 1] == '/') {
            end--;
        }
        if (end == start) {
            throw new IllegalArgumentException("the pattern \"" + pattern + "\" matches nothing");
        }
        List<int[]> segments = new ArrayList<>();
        if (points[start] != '/') {
            segments.add(ANY_DEPTH);
        }
        for (int at = start; at < end; at++) {
            int from = at;
            while (at < end && points[at] != '/') {
                at++;
            }
            int[] part = Arrays.copyOfRange(points, from, at);
            if (Arrays.equals(part, ANY_DEPTH_PART)) {
                segments.add(ANY_DEPTH);
            } else if (part.length > 0 && !Arrays.equals(part, HERE)) {
                segments.add(compile(part, pattern));
            }
        }
        return new Glob(negated, end < points.length, segments.toArray(new int[0][]));
    }

    private static int[] compile(int[] points, RawName pattern) {
        int[] compiled = new int[points.length * 2 + 2];
        int length = 0;
        int at = 0;
        while (at < points.length) {
            int point = points[at++];
            if (point == '*') {
                if (length == 0 || compiled[length - 1] != ANY_RUN) {
                    compiled[length++] = ANY_RUN;
                }
            } else if (point == '?') {
                compiled[length++] = ANY_ONE;
            } else if (point == '\\' && at < points.length) {
                compiled[length++] = points[at++];
            } else if (point == '[') {
                boolean not = at < points.length && (points[at] == '!' || points[at] == '^');
                compiled[length++] = not ? NOT_CLASS : CLASS;
                at += not ? 1 : 0;
                int first = at;
                while (at < points.length && (points[at] != ']' || at == first)) {
                    at = range(points, at, compiled, length);
                    length += 2;
                }
                if (at >= points.length) {
                    throw new IllegalArgumentException("a '[' has no ']' in the pattern \"" + pattern + "\"");
                }
                at++;
                compiled[length++] = CLASS_END;
            } else {
                compiled[length++] = point;
            }
        }
        return Arrays.copyOf(compiled, length);
    }

    /** Compiles one point or range of a class into two points and returns where the pattern goes on. */
    private static int range(int[] points, int start, int[] compiled, int length) {
        int at = start;
        if (points[at] == '\\' && at + 1 < points.length) {
            at++;
        }
        compiled[length] = points[at];
        compiled[length + 1] = points[at];
        at++;
        if (at + 1 < points.length && points[at] == '-' && points[at + 1] != ']') {
            at++;
            if (points[at] == '\\' && at + 1 < points.length) {
                at++;
            }
            compiled[length + 1] = points[at];
            at++;
        }
        return at;
    }

    boolean negated() {
        return negated;
    }

    /**
     * False when nothing that is behind {@code after} (null: from the first path on) and up to {@code last} can match, nor
     * lie below what matches.
     */
    boolean reaches(@Nullable TreePath after, TreePath last) {
        if (top.length() == 0) {
            return true;
        }
        TreePath self = TreePath.parse(top);
        if (exact && self.compareTo(last) <= 0 && (after == null || after.compareTo(self) < 0)) {
            return true;
        }
        boolean endsBefore = TreePath.compareDirectories(last.directory(), top) < 0;
        boolean beginsBehind = after != null
                && TreePath.compareDirectories(after.directory(), top) > 0
                && !self.contains(TreePath.parse(after.directory()));
        return !endsBefore && !beginsBehind;
    }

    /** Whether the path of those decoded components matches as a whole. */
    boolean matches(int[][] components, int count, boolean directory) {
        return (directory || !directoriesOnly) && matches(0, components, 0, count);
    }

    /** Greedy with one point to come back to, as in {@link #matchesName}: linear space, no exponential time. */
    private boolean matches(int firstSegment, int[][] components, int firstComponent, int count) {
        int segment = firstSegment;
        int component = firstComponent;
        int retrySegment = -1;
        int retryComponent = -1;
        while (component < count) {
            boolean deep = segment < segments.length && segments[segment] == ANY_DEPTH;
            if (deep && segment == segments.length - 1) {
                return true;
            }
            if (deep) {
                retrySegment = ++segment;
                retryComponent = component;
            } else if (segment < segments.length && matchesName(segments[segment], components[component])) {
                segment++;
                component++;
            } else if (retrySegment >= 0) {
                segment = retrySegment;
                component = ++retryComponent;
            } else {
                return false;
            }
        }
        return segment == segments.length;
    }

    private static boolean matchesName(int[] pattern, int[] name) {
        int at = 0;
        int next = 0;
        int retryAt = -1;
        int retryNext = -1;
        while (next < name.length) {
            if (at < pattern.length && pattern[at] == ANY_RUN) {
                retryAt = ++at;
                retryNext = next;
            } else if (at < pattern.length && matchesOne(pattern, at, name[next])) {
                at = after(pattern, at);
                next++;
            } else if (retryAt >= 0) {
                at = retryAt;
                next = ++retryNext;
            } else {
                return false;
            }
        }
        while (at < pattern.length && pattern[at] == ANY_RUN) {
            at++;
        }
        return at == pattern.length;
    }

    private static boolean matchesOne(int[] pattern, int at, int point) {
        int expected = pattern[at];
        if (expected == ANY_ONE) {
            return true;
        }
        if (expected != CLASS && expected != NOT_CLASS) {
            return expected == point;
        }
        boolean found = false;
        for (int i = at + 1; pattern[i] != CLASS_END; i += 2) {
            found |= pattern[i] <= point && point <= pattern[i + 1];
        }
        return found == (expected == CLASS);
    }

    private static int after(int[] pattern, int at) {
        int end = at;
        if (pattern[at] == CLASS || pattern[at] == NOT_CLASS) {
            while (pattern[end] != CLASS_END) {
                end++;
            }
        }
        return end + 1;
    }
}
