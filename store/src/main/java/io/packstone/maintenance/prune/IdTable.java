package io.packstone.maintenance.prune;

import io.packstone.id.Id256;
import java.util.Arrays;

/**
 * Ids, each with a long that belongs to it: open addressing over words, no object per id. Ids are told apart by all of
 * their bytes. For one thread.
 */
public final class IdTable {
    private static final int WORDS = 4;
    private static final int SLOTS_MIN = 64;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private long[] words = new long[16 * WORDS];
    private long[] values = new long[16];
    private int[] slots = new int[SLOTS_MIN];
    private int count;

    /** How many ids there are; they are numbered from 0 in the order in which they came. */
    public int count() {
        return count;
    }

    private static long word(byte[] bytes, int offset) {
        long word = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            word = word << 8 | bytes[offset + i] & 0xff;
        }
        return word;
    }

    private int slotOf(long first, long second, long third, long fourth) {
        int slot = (int) ((first ^ fourth) * SPREAD >>> 32) & slots.length - 1;
        while (slots[slot] != 0) {
            int at = (slots[slot] - 1) * WORDS;
            if (words[at] == first && words[at + 1] == second && words[at + 2] == third && words[at + 3] == fourth) {
                return slot;
            }
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    /** The number of an id, -1 when it is not there. */
    public int find(byte[] bytes, int offset) {
        int slot = slotOf(
                word(bytes, offset), word(bytes, offset + 8), word(bytes, offset + 16), word(bytes, offset + 24));
        return slots[slot] - 1;
    }

    /** The number of an id, which is added when it is not there. */
    public int add(byte[] bytes, int offset) {
        long first = word(bytes, offset);
        long second = word(bytes, offset + 8);
        long third = word(bytes, offset + 16);
        long fourth = word(bytes, offset + 24);
        int slot = slotOf(first, second, third, fourth);
        if (slots[slot] == 0) {
            if (count == values.length) {
                words = Arrays.copyOf(words, words.length * 2);
                values = Arrays.copyOf(values, values.length * 2);
            }
            words[count * WORDS] = first;
            words[count * WORDS + 1] = second;
            words[count * WORDS + 2] = third;
            words[count * WORDS + 3] = fourth;
            values[count] = 0;
            slots[slot] = ++count;
            if (count * 2 > slots.length) {
                grow();
            }
            return count - 1;
        }
        return slots[slot] - 1;
    }

    private void grow() {
        slots = new int[slots.length * 2];
        for (int i = 0; i < count; i++) {
            int at = i * WORDS;
            slots[slotOf(words[at], words[at + 1], words[at + 2], words[at + 3])] = i + 1;
        }
    }

    /** What belongs to an id. */
    public long value(int number) {
        return values[number];
    }

    /** Gives an id what belongs to it. */
    public void set(int number, long value) {
        values[number] = value;
    }

    /** Writes an id at {@code offset} of {@code target}. */
    public void copyTo(int number, byte[] target, int offset) {
        for (int i = 0; i < Id256.LENGTH; i++) {
            target[offset + i] = (byte) (words[number * WORDS + i / 8] >>> 56 - i % 8 * 8);
        }
    }

    /** Forgets all ids. */
    public void clear() {
        Arrays.fill(slots, 0);
        count = 0;
    }
}
