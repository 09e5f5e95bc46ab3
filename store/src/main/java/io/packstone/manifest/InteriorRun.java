package io.packstone.manifest;

import io.packstone.manifest.ManifestNode.Child;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The children since the last strong cut of a level above the leaves, and how they become nodes of it. */
final class InteriorRun {
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

    InteriorRun(int level, NodeWriter writer, LeafRun.Parent parent) {
        this.level = level;
        this.writer = writer;
        this.parent = parent;
    }

    /** Adds the next node of the level below; puts what stood before it when that was a strong cut. */
    void add(Child child, int zeros) throws IOException {
        if (!children.isEmpty() && zeroBits.get(children.size() - 1) >= BITS_PER_LEVEL * level) {
            flush();
        }
        children.add(child);
        zeroBits.add(zeros);
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

    /** Fills nodes one after the other; each but the last has two children at least, so that levels come to an end. */
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
