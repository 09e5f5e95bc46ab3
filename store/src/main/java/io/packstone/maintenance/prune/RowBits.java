package io.packstone.maintenance.prune;

import java.util.Arrays;

/** A bit for each row of all packs. For one thread. */
final class RowBits {
    private long[] words = new long[64];

    boolean get(long row) {
        int word = Math.toIntExact(row >>> 6);
        return word < words.length && (words[word] >>> row & 1) != 0;
    }

    void set(long row) {
        int word = Math.toIntExact(row >>> 6);
        if (word >= words.length) {
            words = Arrays.copyOf(words, Math.max(word + 1, words.length * 2));
        }
        words[word] |= 1L << row;
    }

    void clear(long row) {
        int word = Math.toIntExact(row >>> 6);
        if (word < words.length) {
            words[word] &= ~(1L << row);
        }
    }
}
