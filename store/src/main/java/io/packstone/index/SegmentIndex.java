package io.packstone.index;

import io.packstone.error.CorruptionException;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.StoreException;
import io.packstone.error.UnsupportedFormatException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.pack.PackTable;
import io.packstone.segment.SegmentReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The index in plain Java over open segments, for whoever has no room for a database or can't load one: no class of
 * RocksDB is touched. Nothing is read ahead; a look-up asks one segment after the other.
 *
 * <p>Memory: what each {@link SegmentReader} keeps, and the tables of packs added without a segment (about 60 bytes a
 * chunk); asking by pack reads every table once and then keeps about 150 bytes a pack.
 */
public final class SegmentIndex implements ChunkIndex {
    private static final long TABLE_BYTES_MAX = 16L << 20;

    private final Map<SegmentId, SegmentReader> segments = new LinkedHashMap<>();
    private final Map<PackId, Place> packs = new HashMap<>();
    private final Set<SegmentId> catalogued = new HashSet<>();
    private final Map<PackId, KnownTable> added = new ConcurrentHashMap<>();
    private final Set<PackId> lone = new HashSet<>();
    private final Set<PackId> excluded = ConcurrentHashMap.newKeySet();
    private final Set<PackId> removed = ConcurrentHashMap.newKeySet();
    private final Set<PackId> hidden = ConcurrentHashMap.newKeySet();
    private final TableCache<PackId> tables = new TableCache<>(TABLE_BYTES_MAX);
    private final Map<SegmentReader, Taken> origins = new ConcurrentHashMap<>();
    private volatile List<SegmentReader> readers = List.of();

    /** A segment that is open, and who is told when it turns out to be damaged: null for whoever asks. */
    private record Taken(SegmentId id, @Nullable DamageListener damages) {}

    /** Where a pack's table is: a run of a segment, or, with no reader, among those added. */
    private record Place(@Nullable SegmentReader reader, int run, long length, int liveCount) {}

    @Override
    public @Nullable ChunkLocation find(ChunkId id, ChunkType type) throws IOException {
        long generation = tables.generation();
        ChunkLocation near = tables.findNear(id, type, hidden);
        if (near != null) {
            return near;
        }
        for (KnownTable table : added.values()) {
            int row = hidden.contains(table.pack()) ? -1 : table.find(id, type);
            if (row >= 0) {
                tables.answered(table, generation);
                return table.location(row);
            }
        }
        for (SegmentReader reader : readers) {
            try {
                SegmentReader.Hit hit = reader.find(id, type);
                if (hit != null && !hidden.contains(hit.pack())) {
                    return location(hit, generation);
                }
                if (hit != null) {
                    List<ChunkLocation> others = scan(reader, id, type);
                    if (!others.isEmpty()) {
                        return others.get(0);
                    }
                }
            } catch (CorruptionException | MissingObjectException | LimitExceededException e) {
                drop(reader, e);
                return find(id, type);
            }
        }
        return null;
    }

    /**
     * A segment was opened and taken in, but not read: damage shows when it is asked. Tables of it that can be read are
     * kept as those of packs added one by one; the others are as never taken in.
     */
    private synchronized void drop(SegmentReader reader, StoreException cause) throws IOException {
        Taken taken = origins.get(reader);
        if (taken == null) {
            return; // another thread was first
        }
        DamageListener damages = taken.damages();
        if (damages == null) {
            throw cause;
        }
        origins.remove(reader);
        readers = readers.stream().filter(other -> other != reader).toList();
        segments.remove(taken.id());
        catalogued.remove(taken.id());
        packs.values().removeIf(place -> place.reader() == reader);
        for (int i = 0; i < reader.tableCount(); i++) {
            try {
                SegmentReader.Run run = reader.run(i);
                if (!removed.contains(run.pack()) && !packs.containsKey(run.pack())) {
                    put(run.pack(), run.packLength(), run.table());
                }
            } catch (CorruptionException | MissingObjectException | LimitExceededException e) {
                continue;
            }
        }
        damages.damaged(taken.id(), cause);
    }

