package io.packstone.index;

import io.packstone.bytes.ByteSink;
import io.packstone.bytes.LittleEndian;
import io.packstone.error.CorruptionException;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.StoreException;
import io.packstone.error.UnsupportedFormatException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.Id256;
import io.packstone.id.PackId;
import io.packstone.id.RepositoryId;
import io.packstone.id.SegmentId;
import io.packstone.index.RocksStore.Column;
import io.packstone.pack.PackTable;
import io.packstone.segment.SegmentReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The index in one RocksDB database (docs/format.md, Local index). A chunk's places name packs by number; a number is
 * never given twice, so the places of a removed pack point nowhere, and each place is confirmed in the pack's table.
 */
final class RocksIndex implements ChunkIndex {
    private static final int LAYOUT = 2;
    private static final byte PACK = 'p';
    private static final byte SEGMENT = 's';

    /** Marks a pack that no segment speaks of yet: it counts as long as this is open and not after. */
    private static final byte LONE = 'u';

    private static final byte[] IDENTITY = {'i'};
    private static final byte[] NEXT_NUMBER = {'n'};
    private static final byte[] CHUNK_COUNT = {'c'};
    private static final byte[] LOADING = {'l'};
    private static final byte[] NOTHING = {};
    private static final int PACK_VALUE_LENGTH = 16;
    private static final int PACK_CHUNKS_OFFSET = 12;

    /** From so many rows or segments on, sorting them outside the database is faster than writing them one by one. */
    private static final int BULK_ROWS_MIN = 200_000;

    private static final int BULK_SEGMENTS_MIN = 8;

    private final RocksStore store;
    private final Path loadFolder;
    private final TableCache<Integer> tables;
    private final boolean rebuilt;
    private final Set<SegmentId> segments = ConcurrentHashMap.newKeySet();
    private final Set<PackId> excluded = ConcurrentHashMap.newKeySet();
    private int nextNumber;
    private long chunkCount;

    /** Takes over {@code store}, which has this repository's identity: see {@link #isWhole}. */
    RocksIndex(RocksStore store, Path loadFolder, long tableBytesMax, boolean rebuilt) throws IOException {
        this.store = store;
        this.loadFolder = loadFolder;
        this.rebuilt = rebuilt;
        tables = new TableCache<>(tableBytesMax);
        store.scan(Column.META, SEGMENT, (key, value) -> segments.add(SegmentId.of(key, 1)));
        byte[] next = store.get(Column.META, NEXT_NUMBER, true);
        byte[] count = store.get(Column.META, CHUNK_COUNT, true);
        nextNumber = next == null ? 0 : LittleEndian.getInt(next, 0);
        chunkCount = count == null ? 0 : LittleEndian.getLong(count, 0);
    }

    /** True when the database is of this layout and repository and was not left in the middle of a load. */
    static boolean isWhole(RocksStore store, RepositoryId repository) throws IOException {
        return Arrays.equals(store.get(Column.META, IDENTITY, true), identity(repository))
                && store.get(Column.META, LOADING, true) == null;
    }

    /** Empties the database and says whose it is. */
    static void reset(RocksStore store, RepositoryId repository) throws IOException {
        store.clear();
        try (RocksStore.Batch batch = store.batch()) {
            batch.put(Column.META, IDENTITY, identity(repository)).commit(true);
        }
    }

    private static byte[] identity(RepositoryId repository) {
        ByteSink identity = new ByteSink(RepositoryId.LENGTH + 4);
        return identity.putBytes(repository.toBytes()).putInt(LAYOUT).toBytes();
    }

    private static byte[] key(byte kind, Id256 id) {
        byte[] key = new byte[1 + Id256.LENGTH];
        key[0] = kind;
        id.copyTo(key, 1);
        return key;
    }

