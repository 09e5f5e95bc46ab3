package io.packstone.restore;

import io.packstone.crypto.ChunkHasher;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.MissingObjectException;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.index.ChunkLocation;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.pack.PackTable;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.repository.Repository;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes regular files: each byte verified by its chunk's id, metadata through the open file, last. For one thread. */
final class FileWriting {
    private static final RawName TEMPORARY_PREFIX = RawName.of(".packstone-");
    private static final byte[] NO_REFS = new byte[0];
    private static final int FILE_MODE = 0600;

    private final Repository repository;
    private final TargetFolders folders;
    private final RestoreOptions options;
    private final Tally tally;
    private final boolean doubtExisting;
    private final ChunkHasher hasher;

    /** {@code doubtExisting} compares existing files chunk by chunk, as after a restore that was killed. */
    FileWriting(
            Repository repository, TargetFolders folders, RestoreOptions options, Tally tally, boolean doubtExisting) {
        this.repository = repository;
        this.folders = folders;
        this.options = options;
        this.tally = tally;
        this.doubtExisting = doubtExisting;
        this.hasher = new ChunkHasher(repository.keys().idKey());
    }

    /** Restores one file to {@code path} below the target; what goes wrong with it alone is tallied. */
    void restore(ManifestEntry entry, TreePath path) throws IOException {
        try (TargetFolders.Folder held = folders.folder(path.directory())) {
            DirectoryHandle folder = held.handle();
            FileStatus there = folder.statIfPresent(path.name());
            if (there != null && keeps(there, entry.metadata())) {
                tally.filesUnchanged.incrementAndGet();
                tally.progress().advance(1, entry.metadata().size());
            } else if (options.dryRun()) {
                tally.filesRestored.incrementAndGet();
                tally.bytesWritten.addAndGet(entry.metadata().size());
            } else if (there == null) {
                create(entry, folder, path.name(), null);
            } else {
                replace(entry, folder, path.name(), there);
            }
        } catch (PosixException e) {
            failed(path, e);
        } catch (CorruptionException | MissingObjectException e) {
            tally.damaged.set(true);
            tally.problem(path + ": not restored: " + e.getMessage());
        }
    }

    private void failed(TreePath path, PosixException cause) throws StoreException {
        if (cause.isNoRoom()) {
            throw new RepositoryException(
                    ErrorKind.NO_ROOM, null, path + ": no room left in the target; free some space and run it again");
        }
        tally.problem(path + ": " + cause.reason());
    }

    private boolean keeps(FileStatus there, FileMetadata wanted) {
        boolean older = wanted.modified().compareTo(there.modified()) <= 0;
        boolean same = TargetFolders.isOf(there, FileType.FILE)
                && there.size() == wanted.size()
                && there.modified().equals(wanted.modified())
                && there.mode() == wanted.mode()
                && there.uid() == wanted.owner().uid()
                && there.gid() == wanted.owner().gid();
        return switch (options.overwrite()) {
            case ALWAYS -> false;
            case IF_CHANGED -> same && !doubtExisting;
            case IF_NEWER -> older && !doubtExisting;
            case NEVER -> true;
        };
    }

    private void replace(ManifestEntry entry, DirectoryHandle folder, RawName name, FileStatus there)
            throws PosixException, IOException {
        if (TargetFolders.isOf(there, FileType.DIRECTORY)) {
            folder.removeDirectory(name);
            create(entry, folder, name, null);
            return;
        }
        RawName temporary = temporaryName(name);
        FileHandle old = TargetFolders.isOf(there, FileType.FILE) ? folder.openFile(name) : null;
        try {
            create(entry, folder, temporary, old);
            folder.rename(temporary, folder, name);
        } finally {
            if (old != null) {
                old.close();
            }
        }
    }

