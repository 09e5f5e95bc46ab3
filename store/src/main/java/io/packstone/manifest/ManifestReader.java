package io.packstone.manifest;

import io.packstone.id.ChunkId;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads manifests: whole, one subtree, one directory or one entry, at the cost of the nodes that hold it. Everything
 * read is checked; damage is a {@link io.packstone.error.CorruptionException}. As safe for threads as its source.
 */
public final class ManifestReader {
    private final ChunkSource source;

    /** Reads nodes from {@code source}. */
    public ManifestReader(ChunkSource source) {
        this.source = source;
    }

    /** All entries, in order. */
    public ManifestCursor walk(ChunkId root) {
        return new ManifestCursor(source, root, ManifestCursor.Range.ALL, false, null, null);
    }

    /** All entries, in order, but those that {@code passage} knows. */
    public ManifestCursor walk(ChunkId root, ManifestCursor.Passage passage) {
        return new ManifestCursor(source, root, passage);
    }

    /** All entries, in reverse order: what a directory holds comes before it. */
    public ManifestCursor reverse(ChunkId root) {
        return new ManifestCursor(source, root, ManifestCursor.Range.ALL, true, null, null);
    }

    /** The entries from {@code from} on, which need not exist, in order. */
    public ManifestCursor walkFrom(ChunkId root, TreePath from) {
        return new ManifestCursor(source, root, key -> key.compareTo(from) < 0 ? -1 : 0, false, null, null);
    }

    /** The entry at {@code path}, if there is one, and all that lie below it, in order. */
    public ManifestCursor within(ChunkId root, TreePath path) throws IOException {
        return new ManifestCursor(source, root, below(path), false, find(root, path), null);
    }

    /** What {@link #within} gives, in reverse order. */
    public ManifestCursor reverseWithin(ChunkId root, TreePath path) throws IOException {
        return new ManifestCursor(source, root, below(path), true, null, find(root, path));
    }

    /** The entries of one directory, in order, without the directory itself and what lies deeper. */
    public ManifestCursor list(ChunkId root, TreePath directory) {
        RawName self = directory.asDirectory();
        return new ManifestCursor(
                source,
                root,
                key -> key.isRoot() ? -1 : TreePath.compareDirectories(key.directory(), self),
                false,
                null,
                null);
    }

    /** What {@link #list} gives or, when {@code recursive}, all that lies deeper too; in order. */
    public ManifestCursor below(ChunkId root, RawName directory, boolean recursive) {
        TreePath path = TreePath.parse(directory);
        return recursive ? new ManifestCursor(source, root, below(path), false, null, null) : list(root, path);
    }

    /** The entry at {@code path}; null when there is none. */
    public @Nullable ManifestEntry find(ChunkId root, TreePath path) throws IOException {
        return new ManifestCursor(source, root, key -> key.compareTo(path), false, null, null).next();
    }

    /** What the manifest holds, summed up; reads the root node only. */
    public Totals totals(ChunkId root) throws IOException {
        return NodeReader.root(source, root).totals();
    }

    /** What lies below {@code path}, summed up; reads the nodes at both ends only. */
    public Totals totalsBelow(ChunkId root, TreePath path) throws IOException {
        return sum(NodeReader.root(source, root), below(path), null);
    }

    /** {@code after} is the last key before the node; null for none. */
    private Totals sum(ManifestNode node, ManifestCursor.Range range, @Nullable TreePath after) throws IOException {
        Totals sum = Totals.NONE;
        TreePath passed = after;
        for (int i = 0; i < node.size(); i++) {
            TreePath last = node.key(i);
            int start = passed == null ? -1 : range.compare(passed);
            if (start > 0) {
                break;
            }
            int end = range.compare(last);
            if (node.isLeaf()) {
                sum = end == 0 ? sum.plus(Totals.of(node.entry(i))) : sum;
            } else if (start == 0 && end == 0) {
                sum = sum.plus(node.child(i).totals());
            } else if (end >= 0) {
                sum = sum.plus(sum(NodeReader.child(source, node, i, passed), range, passed));
            }
            passed = last;
        }
        return sum;
    }

    /** The keys of all that lies below {@code path}. */
    private static ManifestCursor.Range below(TreePath path) {
        RawName self = path.asDirectory();
        if (self.length() == 0) {
            return key -> key.isRoot() ? -1 : 0;
        }
        return key -> isAtOrBelow(key.directory(), self) ? 0 : TreePath.compareDirectories(key.directory(), self);
    }

    private static boolean isAtOrBelow(RawName directory, RawName top) {
        int length = top.length();
        if (directory.length() < length || directory.length() > length && directory.at(length) != '/') {
            return false;
        }
        return Arrays.equals(directory.array(), 0, length, top.array(), 0, length);
    }
}
