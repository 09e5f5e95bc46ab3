package io.packstone.index;

import io.packstone.id.ChunkId;
import io.packstone.id.PackId;
import io.packstone.pack.PackTable;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/**
 * Puts many packs into a database at once: rows are sorted outside it, merged, and taken over as finished files, which is
 * ten times as fast as writing them one by one and leaves nothing to compact. Memory: 56 bytes for each of
 * {@value #ROWS_PER_RUN} rows, and the read buffers of the merge. For one thread.
 */
final class BulkLoad implements Closeable {
    /** Half a million rows: 28 MiB, and a hundred million chunks in two hundred runs. */
    private static final int ROWS_PER_RUN = 1 << 19;

    private static final int ROWS_PER_FILE = 3 << 20;
    private static final long TABLE_BYTES_PER_FILE = 128L << 20;

    private final RocksStore store;
    private final Path folder;
    private final RowSorter sorter;
    private final SortedFiles chunks;
    private final SortedFiles tables;
    private long tableBytes;

    /** {@code folder} is made, and deleted again at the end. */
    BulkLoad(RocksStore store, Path folder) throws IOException {
        this.store = store;
        this.folder = folder;
        IndexFolder.delete(folder);
        Files.createDirectories(folder);
        sorter = new RowSorter(folder, ROWS_PER_RUN);
        chunks = new SortedFiles(RocksStore.Column.CHUNKS);
        tables = new SortedFiles(RocksStore.Column.TABLES);
    }

    /** Adds a pack; numbers must ascend. Returns the count of its live rows. */
    int add(int number, PackId pack, long packLength, PackTable table) throws IOException {
        byte[] stored = KnownTable.encode(pack, packLength, table);
        tables.put(RocksIndex.tableKey(number), stored);
        tableBytes += stored.length;
        if (tableBytes > TABLE_BYTES_PER_FILE) {
            tables.endFile();
            tableBytes = 0;
        }
        return sorter.add(number, table);
    }

    /** Puts everything that was added into the database. */
    void finish() throws IOException {
        List<Path> runs = sorter.finish();
        int[] rows = {0};
        try (RunMerge merge = new RunMerge(runs)) {
            merge.run((id, places) -> {
                chunks.append(id, places);
                if (++rows[0] == ROWS_PER_FILE) {
                    chunks.endFile();
                    rows[0] = 0;
                }
            });
        }
        chunks.ingest();
        tables.ingest();
    }

    @Override
    public void close() throws IOException {
        chunks.close();
        tables.close();
        IndexFolder.delete(folder);
    }

    /** Files of one column that follow one another in the order of keys. */
    private final class SortedFiles implements Closeable {
        private final RocksStore.Column column;
        private final EnvOptions environment = new EnvOptions();
        private final Options options;
        private final List<Path> files = new ArrayList<>();
        private @Nullable SstFileWriter writer;

        SortedFiles(RocksStore.Column column) {
            this.column = column;
            this.options = store.fileOptions(column);
        }

        void put(byte[] key, byte[] value) throws IOException {
            try {
                writer().put(key, value);
            } catch (RocksDBException e) {
                throw store.failed(e);
            }
        }

        void append(byte[] key, byte[] value) throws IOException {
            assert key.length == ChunkId.LENGTH;
            try {
                writer().merge(key, value);
            } catch (RocksDBException e) {
                throw store.failed(e);
            }
        }

        private SstFileWriter writer() throws RocksDBException {
            SstFileWriter current = writer;
            if (current == null) {
                Path file = folder.resolve(column + "-" + files.size() + ".sst");
                current = new SstFileWriter(environment, options);
                writer = current;
                current.open(file.toString());
                files.add(file);
            }
            return current;
        }

        void endFile() throws IOException {
            SstFileWriter current = writer;
            if (current != null) {
                try (current) {
                    current.finish();
                } catch (RocksDBException e) {
                    throw store.failed(e);
                } finally {
                    writer = null;
                }
            }
        }

        void ingest() throws IOException {
            endFile();
            if (!files.isEmpty()) {
                store.ingest(column, files);
            }
        }

        @Override
        public void close() {
            if (writer != null) {
                writer.close();
            }
            options.close();
            environment.close();
        }
    }
}
