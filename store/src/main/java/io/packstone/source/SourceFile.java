package io.packstone.source;

import io.packstone.error.SourceException;
import io.packstone.metadata.ExtendedAttributes;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.Holes;
import io.packstone.metadata.RawName;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.OwnerNames;
import io.packstone.posix.PosixException;
import java.io.Closeable;

/** A regular file of the source, open for reading. Reads may come from many threads; closing is for one, after them. */
public final class SourceFile implements Closeable {
    /** A file of up to so many blocks has its extents in the inode: what it has allocated are bytes of its own. */
    private static final long SMALL = 16 << 10;

    private static final long BLOCK = 4096;

    private final SourceEntry entry;
    private final FileHandle handle;
    private final OwnerNames names;
    private final Unread unread;
    private FileMetadata opened;
    private long allocatedLength;

    /** One that is taken to be still what the walk found, until {@link #look}. */
    SourceFile(SourceEntry entry, FileHandle handle, OwnerNames names, Unread unread) {
        this.entry = entry;
        this.handle = handle;
        this.names = names;
        this.unread = unread;
        this.opened = entry.metadata();
        this.allocatedLength = entry.allocatedLength();
    }

    /** Takes what is true now for what was true when it was opened; before it is handed to other threads. */
    void look() throws SourceException {
        try {
            FileStatus now = handle.stat();
            opened = metadata(now);
            allocatedLength = now.allocatedLength();
        } catch (PosixException e) {
            throw problem(e);
        }
    }

    private FileMetadata metadata(FileStatus status) throws PosixException, SourceException {
        FileType wanted = entry.isDevice() ? FileType.BLOCK_DEVICE : FileType.FILE;
        if (!status.isKnown() || status.type() != wanted) {
            String what = entry.isDevice() ? "block device" : "regular file";
            throw new SourceException(entry.path().toString(), "is no " + what + " any more");
        }
        FileMetadata metadata = entry.shown(status, status.toMetadata(names, RawName.EMPTY));
        return entry.isDevice() ? DeviceBytes.asFile(metadata, handle) : metadata;
    }

    /** What was true when it was opened, or is taken to have been. */
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
            stat(); // what took a file's place may not be for reading: that is the better reason
            throw problem(e);
        }
    }

    /** What is true now; fails when it is no regular file. */
    public FileMetadata stat() throws SourceException {
        try {
            return metadata(handle.stat());
        } catch (PosixException e) {
            throw problem(e);
        }
    }

    /** What extended attributes it has; what can't be read of them is counted. */
    public ExtendedAttributes attributes() {
        ExtendedAttributes attributes = unread.attributes(handle.attributes(), entry.path());
        return attributes == null ? ExtendedAttributes.NONE : attributes;
    }

    /**
     * Where it has holes. A file that is not read for it costs one call to tell that it has none, a small one that takes
     * as much room as it is long none at all.
     *
     * @param attributes its extended attributes, which may take room as well
     */
    public Holes holes(ExtendedAttributes attributes) throws SourceException {
        long size = opened.size();
        boolean whole = size <= SMALL && attributes.isEmpty() && allocatedLength == (size + BLOCK - 1) / BLOCK * BLOCK;
        if (size == 0 || whole || entry.isDevice()) {
            return Holes.NONE;
        }
        try {
            long hole = handle.nextHole(0);
            return hole >= size ? Holes.NONE : holes(hole, size);
        } catch (PosixException e) {
            if (e.isUnsupported() || e.isOutOfRange()) {
                return Holes.NONE; // A file system that knows of none, or a file that shrank: both are found out later.
            }
            throw problem(e);
        }
    }

    private Holes holes(long first, long size) throws PosixException {
        Holes.Collector collector = new Holes.Collector();
        long hole = first;
        while (hole < size) {
            long data = handle.nextData(hole);
            long end = data < 0 ? size : Math.min(data, size);
            if (end > hole) {
                collector.add(hole, end);
            }
            hole = end >= size ? size : handle.nextHole(end);
        }
        Holes found = collector.finish();
        if (!collector.isComplete()) {
            tooManyHoles(unread, entry);
        }
        return found;
    }

    /** Counts a file that has more holes than are kept. */
    static void tooManyHoles(Unread unread, SourceEntry entry) {
        unread.add(Unread.Kind.HOLES, entry.path(), "more than " + Holes.COUNT_MAX);
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