    /** A name of its own for each file, so that what a killed restore left is replaced by the next. */
    private static RawName temporaryName(RawName name) {
        int hash = name.hashCode();
        return RawName.of(TEMPORARY_PREFIX.toText() + Integer.toHexString(hash) + "-" + name.length());
    }

    private void create(ManifestEntry entry, DirectoryHandle folder, RawName name, @Nullable FileHandle old)
            throws PosixException, IOException {
        FileHandle file = createAfresh(folder, name, old != null);
        boolean whole = false;
        try (file) {
            writeBody(entry, file, old);
            setMetadata(file, entry.metadata());
            whole = true;
        } finally {
            if (!whole) {
                folder.unlink(name);
            }
        }
        tally.filesRestored.incrementAndGet();
        tally.progress().advance(1, 0);
    }

    private static FileHandle createAfresh(DirectoryHandle folder, RawName name, boolean temporary)
            throws PosixException {
        try {
            return folder.createFile(name, FILE_MODE);
        } catch (PosixException e) {
            if (!temporary || !e.isExists()) {
                throw e;
            }
            folder.unlink(name);
            return folder.createFile(name, FILE_MODE);
        }
    }

    private void writeBody(ManifestEntry entry, FileHandle file, @Nullable FileHandle old)
            throws PosixException, IOException {
        BodyReader body = new BodyReader(repository.chunks(), entry.body());
        byte[] buffer = old == null ? NO_REFS : new byte[8 << 20];
        while (body.next()) {
            int length = body.length();
            if (old != null
                    && length <= buffer.length
                    && old.read(body.offset(), buffer, 0, length) == length
                    && hasher.id(ChunkType.DATA, NO_REFS, 0, buffer, 0, length).equals(body.id())) {
                file.write(body.offset(), buffer, 0, length);
                tally.bytesReused.addAndGet(length);
            } else {
                writeChunk(body.id(), length, body.offset(), file);
            }
            tally.progress().advance(0, length);
        }
    }

    private void writeChunk(ChunkId id, int length, long offset, FileHandle file) throws PosixException, IOException {
        ChunkLocation location = repository.index().find(id, ChunkType.DATA);
        if (location != null) {
            try {
                PackTable table = location.table();
                int row = location.row();
                byte[] plain = repository.blocks().plain(location.pack(), table, table.rowBlock(row));
                int from = table.rowPlainOffset(row);
                if (table.rowPayloadLength(row) == length
                        && hasher.id(ChunkType.DATA, NO_REFS, 0, plain, from, length)
                                .equals(id)) {
                    file.write(offset, plain, from, length);
                    tally.bytesWritten.addAndGet(length);
                    return;
                }
            } catch (CorruptionException | MissingObjectException e) {
                tally.damaged.set(true);
            }
        }
        byte[] payload = repository.chunks().get(id, ChunkType.DATA).payload();
        if (payload.length != length) {
            throw new CorruptionException("chunk " + id.toShortHex(), "it has another length than its file says");
        }
        file.write(offset, payload, 0, length);
        tally.bytesWritten.addAndGet(length);
    }

    private void setMetadata(FileHandle file, FileMetadata metadata) throws PosixException {
        int mode = metadata.mode();
        try {
            file.setOwner(metadata.owner().uid(), metadata.owner().gid());
        } catch (PosixException e) {
            mode &= 0777;
        }
        file.setMode(mode);
        file.setTimes(metadata.modified(), metadata.modified());
    }

    /** Owner, mode and time of anything but a regular file, by name. */
    static void setMetadata(DirectoryHandle folder, RawName name, FileMetadata metadata) throws PosixException {
        int mode = metadata.mode();
        try {
            folder.setOwner(name, metadata.owner().uid(), metadata.owner().gid());
        } catch (PosixException e) {
            mode &= 0777;
        }
        if (metadata.type() != FileType.SYMLINK) {
            folder.setMode(name, mode);
        }
        folder.setTimes(name, metadata.modified(), metadata.modified());
    }
}
