package io.packstone.manifest;

import io.packstone.crypto.BoundaryHash;
import io.packstone.manifest.ManifestNode.Child;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds a manifest from entries in ascending order, putting its nodes as they fill. The nodes follow from the entries
 * alone. Memory: one run for each level, about 32 KiB of entries; none of it grows with the manifest. For one thread.
 */
public final class ManifestBuilder {
    private final NodeWriter writer;
    private final EntryKey key;
    private final LeafRun leaves;
    private final List<InteriorRun> levels = new ArrayList<>();
    private @Nullable TreePath last;
    private boolean isFinished;

    /** Puts nodes to {@code sink} and ends them where {@code boundaries} says; both are borrowed until finished. */
    public ManifestBuilder(NodeSink sink, BoundaryHash boundaries) {
        this(sink, boundaries::digest);
    }

    /** For tests: with any function instead of a keyed one. */
    ManifestBuilder(NodeSink sink, EntryKey.Digest boundaries) {
        writer = new NodeWriter(sink);
        key = new EntryKey(boundaries);
        leaves = new LeafRun(writer, (child, zeroBits) -> addNode(0, child, zeroBits));
    }

    /** True when an entry can have {@code path}: names are valid and no longer than the format allows. */
    public static boolean isStorable(TreePath path) {
        return EntryKey.isStorable(path);
    }

    /**
     * Adds the entry that comes next.
     *
     * @throws IllegalArgumentException when it does not come after the one before, or can't be stored: see
     *     {@link #isStorable}; only regular files have a body, and all have
     */
    public void add(ManifestEntry entry) throws IOException {
        String fault = NodeWriter.fault(entry);
        if (fault != null) {
            throw new IllegalArgumentException(entry.path() + ": " + fault);
        }
        if (isFinished || last != null && last.compareTo(entry.path()) >= 0) {
            throw new IllegalArgumentException(entry.path() + " comes too late, after " + last);
        }
        last = entry.path();
        key.digest(last);
        leaves.add(entry, key);
    }

    /** Puts what is left and returns the root; nothing can be added any more. */
    public ManifestRoot finish() throws IOException {
        if (isFinished) {
            throw new IllegalStateException("finished already");
        }
        isFinished = true;
        if (last == null) {
            Child empty = writer.leaf(List.of());
            return new ManifestRoot(empty.id(), empty.totals());
        }
        leaves.flush();
        int level = 0;
        while (!levels.get(level).isSingle()) {
            levels.get(level).flush();
            level++;
        }
        Child root = levels.get(level).last();
        return new ManifestRoot(root.id(), root.totals());
    }

    /** Hands a node to the level above it. */
    private void addNode(int level, Child child, int zeroBits) throws IOException {
        if (level == levels.size()) {
            int above = level + 1;
            if (above > ManifestNode.MAX_LEVEL + 1) {
                throw new IllegalStateException("a manifest of more than " + ManifestNode.MAX_LEVEL + " levels");
            }
            levels.add(new InteriorRun(above, writer, (node, zeros) -> addNode(above, node, zeros)));
        }
        levels.get(level).add(child, zeroBits);
    }
}
