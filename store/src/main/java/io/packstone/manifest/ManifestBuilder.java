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
    private final List<Level> levels = new ArrayList<>();
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

    /** As far as {@code other} is; writes with what that writes with, which must rest meanwhile. */
    private ManifestBuilder(ManifestBuilder other) {
        writer = other.writer;
        key = other.key;
        last = other.last;
        leaves = new LeafRun(other.leaves, (child, zeroBits) -> addNode(0, child, zeroBits));
        for (Level level : other.levels) {
            int above = level.level;
            levels.add(new Level(level, (node, zeros) -> addNode(above, node, zeros)));
        }
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

    /**
     * The root of what was added so far, as if nothing came any more; a few nodes more are put for it. What comes is added
     * to the former nodes all the same, and the final root is that of a builder which was never asked.
     */
    public ManifestRoot soFar() throws IOException {
        if (isFinished) {
            throw new IllegalStateException("finished already");
        }
        return new ManifestBuilder(this).finish();
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

    /**
     * True when what comes next begins a node of each level up to {@code level}, whatever stood before. Something must come
     * next: what stood before is put.
     */
    boolean isAtCut(int level) throws IOException {
        boolean isAtCut = leaves.isAtCut();
        for (int i = 0; isAtCut && i < Math.min(level, levels.size()); i++) {
            isAtCut = levels.get(i).isAtCut();
        }
        return isAtCut;
    }

    /** True when the key {@code path} tells by itself that the nodes up to {@code level} which end with it end at a cut. */
    boolean isCut(int level, TreePath path) {
        key.digest(path);
        return key.zeroBits() >= Level.BITS_PER_LEVEL * level && LeafRun.isCutAnyway(path, key);
    }

    /**
     * Takes over a node of another manifest with all that is below it. It must begin at a cut, here and where it comes from
     * ({@link #isAtCut}), and end at one or at the end of both.
     */
    void addNode(int level, Child child) throws IOException {
        last = child.last();
        for (int i = 0; i < level; i++) {
            ensureLevel(i);
            levels.get(i).hasNodes = true;
        }
        key.digest(last);
        addNode(level, child, key.zeroBits());
    }

    /** Hands a node to the level above it. */
    private void addNode(int level, Child child, int zeroBits) throws IOException {
        ensureLevel(level);
        levels.get(level).add(child, zeroBits);
    }

    private void ensureLevel(int level) {
        if (level == levels.size()) {
            int above = level + 1;
            if (above > ManifestNode.MAX_LEVEL + 1) {
                throw new IllegalStateException("a manifest of more than " + ManifestNode.MAX_LEVEL + " levels");
            }
            levels.add(new Level(above, writer, (node, zeros) -> addNode(above, node, zeros)));
        }
    }

    /** The children since the last strong cut of a level above the leaves, and how they become nodes of it. */
    private static final class Level {
        /** How many zero bits more each level needs. */
        static final int BITS_PER_LEVEL = 6;
        /** How many bits fewer divide a run that is too long. */
        static final int EASIER = 3;

        private static final int CHILD_WEIGHT = 64;

        private final int level;
        private final NodeWriter writer;
        private final LeafRun.Parent parent;
        private final List<Child> children = new ArrayList<>();
        private final List<Integer> zeroBits = new ArrayList<>();
        private boolean hasNodes;

        Level(int level, NodeWriter writer, LeafRun.Parent parent) {
            this.level = level;
            this.writer = writer;
            this.parent = parent;
        }

        /** The same children, which go to another parent. */
        Level(Level other, LeafRun.Parent parent) {
            this(other.level, other.writer, parent);
            children.addAll(other.children);
            zeroBits.addAll(other.zeroBits);
            hasNodes = other.hasNodes;
        }

        /** Adds the next node of the level below; puts what stood before it when that was a strong cut. */
        void add(Child child, int zeros) throws IOException {
            isAtCut();
            children.add(child);
            zeroBits.add(zeros);
        }

        /** As that of a run of leaves. */
        boolean isAtCut() throws IOException {
            if (!children.isEmpty() && zeroBits.get(children.size() - 1) >= BITS_PER_LEVEL * level) {
                flush();
            }
            return children.isEmpty();
        }

        /** True when the level below has one node in all, which is the root then. */
        boolean isSingle() {
            return !hasNodes && children.size() == 1;
        }

        /** The child added last. */
        Child last() {
            return children.get(children.size() - 1);
        }

        /** Puts the nodes of all that was added since the last cut. */
        void flush() throws IOException {
            if (children.isEmpty()) {
                return; // Whole nodes of a level above were taken over last.
            }
            if (weight(0, children.size()) <= ManifestNode.MAX_WEIGHT) {
                put(0, children.size());
            } else {
                int start = 0;
                for (int i = 0; i < children.size(); i++) {
                    if (i == children.size() - 1 || zeroBits.get(i) >= BITS_PER_LEVEL * level - EASIER) {
                        fill(start, i + 1);
                        start = i + 1;
                    }
                }
            }
            children.clear();
            zeroBits.clear();
        }

        /** Fills nodes one by one; each but the last has two children at least, so that levels come to an end. */
        private void fill(int from, int to) throws IOException {
            int start = from;
            long sum = 0;
            for (int i = from; i < to; i++) {
                long weight = weight(i, i + 1);
                if (i - start >= 2 && sum + weight > ManifestNode.MAX_WEIGHT) {
                    put(start, i);
                    start = i;
                    sum = 0;
                }
                sum += weight;
            }
            put(start, to);
        }

        private void put(int from, int to) throws IOException {
            hasNodes = true;
            parent.add(writer.interior(level, children.subList(from, to)), zeroBits.get(to - 1));
        }

        private long weight(int from, int to) {
            long sum = 0;
            for (int i = from; i < to; i++) {
                sum += CHILD_WEIGHT + EntryKey.length(children.get(i).last());
            }
            return sum;
        }
    }
}
