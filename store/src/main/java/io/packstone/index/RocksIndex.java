package io.packstone.index;

import io.packstone.bytes.LittleEndian;
import io.packstone.error.CorruptionException;
import io.packstone.error.MissingObjectException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.pack.PackTable;
import io.packstone.segment.SegmentReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.StringAppendOperator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The index on RocksDB. Keys: {@code c} and a chunk id, whose values are places of 8 bytes (pack number, row) that a merge
 * appends; {@code t} and a pack number, the pack and its table; {@code p} and a pack id, its number; {@code s} and a
 * segment id.
 *
 * <p>No write-ahead log and no force: after a crash the index is made again from segments.
 */
final class RocksIndex implements ChunkIndex {
    private static final int PLACE_LENGTH = 8;
    private static final byte[] NEXT_NUMBER = "n".getBytes(StandardCharsets.US_ASCII);
    private static final long CACHE_BYTES = 16L << 20;
    private static final long WRITE_BUFFER_BYTES = 16L << 20;
    private static final int FILTER_BITS = 10;

    private final Options options;
    private final LRUCache cache;
    private final BloomFilter filter;
    private final StringAppendOperator append;
    private final WriteOptions writes;
    private final RocksDB database;
    private final PackCatalog catalog = new PackCatalog();
    private final Set<SegmentId> segments = ConcurrentHashMap.newKeySet();
    private final Set<PackId> excluded = ConcurrentHashMap.newKeySet();