    /** Big-endian, so that tables stand in the order of their numbers. */
    static byte[] tableKey(int number) {
        return new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number};
    }

    @Override
    public @Nullable ChunkLocation find(ChunkId id, ChunkType type) throws IOException {
        ChunkLocation near = findNear(id, type);
        return near != null ? near : findStored(id, type);
    }

    /** As {@link #find}, in the few tables that answered last. */
    @Nullable
    ChunkLocation findNear(ChunkId id, ChunkType type) {
        return tables.findNear(id, type, excluded);
    }

    /** As {@link #find}, in the database. */
    @Nullable
    ChunkLocation findStored(ChunkId id, ChunkType type) throws IOException {
        byte[] places = places(id);
        for (int at = 0; at < places.length; at += RowSorter.PLACE_LENGTH) {
            ChunkLocation location = confirm(id, type, places, at);
            if (location != null) {
                return location;
            }
        }
        return null;
    }

    @Override
    public List<ChunkLocation> findAll(ChunkId id, ChunkType type) throws IOException {
        byte[] places = places(id);
        List<ChunkLocation> locations = new ArrayList<>();
        for (int at = 0; at < places.length; at += RowSorter.PLACE_LENGTH) {
            ChunkLocation location = confirm(id, type, places, at);
            if (location != null) {
                locations.add(location);
            }
        }
        return locations;
    }

    private byte[] places(ChunkId id) throws IOException {
        byte[] places = store.get(Column.CHUNKS, id.toBytes(), true);
        if (places == null) {
            return NOTHING;
        }
        if (places.length % RowSorter.PLACE_LENGTH != 0) {
            throw new CorruptionException("the local index", "a chunk's places have " + places.length + " bytes");
        }
        return places;
    }

    private @Nullable ChunkLocation confirm(ChunkId id, ChunkType type, byte[] places, int at) throws IOException {
        long generation = tables.generation();
        KnownTable known = known(LittleEndian.getInt(places, at));
        int row = LittleEndian.getInt(places, at + 4);
        if (known == null || excluded.contains(known.pack()) || !known.holds(row, id, type)) {
            return null;
        }
        tables.answered(known, generation);
        return known.location(row);
    }

    private @Nullable KnownTable known(int number) throws IOException {
        long generation = tables.generation();
        KnownTable known = tables.get(number);
        if (known == null) {
            byte[] stored = store.get(Column.TABLES, tableKey(number), false);
            if (stored == null) {
                return null;
            }
            known = KnownTable.decode(stored);
            tables.keep(number, known, generation);
        }
        return known;
    }

    @Override
    public Set<SegmentId> segments() {
        return new HashSet<>(segments);
    }

    @Override
    public boolean hasSegment(SegmentId id) {
        return segments.contains(id);
    }

    @Override
    public void addSegment(SegmentId id, SegmentReader segment) throws IOException {
        addSegment(id, segment, pack -> false);
    }

    @Override
    public synchronized void forgetSegment(SegmentId id) throws IOException {
        try (RocksStore.Batch batch = store.batch()) {
            batch.delete(Column.META, key(SEGMENT, id)).commit(false);
        }
        segments.remove(id);
    }

    /** Packs known to {@code elsewhere} may be passed over. */
    interface KnownPacks {
        /** True when the pack is known there. */
        boolean contains(PackId pack) throws IOException;
    }

    synchronized void addSegment(SegmentId id, SegmentReader segment, KnownPacks elsewhere) throws IOException {
        if (segments.contains(id)) {
            return;
        }
        if (segment.entryCount() >= BULK_ROWS_MIN) {
            List<StoreException> damages = new ArrayList<>();
            load(List.of(id), any -> segment, elsewhere, (any, cause) -> damages.add(cause));
            if (!damages.isEmpty()) {
                throw damages.get(0);
            }
            return;
        }
        for (int i = 0; i < segment.tableCount(); i++) {
            takeRun(segment.run(i), elsewhere, this::addSegmentPack);
        }
        noteSegments(List.of(id), false);
    }

    @Override
    public void addSegments(Collection<SegmentId> ids, SegmentSource source, DamageListener damages)
            throws IOException {
        addSegments(ids, source, damages, pack -> false);
    }

    synchronized void addSegments(
            Collection<SegmentId> ids, SegmentSource source, DamageListener damages, KnownPacks elsewhere)
            throws IOException {
        List<SegmentId> missing =
                ids.stream().distinct().filter(id -> !segments.contains(id)).toList();
        if (missing.size() >= BULK_SEGMENTS_MIN) {
            load(missing, source, elsewhere, damages);
            return;
        }
        for (SegmentId id : missing) {
            SegmentReader segment = read(id, () -> source.open(id), damages);
            if (segment != null && segment.entryCount() >= BULK_ROWS_MIN) {
                load(List.of(id), any -> segment, elsewhere, damages);
            } else if (segment != null && take(id, segment, elsewhere, damages, this::addSegmentPack)) {
                noteSegments(List.of(id), false);
            }
        }
    }

    /** What a pack is taken in with. */
    private interface PackSink {
        void add(PackId id, long length, PackTable table) throws IOException;
    }

    /** Takes packs in until the segment turns out damaged; true when it did not. */
    private boolean take(
            SegmentId id, SegmentReader segment, KnownPacks elsewhere, DamageListener damages, PackSink sink)
            throws IOException {
        for (int i = 0; i < segment.tableCount(); i++) {
            int index = i;
            SegmentReader.Run run = read(id, () -> segment.run(index), damages);
            if (run == null) {
                return false;
            }
            takeRun(run, elsewhere, sink);
        }
        return true;
    }

    private void takeRun(SegmentReader.Run run, KnownPacks elsewhere, PackSink sink) throws IOException {
        if (!hasPack(run.pack())) {
            if (!elsewhere.contains(run.pack())) {
                sink.add(run.pack(), run.packLength(), run.table());
            }
        } else if (store.get(Column.META, key(LONE, run.pack()), true) != null) {
            try (RocksStore.Batch batch = store.batch()) {
                batch.delete(Column.META, key(LONE, run.pack())).commit(false);
            }
        }
    }

    @Override
    public Set<PackId> lonePacks() throws IOException {
        Set<PackId> packs = new HashSet<>();
        store.scan(Column.META, LONE, (key, value) -> packs.add(PackId.of(key, 1)));
        return packs;
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    /** What was read, or null when it was damaged. A backend that fails is no damage: it ends the load. */
    private static <T> @Nullable T read(SegmentId id, Reading<T> reading, DamageListener damages) throws IOException {
        try {
            return reading.read();
        } catch (CorruptionException | MissingObjectException | LimitExceededException | UnsupportedFormatException e) {
            damages.damaged(id, e);
            return null;
        }
    }

    /** Loads through sorted files. A mark stands meanwhile: who finds it at open starts afresh. */
    private void load(Collection<SegmentId> ids, SegmentSource source, KnownPacks elsewhere, DamageListener damages)
            throws IOException {
        try (RocksStore.Batch batch = store.batch()) {
            batch.put(Column.META, LOADING, NOTHING).commit(true);
        }
        List<SegmentId> whole = new ArrayList<>();
        try (BulkLoad load = new BulkLoad(store, loadFolder)) {
            PackSink sink = (pack, length, table) -> {
                int number = nextNumber;
                nextNumber = Math.incrementExact(nextNumber);
                int live = load.add(number, pack, length, table);
                chunkCount += live;
                try (RocksStore.Batch batch = store.batch()) {
                    batch.put(Column.META, key(PACK, pack), packValue(number, length, live))
                            .commit(false);
                }
            };
            try {
                for (SegmentId id : ids) {
                    SegmentReader segment = read(id, () -> source.open(id), damages);
                    if (segment != null && take(id, segment, elsewhere, damages, sink)) {
                        whole.add(id);
                    }
                }
            } finally {
                load.finish();
                noteSegments(whole, true);
            }
        }
    }

    private void noteSegments(List<SegmentId> ids, boolean force) throws IOException {
        try (RocksStore.Batch batch = store.batch()) {
            for (SegmentId id : ids) {
                batch.put(Column.META, key(SEGMENT, id), NOTHING);
            }
            putCounts(batch);
            batch.delete(Column.META, LOADING).commit(force);
        }
        segments.addAll(ids);
    }

    private void putCounts(RocksStore.Batch batch) throws IOException {
        batch.put(Column.META, NEXT_NUMBER, new ByteSink(4).putInt(nextNumber).toBytes());
        batch.put(Column.META, CHUNK_COUNT, new ByteSink(8).putLong(chunkCount).toBytes());
    }

    private static byte[] packValue(int number, long packLength, int liveCount) {
        ByteSink value = new ByteSink(PACK_VALUE_LENGTH);
        return value.putInt(number).putLong(packLength).putInt(liveCount).toBytes();
    }

    @Override
    public synchronized void addPack(PackId id, long length, PackTable table) throws IOException {
        if (!hasPack(id)) {
            put(id, length, table, true);
        }
    }

    private void addSegmentPack(PackId id, long length, PackTable table) throws IOException {
        put(id, length, table, false);
    }

    private void put(PackId id, long length, PackTable table, boolean lone) throws IOException {
        KnownTable known = new KnownTable(id, table);
        int number = nextNumber;
        nextNumber = Math.incrementExact(nextNumber);
        int live = KnownTable.liveCount(table);
        chunkCount += live;
        byte[] place = new byte[RowSorter.PLACE_LENGTH];
        try (RocksStore.Batch batch = store.batch()) {
            for (int row = 0; row < table.rowCount(); row++) {
                if (!table.rowDead(row)) {
                    LittleEndian.putLong(place, 0, RowSorter.place(number, row));
                    batch.append(Column.CHUNKS, table.rowId(row).toBytes(), place);
                }
            }
            batch.put(Column.TABLES, tableKey(number), KnownTable.encode(id, length, table));
            batch.put(Column.META, key(PACK, id), packValue(number, length, live));
            if (lone) {
                batch.put(Column.META, key(LONE, id), NOTHING);
            }
            putCounts(batch);
            batch.commit(false);
        }
        tables.keep(number, known, tables.generation());
    }

    private byte @Nullable [] pack(PackId id) throws IOException {
        byte[] value = store.get(Column.META, key(PACK, id), true);
        if (value != null && value.length != PACK_VALUE_LENGTH) {
            throw new CorruptionException("the local index", "a pack's entry has " + value.length + " bytes");
        }
        return value;
    }

    @Override
    public boolean hasPack(PackId id) throws IOException {
        return pack(id) != null;
    }

    @Override
    public long packLength(PackId id) throws IOException {
        byte[] pack = pack(id);
        return pack == null ? -1 : LittleEndian.getLong(pack, 4);
    }

    @Override
    public PackTable table(PackId id) throws IOException {
        byte[] pack = pack(id);
        KnownTable known = pack == null ? null : known(LittleEndian.getInt(pack, 0));
        if (known == null) {
            throw new MissingObjectException("the table of pack " + id.toShortHex(), "the index");
        }
        return known.table();
    }

    @Override
    public synchronized void removePack(PackId id) throws IOException {
        byte[] pack = pack(id);
        if (pack == null) {
            return;
        }
        chunkCount -= LittleEndian.getInt(pack, PACK_CHUNKS_OFFSET);
        try (RocksStore.Batch batch = store.batch()) {
            batch.delete(Column.META, key(PACK, id)).delete(Column.META, key(LONE, id));
            batch.delete(Column.TABLES, tableKey(LittleEndian.getInt(pack, 0)));
            putCounts(batch);
            batch.commit(false);
        }
        tables.remove(id);
    }

    @Override
    public void forEachPack(PackVisitor visitor) throws IOException {
        store.scan(Column.META, PACK, (key, value) -> visitor.visit(PackId.of(key, 1), LittleEndian.getLong(value, 4)));
    }

    @Override
    public synchronized long chunkCount() {
        return chunkCount;
    }

    /** The live rows of one pack; 0 when it is not known. */
    int chunkCount(PackId id) throws IOException {
        byte[] pack = pack(id);
        return pack == null ? 0 : LittleEndian.getInt(pack, PACK_CHUNKS_OFFSET);
    }

    @Override
    public void exclude(PackId id) {
        excluded.add(id);
    }

    @Override
    public synchronized void clear() throws IOException {
        byte[] identity = store.get(Column.META, IDENTITY, true);
        if (identity == null) {
            throw new CorruptionException("the local index", "it does not say whose it is");
        }
        reset(store, RepositoryId.of(identity, 0));
        segments.clear();
        tables.clear();
        chunkCount = 0;
        noteSegments(List.of(), true);
    }

    @Override
    public boolean rebuilt() {
        return rebuilt;
    }

    @Override
    public void settle() throws IOException {
        store.settle();
    }

    @Override
    public void close() {
        store.close();
    }
}
