package io.packstone.manifest;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The entries since the last strong cut of level 0, and how they become leaf nodes. An entry is a strong cut by itself
 * alone; what stands between two of them is divided by what it holds alone: so no earlier work shows.
 */
final class LeafRun {
    /** A node ends after an entry whose hash is below its weight times two to this power. */
    static final int STRONG_SHIFT = 49;
    /** From here on every entry is a cut. */
    static final int EVERY_SHIFT = 64;
    /** By how much each attempt to divide a run that is too long is easier than the one before, as a power of two. */
    static final int EASIER = 3;

    private static final int ENTRY_WEIGHT = 64;
    private static final int PIECE_WEIGHT = 36;

    /** Takes the nodes of a level, in order. */
    @FunctionalInterface
    interface Parent {
        void add(ManifestNode.Child child, int zeroBits) throws IOException;
    }

    private final NodeWriter writer;
    private final Parent parent;
    private final List<ManifestEntry> entries = new ArrayList<>();
    private long[] hashes = new long[256];
    private int[] zeroBits = new int[256];
    private int[] weights = new int[256];

    LeafRun(NodeWriter writer, Parent parent) {
        this.writer = writer;
        this.parent = parent;
    }

    /** The same entries, whose nodes go to another parent. */
    LeafRun(LeafRun other, Parent parent) {
        this(other.writer, parent);
        entries.addAll(other.entries);
        hashes = other.hashes.clone();
        zeroBits = other.zeroBits.clone();
        weights = other.weights.clone();
    }

    /** Adds the next entry, whose digest is {@code key}'s; puts what stood before it when that was a strong cut. */
    void add(ManifestEntry entry, EntryKey key) throws IOException {
        int count = entries.size();
        if (count > 0 && isCut(count - 1, STRONG_SHIFT)) {
            flush();
            count = 0;
        }
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * count);
            zeroBits = Arrays.copyOf(zeroBits, 2 * count);
            weights = Arrays.copyOf(weights, 2 * count);
        }
        hashes[count] = key.hash();
        zeroBits[count] = key.zeroBits();
        weights[count] = weight(entry);
        entries.add(entry);
    }

    /**
     * True when what comes next begins a node whatever stood before: nothing was added yet, or the last entry was a strong
     * cut, and what stood before it is put. Something must come next.
     */
    boolean isAtCut() throws IOException {
        int count = entries.size();
        if (count > 0 && isCut(count - 1, STRONG_SHIFT)) {
            flush();
        }
        return entries.isEmpty();
    }

    /** True when an entry at {@code path}, whose digest is {@code key}'s, is a strong cut whatever else it holds. */
    static boolean isCutAnyway(TreePath path, EntryKey key) {
        return isCut(key.hash(), roundedUp(ENTRY_WEIGHT + path.name().length()), STRONG_SHIFT);
    }

    /** Puts the nodes of all that was added since the last cut. */
    void flush() throws IOException {
        divide(0, entries.size(), STRONG_SHIFT);
        entries.clear();
    }

    private void divide(int from, int to, int shift) throws IOException {
        if (from == to) {
            return;
        }
        if (to - from == 1 || weight(from, to) <= ManifestNode.MAX_WEIGHT) {
            parent.add(writer.leaf(entries.subList(from, to)), zeroBits[to - 1]);
            return;
        }
        int start = from;
        for (int i = from; i < to; i++) {
            if (i == to - 1 || isCut(i, shift + EASIER)) {
                divide(start, i + 1, shift + EASIER);
                start = i + 1;
            }
        }
    }

    private boolean isCut(int index, int shift) {
        return isCut(hashes[index], weights[index], shift);
    }

    private static boolean isCut(long hash, long weight, int shift) {
        return shift >= EVERY_SHIFT
                || weight >= 1L << (EVERY_SHIFT - shift)
                || Long.compareUnsigned(hash, weight << shift) < 0;
    }

    private int weight(ManifestEntry entry) {
        int exact = ENTRY_WEIGHT
                + entry.path().name().length()
                + PIECE_WEIGHT * entry.body().count()
                + writer.extensionsLength(entry);
        return roundedUp(exact);
    }

    private static int roundedUp(int exact) {
        return exact == 1 ? 1 : Integer.highestOneBit(exact - 1) << 1;
    }

    /** The weights of a range and the lengths of the directories it names, each once in a row. */
    private long weight(int from, int to) {
        long sum = 0;
        RawName directory = null;
        for (int i = from; i < to; i++) {
            sum += weights[i];
            RawName next = entries.get(i).path().directory();
            if (directory != next && !next.equals(directory)) {
                sum += next.length();
                directory = next;
            }
        }
        return sum;
    }
}
