package io.packstone.source;

import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.TreePath;
import org.jspecify.annotations.Nullable;

/** A name that the walk found: where it is and what the file system said of it. Immutable; holds nothing open. */
public final class SourceEntry {
    private final TreePath path;
    private final FileMetadata metadata;
    private final @Nullable SourceDirectory directory;
    private final boolean device;

    SourceEntry(TreePath path, FileMetadata metadata, @Nullable SourceDirectory directory, boolean device) {
        this.path = path;
        this.metadata = metadata;
        this.directory = directory;
        this.device = device;
    }

    /** Where it is. */
    public TreePath path() {
        return path;
    }

    /** What was true when the walk came by. */
    public FileMetadata metadata() {
        return metadata;
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

    @Override
    public String toString() {
        return metadata.type() + " " + path;
    }
}
