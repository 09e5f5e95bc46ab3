package io.packstone.index;

import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.RepositoryId;
import io.packstone.id.SegmentId;
import io.packstone.pack.PackTable;
import io.packstone.segment.SegmentReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Opens the index of a repository in its cache folder. Whoever gets the folder's lock first has the lasting index; any
 * other process at the same time works with one of its own, which is deleted when it is closed: nobody waits.
 */
public final class IndexFolder {
    /** Present while an index is open; found at the next start, it tells of a crash. */
    private static final String UNCLEAN = "open";

    private IndexFolder() {}

    /** The index of {@code repository} below {@code cache}; a temporary one when {@code cache} is null. */
    public static ChunkIndex open(@Nullable Path cache, RepositoryId repository) throws IOException {
        try {
            if (cache != null) {
                Path folder = Files.createDirectories(cache.resolve(repository.toString()));
                FileChannel channel =
                        FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = tryLock(channel);
                if (lock != null) {
                    return openLasting(folder.resolve("index-1"), folder.resolve(UNCLEAN), channel);
                }
                channel.close();
            }
            Path temporary = Files.createTempDirectory("packstone-index-");
            return new Closing(new RocksIndex(temporary), () -> delete(temporary));
        } catch (RocksDBException e) {
            throw new RepositoryException(
                    ErrorKind.BACKEND, null, "the local index does not open: " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static ChunkIndex openLasting(Path folder, Path unclean, FileChannel lock)
            throws IOException, RocksDBException {
        if (Files.exists(unclean)) {
            delete(folder);
        }
        Files.writeString(unclean, "");
        RocksIndex index;
        try {
            index = new RocksIndex(folder);
        } catch (RocksDBException e) {
            delete(folder);
            index = new RocksIndex(folder);
        }
        return new Closing(index, () -> {
            Files.deleteIfExists(unclean);
            lock.close();
        });
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> below = Files.walk(folder)) {
            below.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private interface Afterwards {
        void run() throws IOException;
    }

    /** An index with something left to do once it is closed. */
    private record Closing(RocksIndex index, Afterwards afterwards) implements ChunkIndex {
        @Override
        public @Nullable ChunkLocation find(ChunkId id, ChunkType type) throws IOException {
            return index.find(id, type);
        }

        @Override
        public List<ChunkLocation> findAll(ChunkId id, ChunkType type) throws IOException {
            return index.findAll(id, type);
        }

        @Override
        public Set<SegmentId> segments() {
            return index.segments();
        }

        @Override
        public void addSegment(SegmentId id, SegmentReader segment) throws IOException {
            index.addSegment(id, segment);
        }

        @Override
        public void addPack(PackId id, long length, PackTable table) throws IOException {
            index.addPack(id, length, table);
        }

        @Override
        public boolean hasPack(PackId id) throws IOException {
            return index.hasPack(id);
        }

        @Override
        public long packLength(PackId id) throws IOException {
            return index.packLength(id);
        }

        @Override
        public PackTable table(PackId id) throws IOException {
            return index.table(id);
        }

        @Override
        public void forEachPack(PackVisitor visitor) throws IOException {
            index.forEachPack(visitor);
        }

        @Override
        public void exclude(PackId id) {
            index.exclude(id);
        }

        @Override
        public void clear() throws IOException {
            index.clear();
        }

        @Override
        public void close() throws IOException {
            index.close();
            afterwards.run();
        }
    }
}
