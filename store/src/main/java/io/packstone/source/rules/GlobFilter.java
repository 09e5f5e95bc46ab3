package io.packstone.source.rules;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Patterns that pick paths, in the syntax of gitignore(5); like names, they are bytes and need not be text. Immutable and
 * thread-safe.
 *
 * <p>They are relative to the root of the file system, unless they are those of {@link FolderRules}. One without a '/' but at its
 * end fits a name at any depth; any other a path from the root on. {@code *} fits within a component, {@code ?} one byte,
 * {@code [a-z]} and {@code [!a-z]} one of (not of) a class, {@code **} as a whole component any number of components (at the end
 * at least one), {@code \} takes the next byte as it is. One that ends in '/' fits directories only; one that begins with '!'
 * takes back what earlier ones picked. The last pattern that fits decides. Case counts.
 */
public final class GlobFilter {
    /** Picks nothing. */
    public static final GlobFilter NONE = new GlobFilter(List.of());

    private final List<RawName> patterns;
    private final Glob[] globs;

    private GlobFilter(List<RawName> patterns) {
        this.patterns = List.copyOf(patterns);
        this.globs = this.patterns.stream().map(Glob::parse).toArray(Glob[]::new);
    }

    /** Takes patterns as they are; one that makes no sense picks nothing, see {@link #never}. */
    public static GlobFilter of(List<RawName> patterns) {
        return patterns.isEmpty() ? NONE : new GlobFilter(patterns);
    }

    /** The same for patterns that are text. */
    public static GlobFilter of(String... patterns) {
        return of(Arrays.stream(patterns).map(RawName::of).toList());
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

    /** True when that pattern can fit nothing: it is empty, or a class has no end, or nothing follows a last backslash. */
    public static boolean never(RawName pattern) {
        return Glob.parse(pattern).never();
    }

    /** True for a pattern that is relative to the root though it does not begin there: it has a '/' in its midst only. */
    public static boolean isRooted(RawName pattern) {
        int start = pattern.length() > 0 && pattern.at(0) == '!' ? 1 : 0;
        boolean rooted = false;
        for (int i = start + 1; i < pattern.length() - 1; i++) {
            rooted |= pattern.at(i) == '/';
        }
        boolean deep = pattern.length() > start + 2
                && pattern.at(start) == '*'
                && pattern.at(start + 1) == '*'
                && pattern.at(start + 2) == '/';
        return rooted && !deep && pattern.at(start) != '/';
    }

    /** The patterns, in order. */
    public List<RawName> patterns() {
        return patterns;
    }

    /** True when there is no pattern. */
    public boolean isEmpty() {
        return globs.length == 0;
    }

    /** True when that pattern takes back what earlier ones picked. */
    boolean takesBack(int index) {
        return globs[index].negated();
    }

    /**
     * Which pattern decides about a path; -1 when none fits.
     *
     * @param path bytes, as far as {@code end}
     * @param base where in it what is relative to the patterns' folder begins
     * @param name where its last component begins
     */
    int deciding(byte[] path, int base, int name, int end, boolean directory) {
        int index = globs.length - 1;
        while (index >= 0 && !globs[index].matches(path, base, name, end, directory)) {
            index--;
        }
        return index;
    }

    /** Whether the path is picked; that of a directory above it does not matter. */
    public boolean picks(TreePath path, boolean directory) {
        if (globs.length == 0 || path.isRoot()) {
            return false;
        }
        byte[] whole = path.asDirectory().array();
        return picks(whole, whole.length - path.name().length(), whole.length, directory);
    }

    private boolean picks(byte[] path, int name, int end, boolean directory) {
        int index = deciding(path, 0, name, end, directory);
        return index >= 0 && !globs[index].negated();
    }

    /** Whether the path or a directory above it is picked: what a walk that leaves those out never reaches. */
    public boolean picksOrAbove(TreePath path, boolean directory) {
        byte[] whole = path.asDirectory().array();
        int name = 0;
        for (int i = 1; i < whole.length && globs.length > 0; i++) {
            if (whole[i] == '/') {
                if (picks(whole, name, i, true)) {
                    return true;
                }
                name = i + 1;
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
        return new Within(directory);
    }

    /** The patterns seen from one directory; for one thread. */
    public final class Within {
        private final PathBuffer path;

        private Within(RawName directory) {
            this.path = new PathBuffer(directory);
        }

        /** Whether the name in those bytes is picked. */
        public boolean picks(byte[] bytes, int offset, int length, boolean directory) {
            return globs.length > 0
                    && GlobFilter.this.picks(
                            path.with(bytes, offset, length), path.nameStart(), path.nameStart() + length, directory);
        }
    }
}
