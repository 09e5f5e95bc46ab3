package io.packstone.backup.changes;

import io.packstone.id.ChunkId;
import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.ManifestReader;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Finds entries of a parent by ascending paths that are few and far between, or follow each other. For one thread. */
public final class ParentSeek {
    /** So many entries are rather passed over than searched past. */
    private static final int STEPS_MAX = 64;

    private final ManifestReader manifests;
    private final ChunkId root;
    private @Nullable ManifestCursor cursor;
    private @Nullable ManifestEntry current;

    /** In the manifest under {@code root}. */
    public ParentSeek(ManifestReader manifests, ChunkId root) {
        this.manifests = manifests;
        this.root = root;
    }

    /** The entry with that path, null when there is none; paths must ascend from call to call. */
    public @Nullable ManifestEntry advanceTo(TreePath path) throws IOException {
        ManifestCursor open = cursor;
        for (int steps = 0; open != null && isBefore(path) && steps < STEPS_MAX; steps++) {
            current = open.next();
        }
        if (open == null || isBefore(path)) {
            cursor = manifests.walkFrom(root, path);
            current = cursor.next();
        }
        ManifestEntry found = current;
        return found != null && found.path().equals(path) ? found : null;
    }

    private boolean isBefore(TreePath path) {
        ManifestEntry here = current;
        return here != null && here.path().compareTo(path) < 0;
    }
}
