package io.packstone.metadata;

/**
 * What a file system says of one file, without its name and content.
 *
 * @param mode the low twelve permission bits, set-id and sticky included
 * @param size length in bytes of a regular file; 0 for anything else
 * @param linkCount how many names the inode has; more than 1 on a regular file makes a hard-link group
 * @param deviceMajor of a device node, else 0
 * @param deviceMinor of a device node, else 0
 * @param linkTarget of a symbolic link, else empty; the bytes belong to the record and are not changed
 */
public record FileMetadata(
        FileType type,
        int mode,
        Owner owner,
        Timestamp modified,
        long size,
        Fingerprint fingerprint,
        int linkCount,
        int deviceMajor,
        int deviceMinor,
        RawName linkTarget) {

    /** The same of another length. */
    public FileMetadata withSize(long other) {
        return new FileMetadata(
                type, mode, owner, modified, other, fingerprint, linkCount, deviceMajor, deviceMinor, linkTarget);
    }

    /** True when nothing that a content change would touch differs: type, size, mtime, ctime and inode. */
    public boolean looksUnchangedSince(FileMetadata earlier) {
        return type == earlier.type
                && size == earlier.size
                && modified.equals(earlier.modified)
                && fingerprint.changed().equals(earlier.fingerprint.changed())
                && fingerprint.inode() == earlier.fingerprint.inode();
    }
}
