package io.packstone.source;

import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.TreePath;
import io.packstone.posix.FileStatus;
import org.jspecify.annotations.Nullable;

/** A name that the walk found: where it is and what the file system said of it. Immutable; holds nothing open. */
public final class SourceEntry {
    private final TreePath path;
    private final FileMetadata metadata;
    private final long allocatedLength;
    private final @Nullable SourceDirectory directory;
    private final boolean device;
    private final boolean passage;

    private SourceEntry(
            TreePath path,
            FileMetadata metadata,
            long allocatedLength,
            @Nullable SourceDirectory directory,
            boolean device,
            boolean passage) {
        this.path = path;
        this.metadata = metadata;
        this.allocatedLength = allocatedLength;
        this.directory = directory;
        this.device = device;
        this.passage = passage;
    }

    /**
     * What {@code status} is about.
     *
     * @param metadata what is shown of it
     * @param passage true for a directory that only leads to what was given
     */
    static SourceEntry of(
            TreePath path,
            FileStatus status,
            FileMetadata metadata,
            @Nullable SourceDirectory directory,
            boolean passage) {
        return new SourceEntry(path, metadata, status.allocatedLength(), directory, false, passage);
    }

    /** A block device that was given itself, with metadata that says how long it is. */
    static SourceEntry device(TreePath path, FileMetadata metadata, @Nullable SourceDirectory directory) {
        return new SourceEntry(path, metadata, 0, directory, true, false);
    }

    /** Where it is. */
    public TreePath path() {
        return path;
    }

    /** What was true when the walk came by. */
    public FileMetadata metadata() {
        return metadata;
    }

    /** Bytes that the file system had allocated for it then. */
    long allocatedLength() {
        return allocatedLength;
    }

    /** True for a block device that was given itself: its bytes count as those of a regular file. */
    public boolean isDevice() {
        return device;
    }

    /** What it is opened relative to; null for the root only. */
    @Nullable
    SourceDirectory directory() {
        return directory;
    }

    /** What {@code status} of a file in the same directory says, with the number that stands for its device. */
    FileMetadata shown(FileStatus status, FileMetadata found) {
        return directory == null ? found : found.withDevice(directory.shown(status));
    }

    /** True for a directory that only leads to what was given, perhaps through a symbolic link. */
    boolean isPassage() {
        return passage;
    }

    @Override
    public String toString() {
        return metadata.type() + " " + path;
    }
}
