package io.packstone.source.rules;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import org.jspecify.annotations.Nullable;

/**
 * One pattern in the syntax of gitignore, seen from the folder that it is relative to. Every pattern parses, as in git: one that
 * makes no sense never matches. Immutable and thread-safe.
 */
final class Glob {
    private final boolean negated;
    private final boolean directoriesOnly;
    /** Compared with the last component alone, at any depth. */
    private final boolean nameOnly;

    private final Wildmatch wildmatch;
    /** The directory that all it matches is at or below; empty when that may be anywhere. */
    private final RawName top;

    private Glob(boolean negated, boolean directoriesOnly, boolean nameOnly, Wildmatch wildmatch) {
        this.negated = negated;
        this.directoriesOnly = directoriesOnly;
        this.nameOnly = nameOnly;
        this.wildmatch = wildmatch;
        byte[] prefix = nameOnly ? new byte[0] : wildmatch.prefix();
        int end = prefix.length;
        while (!wildmatch.isLiteral() && end > 0 && prefix[end - 1] != '/') {
            end--;
        }
        top = RawName.of(prefix, 0, end > 0 && prefix[end - 1] == '/' ? end - 1 : end);
    }

    /** Parses a pattern as git's parse_path_pattern does. */
    static Glob parse(RawName pattern) {
        byte[] bytes = pattern.array();
        boolean negated = bytes.length > 0 && bytes[0] == '!';
        int start = negated ? 1 : 0;
        boolean directoriesOnly = bytes.length > start && bytes[bytes.length - 1] == '/';
        int end = directoriesOnly ? bytes.length - 1 : bytes.length;
        boolean nameOnly = true;
        int wild = end;
        for (int i = end - 1; i >= start; i--) {
            nameOnly &= bytes[i] != '/';
            wild = "*?[\\".indexOf(bytes[i]) >= 0 ? i : wild;
        }
        int from = !nameOnly && bytes[start] == '/' ? start + 1 : start;
        return new Glob(negated, directoriesOnly, nameOnly, Wildmatch.compile(bytes, from, end, !nameOnly, wild));
    }

    boolean negated() {
        return negated;
    }

    /** True when nothing can match. */
    boolean never() {
        return wildmatch.never() || wildmatch.isLiteral() && wildmatch.prefix().length == 0;
    }

    /**
     * Whether a path matches.
     *
     * @param path a path in bytes, as far as {@code end}
     * @param base where in it what is relative to the pattern's folder begins
     * @param name where its last component begins
     */
    boolean matches(byte[] path, int base, int name, int end, boolean directory) {
        return (directory || !directoriesOnly) && wildmatch.matches(path, nameOnly ? name : base, end);
    }

    /**
     * Of a pattern relative to the root: false when nothing that is behind {@code after} (null: from the first path on) and up
     * to {@code last} can match, nor lie below what matches.
     */
    boolean reaches(@Nullable TreePath after, TreePath last) {
        if (top.length() == 0) {
            return true;
        }
        TreePath self = TreePath.parse(top);
        boolean exact = wildmatch.isLiteral();
        if (exact && self.compareTo(last) <= 0 && (after == null || after.compareTo(self) < 0)) {
            return true;
        }
        boolean endsBefore = TreePath.compareDirectories(last.directory(), top) < 0;
        boolean beginsBehind = after != null
                && TreePath.compareDirectories(after.directory(), top) > 0
                && !self.contains(TreePath.parse(after.directory()));
        return !endsBefore && !beginsBehind;
    }
}