    private ChunkLocation location(SegmentReader.Hit hit, long generation) {
        KnownTable known = tables.get(hit.pack());
        if (known == null) {
            known = new KnownTable(hit.pack(), hit.table());
            tables.keep(hit.pack(), known, generation);
        }
        tables.answered(known, generation);
        return known.location(hit.row());
    }

    /** Every copy in a segment that is not hidden; reads all its tables. */
    private List<ChunkLocation> scan(SegmentReader reader, ChunkId id, ChunkType type) throws IOException {
        List<ChunkLocation> found = new ArrayList<>();
        for (int i = 0; i < reader.tableCount(); i++) {
            SegmentReader.Run run = reader.run(i);
            if (hidden.contains(run.pack())) {
                continue;
            }
            found.addAll(rows(new KnownTable(run.pack(), run.table()), id, type));
        }
        return found;
    }

    private static List<ChunkLocation> rows(KnownTable table, ChunkId id, ChunkType type) {
        List<ChunkLocation> rows = new ArrayList<>();
        for (int row = 0; row < table.table().rowCount(); row++) {
            if (table.holds(row, id, type)) {
                rows.add(table.location(row));
            }
        }
        return rows;
    }

    @Override
    public List<ChunkLocation> findAll(ChunkId id, ChunkType type) throws IOException {
        List<ChunkLocation> found = new ArrayList<>();
        Set<PackId> seen = new HashSet<>();
        for (KnownTable table : added.values()) {
            if (!hidden.contains(table.pack()) && seen.add(table.pack())) {
                found.addAll(rows(table, id, type));
            }
        }
        for (SegmentReader reader : readers) {
            try {
                if (reader.find(id, type) != null) {
                    for (ChunkLocation location : scan(reader, id, type)) {
                        if (!seen.contains(location.pack())) {
                            found.add(location);
                        }
                    }
                    found.forEach(location -> seen.add(location.pack()));
                }
            } catch (CorruptionException | MissingObjectException | LimitExceededException e) {
                drop(reader, e);
                return findAll(id, type);
            }
        }
        return found;
    }

    @Override
    public synchronized Set<SegmentId> segments() {
        return new HashSet<>(segments.keySet());
    }

    @Override
    public synchronized boolean hasSegment(SegmentId id) {
        return segments.containsKey(id);
    }

    @Override
    public void addSegment(SegmentId id, SegmentReader segment) throws IOException {
        add(id, segment, null);
    }

    private synchronized void add(SegmentId id, SegmentReader segment, @Nullable DamageListener damages)
            throws IOException {
        if (!segments.containsKey(id)) {
            // Read first: a damaged one is to be left out.
            List<SegmentReader.Run> runs = removed.isEmpty() && lone.isEmpty() ? List.of() : runs(segment);
            segments.put(id, segment);
            origins.put(segment, new Taken(id, damages));
            List<SegmentReader> newestFirst = new ArrayList<>();
            newestFirst.add(segment);
            newestFirst.addAll(readers);
            readers = List.copyOf(newestFirst);
            takeInAgain(segment, runs);
        }
    }

    private static List<SegmentReader.Run> runs(SegmentReader segment) throws IOException {
        List<SegmentReader.Run> runs = new ArrayList<>();
        for (int i = 0; i < segment.tableCount(); i++) {
            runs.add(segment.run(i));
        }
        return runs;
    }

    @Override
    public synchronized void forgetSegment(SegmentId id) throws IOException {
        catalogue();
        SegmentReader gone = segments.remove(id);
        if (gone != null) {
            readers = readers.stream().filter(reader -> reader != gone).toList();
            packs.values().removeIf(place -> place.reader() == gone);
            catalogued.clear();
        }
    }

    private void takeInAgain(SegmentReader segment, List<SegmentReader.Run> runs) {
        for (int i = 0; i < runs.size(); i++) {
            SegmentReader.Run run = runs.get(i);
            lone.remove(run.pack());
            if (removed.remove(run.pack())) {
                packs.put(run.pack(), new Place(segment, i, run.packLength(), KnownTable.liveCount(run.table())));
                showUnlessExcluded(run.pack());
            }
        }
    }

