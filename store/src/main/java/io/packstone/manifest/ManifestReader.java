package io.packstone.manifest;

import io.packstone.error.CorruptionException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Reads manifests. Thread-safe; the cursors it gives out are for one thread each. */
public final class ManifestReader {
    private final ChunkSource chunks;

    /** Nodes come from {@code chunks}. */
    public ManifestReader(ChunkSource chunks) {
        this.chunks = chunks;
    }

    NodeFormat.Node node(ChunkId id) throws IOException {
        return NodeFormat.decode(chunks.get(id, ChunkType.NODE), id);
    }

    /** All entries, in order. */
    public ManifestCursor walk(ChunkId root) {
        return new Walk(root, TreePath.ROOT, false);
    }

    /** All entries, in reverse: what is in a directory comes before the directory. */
    public ManifestCursor reverse(ChunkId root) {
        return new Walk(root, TreePath.ROOT, true);
    }

    /** The entries below a directory, its own entry not among them; {@code recursive} descends into what is below it. */
    public ManifestCursor below(ChunkId root, RawName directory, boolean recursive) {
        Walk walk = new Walk(root, new TreePath(directory, RawName.EMPTY), false);
        return () -> {
            ManifestEntry entry = walk.next();
            while (entry != null && entry.path().isRoot()) {
                entry = walk.next();
            }
            return entry != null && inside(entry.path().directory(), directory, recursive) ? entry : null;
        };
    }

    private static boolean inside(RawName directory, RawName top, boolean recursive) {
        if (directory.equals(top)) {
            return true;
        }
        if (!recursive || directory.length() < top.length()) {
            return false;
        }
        for (int i = 0; i < top.length(); i++) {
            if (directory.at(i) != top.at(i)) {
                return false;
            }
        }
        return top.length() == 0 || directory.at(top.length()) == '/';
    }

    /** The entry with that path, null when there is none. */
    public @Nullable ManifestEntry find(ChunkId root, TreePath path) throws IOException {
        ManifestEntry entry = new Walk(root, path, false).next();
        return entry != null && entry.path().equals(path) ? entry : null;
    }

    /** What the whole manifest holds, from its root alone. */
    public Totals totals(ChunkId root) throws IOException {
        NodeFormat.Node node = node(root);
        Totals totals = Totals.NONE;
        for (ManifestEntry entry : node.entries()) {
            totals = totals.plus(Totals.of(entry));
        }
        for (NodeChild child : node.children()) {
            totals = totals.plus(child.totals());
        }
        return totals;
    }

    /** A walk from a path on, or from the end backwards. */
    private final class Walk implements ManifestCursor {
        private final Deque<Place> stack = new ArrayDeque<>();
        private final boolean backwards;
        private final TreePath from;
        private @Nullable ChunkId root;

        private Walk(ChunkId root, TreePath from, boolean backwards) {
            this.root = root;
            this.from = from;
            this.backwards = backwards;
        }

        @Override
        public @Nullable ManifestEntry next() throws IOException {
            if (root != null) {
                ChunkId start = root;
                root = null;
                push(node(start));
            }
            while (!stack.isEmpty()) {
                Place place = stack.peek();
                int count = place.node.level() == 0
                        ? place.node.entries().size()
                        : place.node.children().size();
                if (place.done == count) {
                    stack.pop();
                    continue;
                }
                int index = backwards ? count - 1 - place.done : place.done;
                place.done++;
                if (place.node.level() == 0) {
                    ManifestEntry entry = place.node.entries().get(index);
                    if (backwards || entry.path().compareTo(from) >= 0) {
                        return entry;
                    }
                } else {
                    NodeChild child = place.node.children().get(index);
                    if (backwards || child.lastPath().compareTo(from) >= 0) {
                        push(descend(child, place.node.level()));
                    }
                }
            }
            return null;
        }

        private void push(NodeFormat.Node node) {
            stack.push(new Place(node));
        }
    }

    NodeFormat.Node descend(NodeChild child, int level) throws IOException {
        NodeFormat.Node node = node(child.id());
        boolean sameEnd = node.level() == 0
                ? !node.entries().isEmpty()
                        && node.entries().get(node.entries().size() - 1).path().equals(child.lastPath())
                : !node.children().isEmpty()
                        && node.children()
                                .get(node.children().size() - 1)
                                .lastPath()
                                .equals(child.lastPath());
        if (node.level() != level - 1 || !sameEnd) {
            throw new CorruptionException(
                    "manifest node " + child.id().toShortHex(), "it is not the node its parent speaks of");
        }
        return node;
    }

    /** A node and how many of its parts were given out. */
    private static final class Place {
        private final NodeFormat.Node node;
        private int done;

        private Place(NodeFormat.Node node) {
            this.node = node;
        }
    }
}
