package io.packstone.manifest;

import io.packstone.id.ChunkId;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands between two cuts of one level: gathered until the next key that cuts, then split where it is too long
 * (docs/format.md, Where nodes end).
 *
 * @param <T> entries on level 0, children above
 */
final class NodeRun<T> {
    private static final long WEIGHT_MAX = 256 << 10;
    private static final int CUT_SHIFT = 49;
    private static final int CUT_WEIGHT_BITS = 15;
    private static final int GROUP_BITS = 6;
    private static final int WEAKER_BITS = 3;

    private final int level;
    private final List<T> values = new ArrayList<>();
    private final List<byte[]> digests = new ArrayList<>();
    private final List<Integer> weights = new ArrayList<>();
    private long weight;

    NodeRun(int level) {
        this.level = level;
    }

    /** Receives the values of one node, in order. */
    interface Piece<T> {
        void accept(List<T> values, byte[] lastDigest) throws java.io.IOException;
    }

    static int entryWeight(ManifestEntry entry) {
        int plain = 64
                + entry.path().name().length()
                + 36 * entry.body().count()
                + entry.metadata().linkTarget().length();
        return plain <= 64 ? 64 : Integer.highestOneBit(plain - 1) << 1;
    }

    static int childWeight(NodeChild child) {
        return 64 + child.lastPath().directory().length() + child.lastPath().name().length() + ChunkId.LENGTH;
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** Adds a value; true when a node ends after it. */
    boolean add(T value, byte[] digest, int valueWeight) {
        values.add(value);
        digests.add(digest);
        weights.add(valueWeight);
        weight += valueWeight;
        return cuts(values.size() - 1, 0);
    }

    /** Whether the value cuts under a threshold weakened {@code weaker} times by a factor of eight. */
    private boolean cuts(int index, int weaker) {
        byte[] digest = digests.get(index);
        if (level == 0) {
            int bits = 31 - Integer.numberOfLeadingZeros(weights.get(index));
            int shift = CUT_SHIFT + bits + WEAKER_BITS * weaker;
            return bits >= CUT_WEIGHT_BITS || shift >= 64 || Long.compareUnsigned(first(digest), 1L << shift) < 0;
        }
        int zeroBits = GROUP_BITS * level - WEAKER_BITS * weaker;
        for (int bit = 64; bit < 64 + zeroBits && bit < 256; bit++) {
            if ((digest[bit / 8] >>> (7 - bit % 8) & 1) != 0) {
                return false;
            }
        }
        return true;
    }

    private static long first(byte[] digest) {
        long word = 0;
        for (int i = 0; i < 8; i++) {
            word = word << 8 | digest[i] & 0xff;
        }
        return word;
    }

    /** Hands out the nodes of this run and empties it. */
    void close(Piece<T> pieces) throws java.io.IOException {
        split(0, values.size(), weight, 1, pieces);
        values.clear();
        digests.clear();
        weights.clear();
        weight = 0;
    }

    private void split(int from, int to, long runWeight, int weaker, Piece<T> pieces) throws java.io.IOException {
        if (runWeight <= WEIGHT_MAX || to - from <= 1) {
            pieces.accept(List.copyOf(values.subList(from, to)), to == from ? new byte[32] : digests.get(to - 1));
            return;
        }
        int start = from;
        long pieceWeight = 0;
        for (int i = from; i < to; i++) {
            pieceWeight += weights.get(i);
            if (i == to - 1 || cuts(i, weaker)) {
                split(start, i + 1, pieceWeight, weaker + 1, pieces);
                start = i + 1;
                pieceWeight = 0;
            }
        }
    }
}
