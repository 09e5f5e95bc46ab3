package io.packstone.manifest;

import io.packstone.crypto.BoundaryHash;
import io.packstone.id.ChunkType;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds a manifest from entries in ascending order, in memory that does not grow with their number: one run per level.
 * For one thread.
 */
public final class ManifestBuilder {
    private final NodeSink sink;
    private final NodeKeys keys;
    private final NodeRun<ManifestEntry> leaf = new NodeRun<>(0);
    private final List<Level> levels = new ArrayList<>();
    private @Nullable TreePath last;
    private Totals totals = Totals.NONE;

    /** Nodes go to {@code sink}. */
    public ManifestBuilder(NodeSink sink, BoundaryHash hash) {
        this(sink, new NodeKeys(hash));
    }

    ManifestBuilder(NodeSink sink, NodeKeys keys) {
        this.sink = sink;
        this.keys = keys;
    }

    /** The nodes of one level on their way into the next; the first waits until there is a second. */
    private static final class Level {
        private final NodeRun<NodeChild> run;
        private @Nullable NodeChild first;
        private byte[] firstDigest = new byte[0];
        private boolean many;

        private Level(int level) {
            run = new NodeRun<>(level);
        }
    }

    /** Adds the next entry; an {@link IllegalArgumentException} unless its path comes after the last one's. */
    public void add(ManifestEntry entry) throws IOException {
        if (last != null && last.compareTo(entry.path()) >= 0) {
            throw new IllegalArgumentException(entry.path() + " does not come after " + last);
        }
        last = entry.path();
        totals = totals.plus(Totals.of(entry));
        if (leaf.add(entry, keys.digest(entry.path()), NodeRun.entryWeight(entry))) {
            leaf.close(this::emitLeaf);
        }
    }

    private void emitLeaf(List<ManifestEntry> entries, byte[] lastDigest) throws IOException {
        Totals below = Totals.NONE;
        for (ManifestEntry entry : entries) {
            below = below.plus(Totals.of(entry));
        }
        TreePath lastPath = entries.isEmpty() ? TreePath.ROOT : entries.get(entries.size() - 1).path();
        emit(0, NodeFormat.encodeLeaf(entries), lastPath, below, lastDigest);
    }

    private void emitInterior(int level, List<NodeChild> children, byte[] lastDigest) throws IOException {
        Totals below = Totals.NONE;
        for (NodeChild child : children) {
            below = below.plus(child.totals());
        }
        TreePath lastPath = children.get(children.size() - 1).lastPath();
        emit(level, NodeFormat.encodeInterior(level, children), lastPath, below, lastDigest);
    }

    /** Stores a node of {@code level} and hands it up. */
    private void emit(int level, NodeFormat.Encoded node, TreePath lastPath, Totals below, byte[] digest)
            throws IOException {
        NodeChild child = new NodeChild(
                sink.put(ChunkType.NODE, node.refs(), node.refCount(), node.payload(), node.payload().length),
                lastPath,
                below);
        if (levels.size() == level) {
            levels.add(new Level(level + 1));
        }
        Level above = levels.get(level);
        if (above.first == null) {
            above.first = child;
            above.firstDigest = digest;
            return;
        }
        if (!above.many) {
            above.many = true;
            addChild(level, above, above.first, above.firstDigest);
        }
        addChild(level, above, child, digest);
    }

    private void addChild(int level, Level above, NodeChild child, byte[] digest) throws IOException {
        if (above.run.add(child, digest, NodeRun.childWeight(child))) {
            closeRun(level, above);
        }
    }

    private void closeRun(int level, Level above) throws IOException {
        above.run.close((children, lastDigest) -> emitInterior(level + 1, children, lastDigest));
    }

    /** Ends the tree: its root is the first level with one node. */
    public ManifestRoot finish() throws IOException {
        if (!leaf.isEmpty() || levels.isEmpty()) {
            leaf.close(this::emitLeaf);
        }
        for (int level = 0; ; level++) {
            Level above = levels.get(level);
            if (!above.many) {
                return new ManifestRoot(java.util.Objects.requireNonNull(above.first).id(), totals);
            }
            if (!above.run.isEmpty()) {
                closeRun(level, above);
            }
        }
    }
}
