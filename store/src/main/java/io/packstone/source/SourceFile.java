package io.packstone.source;

import io.packstone.error.SourceException;
import io.packstone.metadata.FileMetadata;
import io.packstone.posix.FileHandle;
import io.packstone.posix.PosixException;
import java.io.Closeable;

/** A regular file, open for reading. {@link #read} may be called from any thread. */
public final class SourceFile implements Closeable {
    private final FileHandle file;
    private final SourceEntry entry;

    SourceFile(FileHandle file, SourceEntry entry) {
        this.file = file;
        this.entry = entry;
    }

    /** Reads up to {@code length} bytes from {@code offset}; the count, 0 at the end. */
    public int read(long offset, byte[] target, int targetOffset, int length) throws SourceException {
        try {
            return file.read(offset, target, targetOffset, length);
        } catch (PosixException e) {
            throw entry.failed(e);
        }
    }

    /** What the system says of it now. */
    public FileMetadata stat() throws SourceException {
        try {
            return entry.metadata(file.stat());
        } catch (PosixException e) {
            throw entry.failed(e);
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