    RocksIndex(Path folder) throws RocksDBException {
        RocksDB.loadLibrary();
        cache = new LRUCache(CACHE_BYTES, 2);
        filter = new BloomFilter(FILTER_BITS);
        append = new StringAppendOperator("");
        options = new Options()
                .setCreateIfMissing(true)
                .setMergeOperator(append)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxWriteBufferNumber(2)
                .setKeepLogFileNum(2)
                .setMaxOpenFiles(256)
                .setTableFormatConfig(
                        new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter));
        writes = new WriteOptions().setDisableWAL(true);
        database = RocksDB.open(options, folder.toString());
        try (RocksIterator iterator = database.newIterator()) {
            byte[] from = {'s'};
            for (iterator.seek(from); iterator.isValid() && iterator.key()[0] == 's'; iterator.next()) {
                segments.add(SegmentId.of(iterator.key(), 1));
            }
        }
    }

    private static byte[] key(char kind, byte[] rest) {
        byte[] key = new byte[1 + rest.length];
        key[0] = (byte) kind;
        System.arraycopy(rest, 0, key, 1, rest.length);
        return key;
    }

    private static byte[] number(int number) {
        return new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number};
    }

    private static IOException failed(RocksDBException cause) {
        return new CorruptionException("the local index", cause.getMessage() + "; run rebuild-index");
    }

    @Override
    public @Nullable ChunkLocation find(ChunkId id, ChunkType type) throws IOException {
        byte[] places = places(id);
        for (int at = 0; at + PLACE_LENGTH <= places.length; at += PLACE_LENGTH) {
            ChunkLocation location = location(id, type, places, at);
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
        for (int at = 0; at + PLACE_LENGTH <= places.length; at += PLACE_LENGTH) {
            ChunkLocation location = location(id, type, places, at);
            if (location != null) {
                locations.add(location);
            }
        }
        return locations;
    }

    private byte[] places(ChunkId id) throws IOException {
        try {
            byte[] places = database.get(key('c', id.toBytes()));
            return places == null ? new byte[0] : places;
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    private @Nullable ChunkLocation location(ChunkId id, ChunkType type, byte[] places, int at) throws IOException {
        PackCatalog.Known pack = pack(LittleEndian.getInt(places, at));
        int row = LittleEndian.getInt(places, at + 4);
        if (pack == null || excluded.contains(pack.id()) || row >= pack.table().rowCount()) {
            return null;
        }
        PackTable table = pack.table();
        boolean fits = table.rowId(row).equals(id) && table.rowType(row) == type && !table.rowDead(row);
        return fits ? new ChunkLocation(pack.id(), table, row) : null;
    }

    private PackCatalog.@Nullable Known pack(int number) throws IOException {
        PackCatalog.Known known = catalog.recent(number);
        if (known == null) {
            try {
                byte[] stored = database.get(key('t', number(number)));
                if (stored == null) {
                    return null;
                }
                known = PackCatalog.decode(stored);
                catalog.keep(number, known);
            } catch (RocksDBException e) {
                throw failed(e);
            }
        }
        return known;
    }

    @Override
    public Set<SegmentId> segments() {
        return new TreeSet<>(segments);
    }

    @Override
    public void addSegment(SegmentId id, SegmentReader segment) throws IOException {
        for (int i = 0; i < segment.tableCount(); i++) {
            SegmentReader.Run run = segment.run(i);
            addPack(run.pack(), run.packLength(), run.table());
        }
        try {
            database.put(writes, key('s', id.toBytes()), new byte[0]);
        } catch (RocksDBException e) {
            throw failed(e);
        }
        segments.add(id);
    }

    @Override
    public synchronized void addPack(PackId id, long length, PackTable table) throws IOException {
        if (hasPack(id)) {
            return;
        }
        try (WriteBatch batch = new WriteBatch()) {
            byte[] next = database.get(NEXT_NUMBER);
            int number = next == null ? 0 : LittleEndian.getInt(next, 0);
            byte[] place = new byte[PLACE_LENGTH];
            LittleEndian.putInt(place, 0, number);
            for (int row = 0; row < table.rowCount(); row++) {
                if (!table.rowDead(row)) {
                    LittleEndian.putInt(place, 4, row);
                    batch.merge(key('c', table.rowId(row).toBytes()), place);
                }
            }
            byte[] after = new byte[4];
            LittleEndian.putInt(after, 0, number + 1);
            batch.put(NEXT_NUMBER, after);
            batch.put(key('t', number(number)), PackCatalog.encode(id, length, table));
            batch.put(key('p', id.toBytes()), number(number));
            database.write(writes, batch);
            catalog.keep(number, new PackCatalog.Known(id, length, table));
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public boolean hasPack(PackId id) throws IOException {
        return number(id) != null;
    }

    private byte @Nullable [] number(PackId id) throws IOException {
        try {
            return database.get(key('p', id.toBytes()));
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    private byte @Nullable [] stored(PackId id) throws IOException {
        byte[] number = number(id);
        try {
            return number == null ? null : database.get(key('t', number));
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public long packLength(PackId id) throws IOException {
        byte[] stored = stored(id);
        return stored == null ? -1 : PackCatalog.length(stored);
    }

    @Override
    public PackTable table(PackId id) throws IOException {
        byte[] stored = stored(id);
        if (stored == null) {
            throw new MissingObjectException("the table of pack " + id.toShortHex(), "the index");
        }
        return PackCatalog.decode(stored).table();
    }

    @Override
    public void forEachPack(PackVisitor visitor) throws IOException {
        try (RocksIterator iterator = database.newIterator()) {
            byte[] from = {'t'};
            for (iterator.seek(from); iterator.isValid() && iterator.key()[0] == 't'; iterator.next()) {
                byte[] head = Arrays.copyOf(iterator.value(), PackId.LENGTH + 8);
                visitor.visit(PackCatalog.id(head), PackCatalog.length(head));
            }
        }
    }

    @Override
    public void exclude(PackId id) {
        excluded.add(id);
    }

    @Override
    public synchronized void clear() throws IOException {
        try {
            database.deleteRange(new byte[] {0}, new byte[] {(byte) 0xff});
            segments.clear();
            catalog.clear();
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        database.close();
        options.close();
        writes.close();
        cache.close();
        filter.close();
        append.close();
    }
}
