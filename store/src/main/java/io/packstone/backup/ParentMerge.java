package io.packstone.backup;

import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Walks the parent's manifest beside the source, both in one order. */
final class ParentMerge {
    private final @Nullable ManifestCursor cursor;
    private @Nullable ManifestEntry current;
    private boolean ended;

    ParentMerge(@Nullable ManifestCursor cursor) {
        this.cursor = cursor;
        ended = cursor == null;
    }

    /** The parent's entry with that path, null when it has none; paths must ascend from call to call. */
    @Nullable
    ManifestEntry advanceTo(TreePath path) throws IOException {
        while (!ended && (current == null || current.path().compareTo(path) < 0)) {
            current = cursor == null ? null : cursor.next();
            ended = current == null;
        }
        return current != null && current.path().equals(path) ? current : null;
    }
}
