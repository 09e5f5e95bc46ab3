package io.packstone.source;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.source.rules.Verdict;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

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
