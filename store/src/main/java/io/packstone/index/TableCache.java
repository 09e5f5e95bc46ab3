package io.packstone.index;

import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The decoded tables used last, up to a bound in bytes, and among them the few that answered last: those are asked before
 * anything else, so that a run of known chunks costs two look-ups. Thread-safe.
 *
 * @param <K> what tables are kept under
 */
final class TableCache<K> {
    /** How many tables are asked first: one for each of a few streams; a miss costs a probe of each. */
    private static final int ANSWERING_COUNT = 4;

    private final long bytesMax;
    private final Map<K, KnownTable> tables = new LinkedHashMap<>(64, 0.75f, true);
    private long bytesHeld;
    private int oldest;
    private volatile KnownTable[] answering = new KnownTable[0];
    private volatile long generation; // written under the monitor only

    TableCache(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    synchronized @Nullable KnownTable get(K key) {
        return tables.get(key);
    }

    /** Changes with each removal: what was read before one must not be kept after it. */
    long generation() {
        return generation;
    }

    /** Keeps a table that was read in generation {@code readIn}; of those not used for longest as many go as the bound asks. */
    synchronized void keep(K key, KnownTable table, long readIn) {
        if (readIn != generation) {
            return;
        }
        KnownTable before = tables.put(key, table);
        bytesHeld += table.footprint() - (before == null ? 0 : before.footprint());
        Iterator<KnownTable> leastRecent = tables.values().iterator();
        while (bytesHeld > bytesMax && tables.size() > 1) {
            bytesHeld -= leastRecent.next().footprint();
            leastRecent.remove();
        }
    }

    /** Where the chunk is, if one of the tables that answered last knows it. */
    @Nullable
    ChunkLocation findNear(ChunkId id, ChunkType type, Set<PackId> excluded) {
        for (KnownTable table : answering) {
            int row = table.find(id, type);
            if (row >= 0 && !excluded.contains(table.pack())) {
                return table.location(row);
            }
        }
        return null;
    }

    /** Notes that a table, read in generation {@code readIn} or later, answered; from the second time on it is asked first. */
    void answered(KnownTable table, long readIn) {
        if (table.answersAgain() && !Arrays.asList(answering).contains(table)) {
            answer(table, readIn);
        }
    }

    private synchronized void answer(KnownTable table, long readIn) {
        KnownTable[] now = answering;
        if (readIn != generation || Arrays.asList(now).contains(table)) {
            return;
        }
        boolean growing = now.length < ANSWERING_COUNT;
        KnownTable[] next = Arrays.copyOf(now, growing ? now.length + 1 : now.length);
        next[growing ? now.length : oldest++ % ANSWERING_COUNT] = table;
        answering = next;
    }

    synchronized void remove(PackId pack) {
        generation++;
        answering = Arrays.stream(answering)
                .filter(table -> !table.pack().equals(pack))
                .toArray(KnownTable[]::new);
        tables.values().removeIf(table -> {
            boolean gone = table.pack().equals(pack);
            bytesHeld -= gone ? table.footprint() : 0;
            return gone;
        });
    }

    synchronized void clear() {
        generation++;
        tables.clear();
        bytesHeld = 0;
        answering = new KnownTable[0];
    }

    synchronized long bytesHeld() {
        return bytesHeld;
    }
}
