package io.packstone.maintenance.prune;

import io.packstone.id.ChunkId;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The rows that have references: manifest nodes and recipes, about one chunk in two hundred, and so few enough to be kept
 * in memory, 64 bytes each. They stand in the order of packs and, in one pack, of rows. For one thread.
 */
final class TreeRows {
    private final IdTable ids = new IdTable();
    private final BitSet pending = new BitSet();
    private final BitSet expanded = new BitSet();
    private final BitSet unread = new BitSet();
    private int[] packs = new int[64];
    private int[] rows = new int[64];
    private int[] numbers = new int[64];
    /** The next row with the same id, -1 for none. */
    private int[] next = new int[64];

    private int count;

    /** Adds a row; packs and rows ascend from call to call. */
    void add(byte[] id, int pack, int row) {
        if (count == packs.length) {
            packs = Arrays.copyOf(packs, count * 2);
            rows = Arrays.copyOf(rows, count * 2);
            numbers = Arrays.copyOf(numbers, count * 2);
            next = Arrays.copyOf(next, count * 2);
        }
        int before = ids.count();
        int number = ids.add(id, 0);
        packs[count] = pack;
        rows[count] = row;
        numbers[count] = number;
        next[count] = number == before ? -1 : (int) ids.value(number);
        ids.set(number, count);
        count++;
    }

    /** True when the id is that of a row here, each of which is to be expanded unless it was. */
    boolean request(byte[] bytes, int offset) {
        int number = ids.find(bytes, offset);
        if (number < 0) {
            return false;
        }
        for (int at = (int) ids.value(number); at >= 0; at = next[at]) {
            if (!expanded.get(at)) {
                pending.set(at);
            }
        }
        return true;
    }

    /** True when the id was reached already. */
    boolean isReached(byte[] bytes, int offset) {
        int number = ids.find(bytes, offset);
        return number >= 0 && (expanded.get((int) ids.value(number)) || pending.get((int) ids.value(number)));
    }

    /** The last row to be expanded that is not above {@code at}, -1 when there is none. */
    int lastPending(int at) {
        return pending.previousSetBit(at);
    }

    int count() {
        return count;
    }

    int pack(int at) {
        return packs[at];
    }

    int row(int at) {
        return rows[at];
    }

    /** Says that the references of a row were followed. */
    void setExpanded(int at) {
        pending.clear(at);
        expanded.set(at);
    }

    /** Says that a row's references could not be read, as its pack's table is gone: another copy has to do. */
    void setUnread(int at) {
        setExpanded(at);
        unread.set(at);
    }

    /** A row of which no copy's references could be read, -1 when there is none. */
    int unfollowed() {
        for (int at = unread.nextSetBit(0); at >= 0; at = unread.nextSetBit(at + 1)) {
            boolean followed = false;
            for (int copy = (int) ids.value(numbers[at]); copy >= 0; copy = next[copy]) {
                followed |= expanded.get(copy) && !unread.get(copy);
            }
            if (!followed) {
                return at;
            }
        }
        return -1;
    }

    /** The id of a row. */
    ChunkId id(int at) {
        byte[] id = scratch();
        ids.copyTo(numbers[at], id, 0);
        return ChunkId.of(id);
    }

    static byte[] scratch() {
        return new byte[ChunkId.LENGTH];
    }
}
