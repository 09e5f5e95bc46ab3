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

    /**
     * A node as its parent names it. Whatever was found of the node at one place, and of all below it, holds at every equal
     * place of any manifest.
     *
     * @param level of the node; {@link ManifestNode#MAX_LEVEL} + 1 for a root, of which all but the id is unknown
     * @param after the last key before it; null for none
     * @param last its last key
     * @param totals what it holds, summed up
     */
    public record Place(
            int level,
            ChunkId node,
            @Nullable TreePath after,
            @Nullable TreePath last,
            Totals totals) {}

    /** Goes along, and knows what need not be walked. */
    public interface Passage {
        /** Walks all. */
        Passage NONE = new Passage() {
            @Override
            public boolean isKnown(Place place) {
                return false;
            }

            @Override
            public void entered(Place place) {}

            @Override
            public void left(Place place) {}
        };

        /** True to pass over a node unread, with all that it holds. */
        boolean isKnown(Place place);

        /** The node was read. */
        void entered(Place place);

        /** All that could be read of what the node holds has been shown. */
        void left(Place place);
    }

    private final ChunkSource source;
    private final Passage passage;
    private final Range range;
    private final boolean isReverse;
    private final Deque<Position> positions = new ArrayDeque<>();
    private @Nullable ManifestEntry first;
    private @Nullable ManifestEntry last;
    private @Nullable ChunkId unopened;

    /** An entry or a child in a node on the way down. */
    private static final class Position {
        private final Place place;
        private final ManifestNode node;
        private int index;

        Position(Place place, ManifestNode node, int index) {
            this.place = place;
            this.node = node;
            this.index = index;
        }

        /** The last key before the child or entry here. */
        @Nullable
        TreePath before() {
            return index == 0 ? place.after() : node.key(index - 1);
        }

        /** Where the child here stands. */
        Place child() {
            ManifestNode.Child child = node.child(index);
            return new Place(node.level() - 1, child.id(), before(), child.last(), child.totals());
        }
    }

    /** All of the manifest under {@code root} but what {@code passage} knows. */
    ManifestCursor(ChunkSource source, ChunkId root, Passage passage) {
        this(source, passage, root, Range.ALL, false, null, null);
    }

    /** The range of the manifest under {@code root}, between {@code first} and {@code last} when those are not null. */
    ManifestCursor(
            ChunkSource source,
            ChunkId root,
            Range range,
            boolean isReverse,
            @Nullable ManifestEntry first,
            @Nullable ManifestEntry last) {
        this(source, Passage.NONE, root, range, isReverse, first, last);
    }

    private ManifestCursor(
            ChunkSource source,
            Passage passage,
            ChunkId root,
            Range range,
            boolean isReverse,
            @Nullable ManifestEntry first,
            @Nullable ManifestEntry last) {
        this.source = source;
        this.passage = passage;
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
            Place place = new Place(ManifestNode.MAX_LEVEL + 1, root, null, null, Totals.NONE);
            if (!passage.isKnown(place)) {
                open(place, NodeReader.root(source, root));
            }
        }
        while (!positions.isEmpty()) {
            Position top = positions.getLast();
            if (top.index < 0 || top.index >= top.node.size()) {
                positions.removeLast();
                passage.left(top.place);
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
                Place place = top.child();
                if (passage.isKnown(place)) {
                    step();
                } else {
                    open(place, child(top, place.after()));
                }
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
    private void open(Place place, ManifestNode node) {
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
        positions.addLast(new Position(place, node, low));
        passage.entered(place);
    }
}
