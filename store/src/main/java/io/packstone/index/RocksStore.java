package io.packstone.index;

import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.StringAppendOperator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A RocksDB database of three columns, or a copy of one that another process holds, to be read only.
 *
 * <p>Thread-safe: native calls share a lock that {@link #clear} and {@link #close} take alone, so that no call meets a
 * handle that is gone. Writes go to a log that is not forced: a killed process loses nothing, a power failure loses the
 * last of it, and the columns never disagree (they are flushed together).
 *
 * <p>Memory does not grow with the repository: filters and indexes are cut into pieces of a block's size and share the
 * cache with everything else (whole, a filter larger than a cache shard made hits seventeen times slower), only their
 * topmost level stays; write buffers are bounded.
 */
final class RocksStore implements Closeable {
    private static final long CACHE_BYTES = 16L << 20;
    private static final int CACHE_SHARD_BITS = 2;
    private static final long WRITE_BUFFER_BYTES = 4L << 20;
    private static final long WRITE_BUFFERS_BYTES = 12L << 20;
    private static final long LOG_BYTES = 32L << 20;
    private static final long READ_AHEAD = 128L << 10;
    private static final long FILE_BYTES = 128L << 20;
    private static final int FILTER_BITS = 10;
    private static final long PIECE_BYTES = 4096;

    /** Of a write buffer, for a filter: most look-ups of a first snapshot are misses in what was just written. */
    private static final double MEMTABLE_FILTER_SHARE = 0.02;

    private final Path folder;
    private final boolean view;
    private final Deque<AbstractNativeReference> natives = new ArrayDeque<>();
    private final Map<Column, ColumnFamilyOptions> columnOptions = new EnumMap<>(Column.class);
    private final Map<Column, ColumnFamilyHandle> handles = new EnumMap<>(Column.class);
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final DBOptions options;
    private final ReadOptions oneTime;
    private final RocksDB database;
    private boolean closed;

    /** What is kept apart; each has its own files. */
    enum Column {
        /** What the database is, its packs and its segments. */
        META,
        /** Chunk id to places; a merge appends. */
        CHUNKS,
        /** Pack number to table. */
        TABLES;

        private byte[] bytes() {
            return name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** Told of entries in ascending order of keys. */
    interface Visitor {
        /** The arrays are the visitor's to keep. */
        void visit(byte[] key, byte[] value) throws IOException;
    }

    private RocksStore(Path folder, @Nullable Path copy) throws RocksDBException {
        RocksDB.loadLibrary();
        this.folder = folder;
        this.view = copy != null;
        try {
            options = databaseOptions();
            oneTime = own(new ReadOptions()).setFillCache(false);
            LRUCache cache = own(new LRUCache(CACHE_BYTES, CACHE_SHARD_BITS));
            BloomFilter filter = own(new BloomFilter(FILTER_BITS));
            StringAppendOperator append = own(new StringAppendOperator(""));
            List<ColumnFamilyDescriptor> columns = new ArrayList<>();
            columns.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, own(new ColumnFamilyOptions())));
            for (Column column : Column.values()) {
                ColumnFamilyOptions of = own(new ColumnFamilyOptions())
                        .setMergeOperator(append)
                        .setCompressionType(CompressionType.NO_COMPRESSION)
                        .setWriteBufferSize(WRITE_BUFFER_BYTES)
                        .setMemtableWholeKeyFiltering(true)
                        .setMemtablePrefixBloomSizeRatio(MEMTABLE_FILTER_SHARE)
                        .setTargetFileSizeBase(FILE_BYTES)
                        .setTableFormatConfig(tableFormat(cache, filter));
                columnOptions.put(column, of);
                columns.add(new ColumnFamilyDescriptor(column.bytes(), of));
            }
            List<ColumnFamilyHandle> opened = new ArrayList<>();
            database = copy == null
                    ? RocksDB.open(options, folder.toString(), columns, opened)
                    : RocksDB.openReadOnly(options, copy.toString(), columns, opened);
            own(database);
            own(opened.get(0));
            for (Column column : Column.values()) {
                handles.put(column, opened.get(column.ordinal() + 1));
            }
        } catch (RocksDBException e) {
            closeNatives();
            throw e;
        }
    }

    private static BlockBasedTableConfig tableFormat(LRUCache cache, BloomFilter filter) {
        return new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setFilterPolicy(filter)
                .setPartitionFilters(true)
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setMetadataBlockSize(PIECE_BYTES)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinTopLevelIndexAndFilter(true);
    }

    private DBOptions databaseOptions() {
        return own(new DBOptions())
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setAtomicFlush(true)
                .setDbWriteBufferSize(WRITE_BUFFERS_BYTES)
                .setMaxTotalWalSize(LOG_BYTES)
                .setCompactionReadaheadSize(READ_AHEAD)
                .setMaxOpenFiles(-1)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(1 << 20)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setStatsDumpPeriodSec(0);
    }

    private <T extends AbstractNativeReference> T own(T reference) {
        natives.push(reference);
        return reference;
    }

    private void closeNatives() {
        natives.forEach(AbstractNativeReference::close);
        natives.clear();
    }

    /**
     * Opens the database in {@code folder} or makes a new one.
     *
     * @throws RocksDBException when it is damaged, or another process or instance holds it: see {@link #isHeld}
     */
    static RocksStore open(Path folder) throws RocksDBException {
        return new RocksStore(folder, null);
    }

    /** Opens {@code copy}, made by {@link DatabaseCopy} of the database in {@code folder}; never to be written. */
    static RocksStore openView(Path folder, Path copy) throws RocksDBException {
        return new RocksStore(folder, copy);
    }

    /** True when somebody else writes the database. */
    boolean isView() {
        return view;
    }

    /** True when {@code cause} says that somebody else holds the database in {@code folder}. */
    static boolean isHeld(RocksDBException cause, Path folder) {
        String message = String.valueOf(cause.getMessage());
        return message.contains(folder.resolve("LOCK") + ":");
    }

    /** The value of a key, null when there is none. {@code keep} says whether it is worth a place in the block cache. */
    byte @Nullable [] get(Column column, byte[] key, boolean keep) throws IOException {
        lock.readLock().lock();
        try {
            ColumnFamilyHandle handle = handle(column);
            return keep ? database.get(handle, key) : database.get(handle, oneTime, key);
        } catch (RocksDBException e) {
            throw failed(e);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Tells of all entries whose keys start with {@code first}. The visitor must neither clear nor close. */
    void scan(Column column, byte first, Visitor visitor) throws IOException {
        lock.readLock().lock();
        try (RocksIterator iterator = database.newIterator(handle(column), oneTime)) {
            for (iterator.seek(new byte[] {first}); iterator.isValid(); iterator.next()) {
                byte[] key = iterator.key();
                if (key[0] != first) {
                    return;
                }
                visitor.visit(key, iterator.value());
            }
            iterator.status();
        } catch (RocksDBException e) {
            throw failed(e);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Begins to write out what the write buffers hold, and returns at once; a close before the end leaves it to the log. */
    void settle() throws IOException {
        lock.readLock().lock();
        try (FlushOptions how = new FlushOptions().setWaitForFlush(false)) {
            List<ColumnFamilyHandle> all = new ArrayList<>();
            for (Column column : Column.values()) {
                all.add(handle(column));
            }
            database.flush(how, all);
        } catch (RocksDBException e) {
            throw failed(e);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Several changes that happen together. To be closed. */
    final class Batch implements Closeable {
        private final WriteBatch changes = new WriteBatch();

        Batch put(Column column, byte[] key, byte[] value) throws IOException {
            try {
                changes.put(handle(column), key, value);
                return this;
            } catch (RocksDBException e) {
                throw failed(e);
            }
        }

        Batch append(Column column, byte[] key, byte[] value) throws IOException {
            try {
                changes.merge(handle(column), key, value);
                return this;
            } catch (RocksDBException e) {
                throw failed(e);
            }
        }

        Batch delete(Column column, byte[] key) throws IOException {
            try {
                changes.delete(handle(column), key);
                return this;
            } catch (RocksDBException e) {
                throw failed(e);
            }
        }

        /** Writes the changes; forced to disk when {@code force}. */
        void commit(boolean force) throws IOException {
            try (WriteOptions how = new WriteOptions().setSync(force)) {
                database.write(how, changes);
            } catch (RocksDBException e) {
                throw failed(e);
            }
        }

        @Override
        public void close() {
            changes.close();
            lock.readLock().unlock();
        }
    }

    /** An empty batch; until it is closed, {@link #clear} and {@link #close} wait. */
    Batch batch() {
        lock.readLock().lock();
        return new Batch();
    }

    /** Options that a sorted file for {@code column} is written with; the caller closes them. */
    Options fileOptions(Column column) {
        return new Options(options, Objects.requireNonNull(columnOptions.get(column)));
    }

    /** Takes sorted files over into a column; they must be on the database's file system. */
    void ingest(Column column, List<Path> files) throws IOException {
        lock.readLock().lock();
        try (IngestExternalFileOptions how = new IngestExternalFileOptions().setMoveFiles(true)) {
            database.ingestExternalFile(
                    handle(column), files.stream().map(Path::toString).toList(), how);
        } catch (RocksDBException e) {
            throw failed(e);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Drops all columns, whatever is in them, and makes them anew. */
    void clear() throws IOException {
        lock.writeLock().lock();
        try {
            for (Column column : Column.values()) {
                try (ColumnFamilyHandle dropped = handle(column)) {
                    database.dropColumnFamily(dropped);
                }
                ColumnFamilyDescriptor fresh = new ColumnFamilyDescriptor(column.bytes(), columnOptions.get(column));
                handles.put(column, database.createColumnFamily(fresh));
            }
        } catch (RocksDBException e) {
            throw failed(e);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private ColumnFamilyHandle handle(Column column) {
        ColumnFamilyHandle handle = handles.get(column);
        if (closed || handle == null) {
            throw new IllegalStateException("the local index is closed");
        }
        return handle;
    }

    /** What a failure of the database means to the caller. Damage is noted, so that the next open starts afresh. */
    StoreException failed(RocksDBException cause) {
        Status status = cause.getStatus();
        String message = "the local index in " + folder + " failed: " + cause.getMessage();
        if (status != null && status.getCode() == Status.Code.Corruption) {
            IndexFolder.noteDamage(folder);
            return new CorruptionException(
                    "the local index",
                    cause.getMessage() + "; nothing is lost: run the command again, it is made anew");
        }
        if (status != null && status.getSubCode() == Status.SubCode.NoSpace) {
            return new RepositoryException(ErrorKind.NO_ROOM, null, message + "; make room there", cause);
        }
        String next = "; see that its disk works, or name another folder with --cache-dir";
        return new RepositoryException(ErrorKind.BACKEND, null, message + next, cause);
    }

    /** True when there is a database in {@code folder}, whole or not. */
    static boolean exists(Path folder) {
        return Files.exists(folder.resolve("CURRENT"));
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                handles.values().forEach(ColumnFamilyHandle::close);
                closeNatives();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
