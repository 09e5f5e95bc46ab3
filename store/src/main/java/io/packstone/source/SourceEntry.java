package io.packstone.source;

import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.TreePath;
import org.jspecify.annotations.Nullable;

/** A name that the walk found: where it is and what the file system said of it. Immutable; holds nothing open. */
public final class SourceEntry {
    private final TreePath path;
    private final FileMetadata metadata;
    private final @Nullable SourceDirectory directory;
    private final boolean passage;

    SourceEntry(TreePath path, FileMetadata metadata, @Nullable SourceDirectory directory, boolean passage) {
        this.path = path;
        this.metadata = metadata;
        this.directory = directory;
        this.passage = passage;
    }

    /** Where it is. */
    public TreePath path() {
        return path;
    }

    /** What was true when the walk came by. */
    public FileMetadata metadata() {
        return metadata;
    }

    /** What it is opened relative to; null for the root only. */
    @Nullable
    SourceDirectory directory() {
        return directory;
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
