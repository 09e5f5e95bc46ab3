package io.packstone.manifest;

import io.packstone.crypto.BoundaryHash;
import io.packstone.id.ChunkId;
import io.packstone.manifest.ManifestNode.Child;
import io.packstone.manifest.ManifestSieve.Choice;
import io.packstone.manifest.ManifestSieve.Fate;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a manifest of another one, at the cost of what differs: entries are dropped as a choice says and added in ascending
 * order; nodes that have no part in it are taken over unread, where keys prove that a builder would make them again. The
 * result is the very manifest that a builder makes of the same entries. For one thread.
 */
public final class ManifestEdit {
    private final ChunkSource source;
    private final Choice choice;
    private final Set<ChunkId> kept;
    private final ManifestBuilder builder;
    private final Deque<Place> places = new ArrayDeque<>();
    private @Nullable TreePath passed;

    /** Whether anything was dropped or added just before where this stands. */
    private boolean differs;

    private @Nullable Child takenOver;

    /** Begins with the manifest under {@code root}; only nodes that are new go to {@code sink}. */
    public ManifestEdit(ChunkSource source, ChunkId root, Choice choice, NodeSink sink, BoundaryHash boundaries)
            throws IOException {
        this(source, root, choice, Set.of(), new ManifestBuilder(sink, boundaries));
    }

    /** {@code kept} are nodes of which nothing is dropped. */
    ManifestEdit(ChunkSource source, ChunkId root, Choice choice, Set<ChunkId> kept, ManifestBuilder builder)
            throws IOException {
        this.source = source;
        this.choice = choice;
        this.kept = kept;
        this.builder = builder;
        places.addLast(new Place(NodeReader.root(source, root), true));
    }

    /** A node that is open: what stands before {@code at} is done. */
    private static final class Place {
        private final ManifestNode node;
        private final boolean isLast;
        private int at;

        /** {@code isLast} says that nothing comes behind the node. */
        Place(ManifestNode node, boolean isLast) {
            this.node = node;
            this.isLast = isLast;
        }

        /** How many of the children end before {@code until}; all of them when that is null. */
        int before(@Nullable TreePath until) {
            int end = at;
            while (end < node.size() && (until == null || node.key(end).compareTo(until) < 0)) {
                end++;
            }
            return end;
        }
    }

    /** Adds the entry that comes next; it takes the place of one with the same path. */
    public void add(ManifestEntry entry) throws IOException {
        advance(entry.path());
        builder.add(entry);
        differs = true;
    }

    /** Puts what is left and returns the root; nothing can be added any more. */
    public ManifestRoot finish() throws IOException {
        advance(null);
        ManifestRoot root = builder.finish();
        Child whole = takenOver;
        if (whole == null || !whole.id().equals(root.id())) {
            return root;
        }
        // A node that is now alone may stand above a single one, which is the root then.
        ChunkId id = root.id();
        ManifestNode node = NodeReader.root(source, id);
        while (!node.isLeaf() && node.size() == 1) {
            id = node.child(0).id();
            node = NodeReader.root(source, id);
        }
        return new ManifestRoot(id, root.totals());
    }

    /** Takes over what stands before {@code until} and is not dropped, and drops what stands at it; null for all. */
    private void advance(@Nullable TreePath until) throws IOException {
        while (!places.isEmpty()) {
            Place place = places.getLast();
            if (place.at == place.node.size()) {
                places.removeLast();
            } else if (!place.node.isLeaf()) {
                advance(place, until);
            } else if (!advanceEntry(place, until)) {
                return;
            }
        }
    }

    /** False when the entry, and so all behind it, comes later. */
    private boolean advanceEntry(Place leaf, @Nullable TreePath until) throws IOException {
        ManifestEntry entry = leaf.node.entry(leaf.at);
        int order = until == null ? -1 : entry.path().compareTo(until);
        if (order <= 0) {
            boolean isDropped = order == 0 || choice.of(entry) == Fate.DROPPED;
            if (!isDropped) {
                builder.add(entry);
            }
            pass(entry.path(), isDropped);
            leaf.at++;
        }
        return order < 0;
    }

    private void pass(TreePath key, boolean isDropped) {
        passed = key;
        differs = isDropped;
    }

    private void advance(Place place, @Nullable TreePath until) throws IOException {
        int before = place.before(until);
        Fate fate = before == place.at ? Fate.OPEN : fate(place.node.child(place.at), passed);
        if (fate == Fate.DROPPED) {
            pass(place.node.key(place.at), true);
            place.at++;
        } else if (fate == Fate.KEPT) {
            int end = place.at + 1;
            while (end < before && fate(place.node.child(end), place.node.key(end - 1)) == Fate.KEPT) {
                end++;
            }
            takeOver(place, end, until == null);
        } else {
            descend(place);
        }
    }

    private Fate fate(Child child, @Nullable TreePath after) {
        return kept.contains(child.id()) ? Fate.KEPT : choice.of(after, child.last());
    }

    private void descend(Place place) throws IOException {
        boolean isLast = place.isLast && place.at == place.node.size() - 1;
        ManifestNode below = NodeReader.child(source, place.node, place.at, passed);
        place.at++;
        places.addLast(new Place(below, isLast));
    }

    /**
     * Adds children of which nothing is dropped: from one cut to the last one that keys alone prove as they are, since
     * between two cuts nodes follow from what is there; of the rest the first is read.
     */
    private void takeOver(Place place, int to, boolean isAll) throws IOException {
        ManifestNode node = place.node;
        int level = node.level() - 1;
        int end = place.at;
        if (beginsAtCut(level)) {
            end = to;
            boolean isEnd = isAll && place.isLast && to == node.size();
            while (!isEnd && end > place.at && !builder.isCut(level, node.key(end - 1))) {
                end--;
            }
        }
        if (end == place.at) {
            descend(place);
        }
        for (; place.at < end; place.at++) {
            takenOver = node.child(place.at);
            builder.addNode(level, node.child(place.at));
            pass(node.key(place.at), false);
        }
    }

    /** True when a node of that level begins here whatever comes before, in both manifests. */
    private boolean beginsAtCut(int level) throws IOException {
        TreePath before = passed;
        return (before == null || !differs || builder.isCut(level, before)) && builder.isAtCut(level);
    }
}
