package io.packstone.segment;

/** Compares two lots of entries that come in different orders, in constant memory: by count and sum of mixed words. */
final class EntryTally implements EntryVisitor {
    private long count;
    private long sum;
    private long lastPrefix;
    private long lastPlace;
    private boolean sorted = true;

    @Override
    public void entry(long prefix, int table, int row) {
        long place = (long) table << 32 | row;
        if (count > 0) {
            int order = Long.compareUnsigned(lastPrefix, prefix);
            sorted &= order < 0 || order == 0 && lastPlace < place;
        }
        lastPrefix = prefix;
        lastPlace = place;
        count++;
        sum += mix(mix(prefix) + place);
    }

    /** The finalizer of MurmurHash3 (A. Appleby). */
    private static long mix(long word) {
        long mixed = (word ^ word >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }

    /** True while every entry was above the one before. */
    boolean isSorted() {
        return sorted;
    }

    boolean equalsInAnyOrder(EntryTally other) {
        return count == other.count && sum == other.sum;
    }
}
