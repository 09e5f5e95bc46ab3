package io.packstone.source;

import io.packstone.error.SourceException;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.OwnerNames;
import io.packstone.posix.Posix;
import io.packstone.source.rules.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether a walk would take one path, and why: found by a walk that looks for nothing else.
 *
 * @param reason why
 * @param at the path that {@code reason} is about: the one asked for, or a directory above it
 * @param verdict of the rule that decided, null when none did: when the path is taken, of a pattern that took it back
 * @param problem what the file system said, when that is the reason; else empty
 */
public record Explanation(
        Reason reason, TreePath at, @Nullable Verdict verdict, String problem) {

    /** Kinds of answers. */
    public enum Reason {
        /** It is among the paths given. */
        GIVEN,
        /** Only paths below it were given; it is listed and nothing else of it. */
        ABOVE_GIVEN,
        /** No rule leaves it out. */
        TAKEN,
        /** A rule leaves it out. */
        LEFT_OUT,
        /** It is below none of the paths given. */
        NOT_GIVEN,
        /** It would lie below a symbolic link, which is not followed, or below another thing that is no directory. */
        NO_DIRECTORY,
        /** It, or something above it, is not there or can't be read. */
        UNREADABLE
    }

    /** Collects what a walk says. */
    private static final class Seen {
        private @Nullable SourceEntry entry;
        private @Nullable Verdict verdict;
        private TreePath at = TreePath.ROOT;
        private String problem = "";

        void decided(TreePath path, Verdict found) {
            verdict = found;
            at = path;
        }

        void failed(SourceException failure) {
            problem = String.valueOf(failure.getMessage());
        }
    }

    /** True when the path is part of the snapshot. */
    public boolean taken() {
        return reason == Reason.GIVEN || reason == Reason.ABOVE_GIVEN || reason == Reason.TAKEN;
    }

    /** About {@code path}, which is absolute, in a walk with those options. */
    public static Explanation of(RawName path, SourceOptions options) throws IOException {
        TreePath wanted = TreePath.parse(path);
        Seen seen = new Seen();
        Focus focus = new Focus(wanted, seen::decided);
        try (SourceWalker walker = new SourceWalker(new Posix(), new OwnerNames(), options, seen::failed, 2, focus)) {
            SourceEntry entry = walker.next();
            while (entry != null) {
                seen.entry = entry;
                entry = walker.next();
            }
        }
        return conclude(wanted, options, seen);
    }

    private static Explanation conclude(TreePath wanted, SourceOptions options, Seen seen) {
        SourceEntry last = seen.entry;
        boolean reached = last != null && last.path().equals(wanted);
        Verdict verdict = seen.verdict;
        boolean about = verdict != null && seen.at.equals(wanted);
        if (reached) {
            Reason reason = reasonOf(wanted, options);
            return new Explanation(reason, wanted, about && verdict.takes() ? verdict : null, "");
        }
        if (verdict != null && !verdict.takes()) {
            return new Explanation(Reason.LEFT_OUT, seen.at, verdict, "");
        }
        if (!seen.problem.isEmpty()) {
            return new Explanation(Reason.UNREADABLE, wanted, null, seen.problem);
        }
        boolean below = options.paths().stream()
                .anyMatch(given -> TreePath.parse(given).contains(wanted) || wanted.contains(TreePath.parse(given)));
        if (!below) {
            return new Explanation(Reason.NOT_GIVEN, wanted, null, "");
        }
        if (last != null && last.metadata().type() != FileType.DIRECTORY) {
            return new Explanation(Reason.NO_DIRECTORY, last.path(), null, "");
        }
        return new Explanation(Reason.UNREADABLE, wanted, null, wanted + ": no such file or directory");
    }

    private static Reason reasonOf(TreePath wanted, SourceOptions options) {
        boolean above = false;
        boolean given = false;
        boolean below = false;
        for (RawName path : options.paths()) {
            TreePath one = TreePath.parse(path);
            given |= one.equals(wanted);
            below |= one.contains(wanted);
            above |= wanted.contains(one);
        }
        if (given) {
            return Reason.GIVEN;
        }
        return above && !below ? Reason.ABOVE_GIVEN : Reason.TAKEN;
    }

    /**
     * The only path that a walk looks for.
     *
     * @param watcher told of what rules say on the way, and of which path
     */
    record Focus(TreePath path, BiConsumer<TreePath, Verdict> watcher) implements WalkGuide {
        @Override
        public List<RawName> names(RawName directory) {
            RawName next = below(directory);
            return next == null ? List.of() : List.of(next);
        }

        /** The name in {@code directory} that leads to the path or is it; null when none is. */
        private @Nullable RawName below(RawName directory) {
            RawName whole = path.asDirectory();
            int start = directory.length() == 0 ? 0 : directory.length() + 1;
            if (whole.length() <= start || !TreePath.parse(directory).contains(path)) {
                return null;
            }
            int end = start;
            while (end < whole.length() && whole.at(end) != '/') {
                end++;
            }
            return RawName.of(whole.array(), start, end - start);
        }
    }
}
