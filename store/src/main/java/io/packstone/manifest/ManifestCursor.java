package io.packstone.manifest;

import io.packstone.id.ChunkId;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a manifest one after the other, in order or in reverse. Holds one node of each level; reads each node of
 * its range once. For one thread.
 */
public final class ManifestCursor {
    /** Which keys are wanted: all those it calls 0, which are one contiguous range. */
    @FunctionalInterface
    interface Range {
        /** Every key. */
        Range ALL = key -> 0;

        /** Negative for a key before the range, 0 inside it, positive after it. */
        int compare(TreePath key);
    }

    private final ChunkSource source;
    private final Range range;
    private final boolean isReverse;
    private final Deque<Position> positions = new ArrayDeque<>();
    private @Nullable ManifestEntry first;
    private @Nullable ManifestEntry last;
    private @Nullable ChunkId unopened;

    /** An entry or a child in a node on the way down; {@code after} is the last key before the node. */
    private static final class Position {
        private final ManifestNode node;
        private final @Nullable TreePath after;
        private int index;

        Position(ManifestNode node, @Nullable TreePath after, int index) {
            this.node = node;
            this.after = after;
            this.index = index;
        }

        /** The last key before the child or entry here. */
        @Nullable
        TreePath before() {
            return index == 0 ? after : node.key(index - 1);
        }
    }

    /** The range of the manifest under {@code root}, between {@code first} and {@code last} when those are not null. */
    ManifestCursor(
            ChunkSource source,
            ChunkId root,
            Range range,
            boolean isReverse,
            @Nullable ManifestEntry first,
            @Nullable ManifestEntry last) {
        this.source = source;
        this.range = range;
        this.isReverse = isReverse;
        this.first = first;
        this.last = last;
        this.unopened = root;
    }

    /** The next entry; null after the last. After a failure, the next call goes on behind what could not be read. */
    public @Nullable ManifestEntry next() throws IOException {
        ManifestEntry found = first;
        if (found != null) {
            first = null;
            return found;
        }
        found = nextInRange();
        if (found == null) {
            found = last;
            last = null;
        }
        return found;
    }

    private @Nullable ManifestEntry nextInRange() throws IOException {
        ChunkId root = unopened;
        if (root != null) {
            unopened = null;
            open(NodeReader.root(source, root), null);
        }
        while (!positions.isEmpty()) {
            Position top = positions.getLast();
            if (top.index < 0 || top.index >= top.node.size()) {
                positions.removeLast();
                step();
            } else if (top.node.isLeaf()) {
                ManifestEntry entry = top.node.entry(top.index);
                int order = range.compare(entry.path());
                if (isReverse ? order < 0 : order > 0) {
                    positions.clear();
                    return null;
                }
                step();
                return entry;
            } else {
                TreePath before = top.before();
                open(child(top, before), before);
            }
        }
        return null;
    }

    private ManifestNode child(Position top, @Nullable TreePath before) throws IOException {
        boolean isRead = false;
        try {
            ManifestNode child = NodeReader.child(source, top.node, top.index, before);
            isRead = true;
            return child;
        } finally {
            if (!isRead) {
                step();
            }
        }
    }

    private void step() {
        if (!positions.isEmpty()) {
            positions.getLast().index += isReverse ? -1 : 1;
        }
    }

    /** Goes into a node, to where the range begins in it. */
    private void open(ManifestNode node, @Nullable TreePath after) {
        int least = isReverse ? 1 : 0;
        int low = 0;
        int high = node.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (range.compare(node.key(middle)) >= least) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        if (isReverse) {
            // The first child that ends after the range may begin in it; the first such entry does not belong to it.
            low = node.isLeaf() ? low - 1 : Math.min(low, node.size() - 1);
        }
        positions.addLast(new Position(node, after, low));
    }
}
