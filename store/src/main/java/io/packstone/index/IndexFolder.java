package io.packstone.index;

import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.id.PackId;
import io.packstone.id.RepositoryId;
import io.packstone.posix.Refusal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Opens the index of a repository in its cache folder. Whoever opens it first has the lasting index; any other process
 * at the same time gets a view of it and an index of its own over that, which is deleted when it is closed: nobody
 * waits. An index that is damaged, of another layout or repository, or not loaded to the end is thrown away.
 */
public final class IndexFolder {
    private static final String DATABASE = "index";
    private static final String LOAD = "load";
    private static final String VIEW = "view";

    /** Present when damage was met while reading. */
    private static final String DAMAGED = "damaged";

    /** Locked while a damaged database is deleted, so that nobody deletes the new one that somebody else just made. */
    private static final String REMAKING = "remaking";

    /** Decoded tables kept by an index that is alone, and by each of two layers. */
    private static final long TABLE_BYTES_MAX = 32L << 20;

    private IndexFolder() {}

    /** Loads the database's native library ahead of {@link #open}, which would; throws what the library's loader throws. */
    public static void loadLibrary() {
        RocksDB.loadLibrary();
    }

    /** As {@link #open(Path, RepositoryId, Consumer)}, telling nobody. */
    public static ChunkIndex open(@Nullable Path cache, RepositoryId repository) throws IOException {
        return open(cache, repository, note -> {});
    }

    /**
     * The index of {@code repository} below {@code cache}; a temporary one when {@code cache} is null or fails.
     *
     * @param notes told why the index could not be kept in the cache; one line
     */
    public static ChunkIndex open(@Nullable Path cache, RepositoryId repository, Consumer<String> notes)
            throws IOException {
        if (cache == null) {
            return openTemporary(repository);
        }
        Path folder = cache.resolve(repository.toString());
        try {
            return openKept(folder, repository);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            // What can't be kept costs the next run time, and this one nothing but a word.
            String reason = e instanceof FileSystemException ? Refusal.of(e).reason() : String.valueOf(e.getMessage());
            notes.accept("the index can't be kept in " + folder + " (" + reason
                    + "), so it is made anew in each run; make room there or name another folder with --cache-dir");
            return openTemporary(repository);
        }
    }

    private static ChunkIndex openTemporary(RepositoryId repository) throws IOException {
        return openLayered(null, PrivateFolder.create(systemFolder()), repository);
    }

    private static ChunkIndex openKept(Path folder, RepositoryId repository) throws IOException {
        if (!Files.isWritable(Files.createDirectories(folder))) {
            throw new AccessDeniedException(folder.toString());
        }
        RocksIndex lasting = openLasting(folder, repository);
        if (lasting != null) {
            PrivateFolder.sweep(folder);
            return lasting;
        }
        PrivateFolder own = PrivateFolder.create(folder);
        return openLayered(openView(folder, own, repository), own, repository);
    }

    private static Path systemFolder() throws IOException {
        return Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** The lasting index, or null when somebody else has it. */
    private static @Nullable RocksIndex openLasting(Path folder, RepositoryId repository) throws IOException {
        Path database = folder.resolve(DATABASE);
        boolean found = RocksStore.exists(database);
        RocksStore store;
        try {
            store = RocksStore.open(database);
        } catch (RocksDBException e) {
            if (RocksStore.isHeld(e, database)) {
                return null;
            }
            store = remake(folder);
        }
        return store == null ? null : checked(store, folder, repository, found);
    }

    private static RocksIndex checked(RocksStore store, Path folder, RepositoryId repository, boolean found)
            throws IOException {
        try {
            if (found && !Files.exists(folder.resolve(DAMAGED))) {
                RocksIndex whole = openWhole(store, folder.resolve(LOAD), repository, TABLE_BYTES_MAX);
                if (whole != null) {
                    return whole;
                }
            }
            RocksIndex.reset(store, repository);
            Files.deleteIfExists(folder.resolve(DAMAGED));
            return new RocksIndex(store, folder.resolve(LOAD), TABLE_BYTES_MAX, found);
        } catch (IOException e) {
            store.close();
            throw e;
        }
    }

    /** The index in a database, or null when it is damaged, of another layout or repository, or half loaded. */
    private static @Nullable RocksIndex openWhole(
            RocksStore store, Path loadFolder, RepositoryId repository, long tableBytesMax) {
        try {
            if (!RocksIndex.isWhole(store, repository)) {
                return null;
            }
            RocksIndex index = new RocksIndex(store, loadFolder, tableBytesMax, false);
            if (!store.isView()) {
                for (PackId lone : index.lonePacks()) {
                    index.removePack(lone);
                }
            }
            return index;
        } catch (IOException e) {
            return null;
        }
    }

    /** Deletes a database that does not open and makes a new one; null when somebody else is doing just that. */
    private static @Nullable RocksStore remake(Path folder) throws IOException {
        Path database = folder.resolve(DATABASE);
        try (FileChannel channel =
                FileChannel.open(folder.resolve(REMAKING), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            FileLock lock = tryLock(channel);
            if (lock == null) {
                return null;
            }
            try {
                return RocksStore.open(database);
            } catch (RocksDBException e) {
                if (RocksStore.isHeld(e, database)) {
                    return null;
                }
            }
            delete(database);
            return RocksStore.open(database);
        } catch (RocksDBException e) {
            throw notOpening(e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** A view of what somebody else has; null when it can't be had: that costs time only. */
    private static @Nullable RocksIndex openView(Path folder, PrivateFolder own, RepositoryId repository) {
        if (Files.exists(folder.resolve(DAMAGED))) {
            return null;
        }
        RocksStore store;
        try {
            Path database = folder.resolve(DATABASE);
            Path copy = own.path().resolve(VIEW);
            if (!DatabaseCopy.make(database, copy)) {
                return null;
            }
            store = RocksStore.openView(database, copy);
        } catch (RocksDBException | IOException e) {
            return null;
        }
        RocksIndex view = openWhole(store, own.path().resolve(LOAD), repository, TABLE_BYTES_MAX / 2);
        if (view == null) {
            store.close();
        }
        return view;
    }

    private static ChunkIndex openLayered(@Nullable RocksIndex view, PrivateFolder folder, RepositoryId repository)
            throws IOException {
        try {
            RocksStore store = RocksStore.open(folder.path().resolve(DATABASE));
            RocksIndex.reset(store, repository);
            RocksIndex own = new RocksIndex(store, folder.path().resolve(LOAD), TABLE_BYTES_MAX / 2, false);
            return new LayeredIndex(view, own, folder);
        } catch (RocksDBException e) {
            if (view != null) {
                view.close();
            }
            folder.close();
            throw notOpening(e);
        }
    }

    private static StoreException notOpening(RocksDBException cause) {
        return new RepositoryException(
                ErrorKind.BACKEND, null, "the local index does not open: " + cause.getMessage(), cause);
    }

    /** Leaves word for the next open that the database in {@code database} is damaged. */
    static void noteDamage(Path database) {
        try {
            Files.writeString(database.resolveSibling(DAMAGED), "");
        } catch (IOException e) {
            // The damage itself is being reported; without the mark it is met again and reported again.
            return;
        }
    }

    /** Deletes a folder and all below it; an absent one is passed over, and so is what vanishes meanwhile. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