    @Override
    public void addSegments(Collection<SegmentId> ids, SegmentSource source, DamageListener damages)
            throws IOException {
        for (SegmentId id : ids) {
            if (hasSegment(id)) {
                continue;
            }
            try {
                add(id, source.open(id), damages);
            } catch (CorruptionException
                    | MissingObjectException
                    | LimitExceededException
                    | UnsupportedFormatException e) {
                damages.damaged(id, e);
            }
        }
    }

    @Override
    public synchronized void addPack(PackId id, long length, PackTable table) throws IOException {
        if (!hasPack(id)) {
            put(id, length, table);
            lone.add(id);
            removed.remove(id);
            showUnlessExcluded(id);
        }
    }

    @Override
    public synchronized Set<PackId> lonePacks() {
        return Set.copyOf(lone);
    }

    private void put(PackId id, long length, PackTable table) {
        added.put(id, new KnownTable(id, table));
        packs.put(id, new Place(null, 0, length, KnownTable.liveCount(table)));
    }

    private void showUnlessExcluded(PackId id) {
        if (!excluded.contains(id)) {
            hidden.remove(id);
        }
    }

    /** Reads the tables of segments that were added since the last time. */
    private void catalogue() throws IOException {
        for (Map.Entry<SegmentId, SegmentReader> segment : List.copyOf(segments.entrySet())) {
            if (catalogued.add(segment.getKey())) {
                SegmentReader reader = segment.getValue();
                try {
                    catalogue(reader);
                } catch (CorruptionException | MissingObjectException | LimitExceededException e) {
                    drop(reader, e);
                }
            }
        }
    }

    private void catalogue(SegmentReader reader) throws IOException {
        for (int i = 0; i < reader.tableCount(); i++) {
            SegmentReader.Run run = reader.run(i);
            packs.putIfAbsent(run.pack(), new Place(reader, i, run.packLength(), KnownTable.liveCount(run.table())));
        }
    }

    private synchronized @Nullable Place place(PackId id) throws IOException {
        catalogue();
        return removed.contains(id) ? null : packs.get(id);
    }

    @Override
    public boolean hasPack(PackId id) throws IOException {
        return place(id) != null;
    }

    @Override
    public long packLength(PackId id) throws IOException {
        Place place = place(id);
        return place == null ? -1 : place.length();
    }

    @Override
    public PackTable table(PackId id) throws IOException {
        Place place = place(id);
        if (place != null && place.reader() != null) {
            return place.reader().run(place.run()).table();
        }
        KnownTable known = place == null ? null : added.get(id);
        if (known == null) {
            throw new MissingObjectException("the table of pack " + id.toShortHex(), "the index");
        }
        return known.table();
    }

    @Override
    public synchronized void removePack(PackId id) throws IOException {
        if (hasPack(id)) {
            removed.add(id);
            hidden.add(id);
            added.remove(id);
            lone.remove(id);
            tables.remove(id);
        }
    }

    @Override
    public void forEachPack(PackVisitor visitor) throws IOException {
        Map<PackId, Place> now;
        synchronized (this) {
            catalogue();
            now = new HashMap<>(packs);
        }
        for (Map.Entry<PackId, Place> pack : now.entrySet()) {
            if (!removed.contains(pack.getKey())) {
                visitor.visit(pack.getKey(), pack.getValue().length());
            }
        }
    }

    @Override
    public synchronized long chunkCount() throws IOException {
        catalogue();
        long count = 0;
        for (Map.Entry<PackId, Place> pack : packs.entrySet()) {
            count += removed.contains(pack.getKey()) ? 0 : pack.getValue().liveCount();
        }
        return count;
    }

    @Override
    public synchronized void exclude(PackId id) {
        excluded.add(id);
        hidden.add(id);
    }

    @Override
    public synchronized void clear() {
        segments.clear();
        origins.clear();
        readers = List.of();
        packs.clear();
        catalogued.clear();
        added.clear();
        lone.clear();
        removed.clear();
        hidden.clear();
        hidden.addAll(excluded);
        tables.clear();
    }

    /** Nothing is kept from open to open. */
    @Override
    public void settle() {}

    @Override
    public boolean rebuilt() {
        return false;
    }

    @Override
    public void close() {
        clear();
    }
}
