package io.packstone.source;

import io.packstone.error.SourceException;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.RawName;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.OwnerNames;
import io.packstone.posix.PosixException;
import java.io.Closeable;

/** A regular file of the source, open for reading. Reads may come from many threads; closing is for one, after them. */
public final class SourceFile implements Closeable {
    private final SourceEntry entry;
    private final FileHandle handle;
    private final OwnerNames names;
    private final FileMetadata opened;

    SourceFile(SourceEntry entry, FileHandle handle, FileStatus opened, OwnerNames names) throws PosixException {
        this.entry = entry;
        this.handle = handle;
        this.names = names;
        this.opened = metadata(opened);
    }

    private FileMetadata metadata(FileStatus status) throws PosixException {
        FileMetadata metadata = status.toMetadata(names, RawName.EMPTY);
        return entry.isDevice() ? DeviceBytes.asFile(metadata, handle) : metadata;
    }

    /** What was true when it was opened. */
    public FileMetadata opened() {
        return opened;
    }

    /**
     * Reads until {@code length} bytes are in {@code target} or the file ends.
     *
     * @return how many; fewer than {@code length} only at the end, 0 beyond it
     */
    public int read(long position, byte[] target, int offset, int length) throws SourceException {
        try {
            return handle.read(position, target, offset, length);
        } catch (PosixException e) {
            throw problem(e);
        }
    }

    /** What is true now. */
    public FileMetadata stat() throws SourceException {
        try {
            return metadata(handle.stat());
        } catch (PosixException e) {
            throw problem(e);
        }
    }

    /** Where bytes that are no hole begin, from {@code position} on; -1 when only a hole is left. */
    public long nextData(long position) throws SourceException {
        try {
            return handle.nextData(position);
        } catch (PosixException e) {
            throw problem(e);
        }
    }

    /** Where the next hole begins, from {@code position} on; the end of the file counts as one. */
    public long nextHole(long position) throws SourceException {
        try {
            return handle.nextHole(position);
        } catch (PosixException e) {
            throw problem(e);
        }
    }

    private SourceException problem(PosixException e) {
        return new SourceException(entry.path().toString(), e.reason());
    }

    /** Nothing can be lost by closing a file that was only read, so nothing is thrown but for a wrong descriptor. */
    @Override
    public void close() {
        try {
            handle.close();
        } catch (PosixException e) {
            throw new IllegalStateException(e);
        }
    }
}
