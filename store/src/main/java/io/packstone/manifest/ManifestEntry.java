package io.packstone.manifest;

import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.TreePath;

/**
 * One entry of a manifest.
 *
 * @param body of a regular file; {@link FileBody#EMPTY} for anything else
 * @param changedWhileRead the file would not hold still: its bytes may mix two states
 */
public record ManifestEntry(TreePath path, FileMetadata metadata, FileBody body, boolean changedWhileRead) {
    /** An entry without bytes. */
    public static ManifestEntry plain(TreePath path, FileMetadata metadata) {
        return new ManifestEntry(path, metadata, FileBody.EMPTY, false);
    }

    /** The same bytes with other metadata. */
    public ManifestEntry withMetadata(FileMetadata other) {
        return new ManifestEntry(path, other, body, changedWhileRead);
    }
}
