package io.packstone.maintenance.prune;

import io.packstone.id.PackId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The packs that are known, numbered from 0, and their rows, numbered through all of them. A few bytes a pack. */
final class PackCatalog {
    private final List<PackId> ids = new ArrayList<>();
    private final Map<PackId, Integer> numbers = new HashMap<>();
    private final BitSet present = new BitSet();
    private long[] lengths = new long[64];
    private long[] firstRows = new long[65];

    int count() {
        return ids.size();
    }

    /** Adds a pack of {@code rows} rows and returns its number. */
    int add(PackId id, long length, int rows) {
        int number = ids.size();
        if (number + 1 == firstRows.length) {
            lengths = Arrays.copyOf(lengths, number * 2);
            firstRows = Arrays.copyOf(firstRows, number * 2 + 1);
        }
        ids.add(id);
        numbers.put(id, number);
        lengths[number] = length;
        firstRows[number + 1] = firstRows[number] + rows;
        return number;
    }

    /** The number of a pack, -1 when it is not known. */
    int find(PackId id) {
        return numbers.getOrDefault(id, -1);
    }

    PackId id(int number) {
        return ids.get(number);
    }

    long length(int number) {
        return lengths[number];
    }

    int rows(int number) {
        return (int) (firstRows[number + 1] - firstRows[number]);
    }

    long firstRow(int number) {
        return firstRows[number];
    }

    long rows() {
        return firstRows[ids.size()];
    }

    boolean isPresent(int number) {
        return present.get(number);
    }

    void setPresent(int number) {
        present.set(number);
    }
}
