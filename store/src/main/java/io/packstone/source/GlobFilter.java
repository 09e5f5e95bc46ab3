package io.packstone.source;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Patterns that pick paths; like names, they are bytes and need not be text. Immutable and thread-safe.
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

    private final List<RawName> patterns;
    private final List<Glob> globs;

    private GlobFilter(List<RawName> patterns) {
        this.patterns = List.copyOf(patterns);
        this.globs = this.patterns.stream().map(Glob::parse).toList();
    }

    /**
     * Takes patterns as they are.
     *
     * @throws IllegalArgumentException when one is malformed; its message names it, quoted
     */
    public static GlobFilter of(List<RawName> patterns) {
        return patterns.isEmpty() ? NONE : new GlobFilter(patterns);
    }

    /** The same for patterns that are text. */
    public static GlobFilter of(String... patterns) {
        return of(Arrays.stream(patterns).map(RawName::of).toList());
    }

    /**
     * The patterns in the lines of a file: blank lines and those that begin with '#' are left out, as are spaces and
     * carriage returns at the end, unless a backslash stands before one.
     */
    public static List<RawName> patternsOf(List<RawName> lines) {
        List<RawName> patterns = new ArrayList<>();
        for (RawName line : lines) {
            int end = line.length();
            while (end > 0 && isBlank(line.at(end - 1)) && (end == 1 || line.at(end - 2) != '\\')) {
                end--;
            }
            if (end > 0 && line.at(0) != '#') {
                patterns.add(RawName.of(line.array(), 0, end));
            }
        }
        return patterns;
    }

    /** A pattern that matches one absolute path and nothing else, whatever is in its names. */
    public static RawName patternOf(RawName path) {
        ByteArrayOutputStream pattern = new ByteArrayOutputStream();
        for (int i = 0; i < path.length(); i++) {
            if ("*?[\\".indexOf(path.at(i)) >= 0) {
                pattern.write('\\');
            }
            pattern.write(path.at(i));
        }
        return RawName.takeOver(pattern.toByteArray());
    }

    private static boolean isBlank(int value) {
        return value == ' ' || value == '\t' || value == '\r';
    }

    /** The patterns, in order. */
    public List<RawName> patterns() {
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

    /**
     * False when no path behind {@code after} (null: from the first on) and up to {@code last}, in the order of manifests,
     * is picked or lies below one that is. May be true though none is.
     */
    public boolean reaches(@Nullable TreePath after, TreePath last) {
        for (Glob glob : globs) {
            if (!glob.negated() && glob.reaches(after, last)) {
                return true;
            }
        }
        return false;
    }

    /** For many names of one directory. */
    public Within within(RawName directory) {
        List<int[]> components = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= directory.length(); i++) {
            if (i == directory.length() || directory.at(i) == '/') {
                if (i > start) {
                    components.add(Points.of(directory.array(), start, i - start));
                }
                start = i + 1;
            }
        }
        components.add(new int[0]);
        return new Within(components.toArray(new int[0][]));
    }

    /** The patterns seen from one directory; for one thread. */
    public final class Within {
        private final int[][] components;

        private Within(int[][] components) {
            this.components = components;
        }

        /** Whether the name in those bytes is picked. */
        public boolean picks(byte[] bytes, int offset, int length, boolean directory) {
            components[components.length - 1] = Points.of(bytes, offset, length);
            for (int i = globs.size() - 1; i >= 0; i--) {
                Glob glob = globs.get(i);
                if (glob.matches(components, components.length, directory)) {
                    return !glob.negated();
                }
            }
            return false;
        }
    }
}
