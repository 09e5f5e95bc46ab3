package io.packstone.metadata;

import org.jspecify.annotations.Nullable;

/**
 * What a file system says of one file, without its name and content.
 *
 * @param mode the low twelve permission bits, set-id and sticky included
 * @param size length in bytes of a regular file; 0 for anything else
 * @param linkCount how many names the inode has; more than 1 on anything but a directory makes a hard-link group
 * @param deviceMajor of a device node, else 0
 * @param deviceMinor of a device node, else 0
 * @param linkTarget of a symbolic link, else empty; the bytes belong to the record and are not changed
 * @param flags those of {@link FileFlags}
 * @param born when the inode was made; null where the file system does not tell
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
        RawName linkTarget,
        ExtendedAttributes attributes,
        int flags,
        @Nullable Timestamp born) {

    /** Of what has no attributes and no flags, and was born at a time that nobody knows. */
    public FileMetadata(
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
        this(
                type,
                mode,
                owner,
                modified,
                size,
                fingerprint,
                linkCount,
                deviceMajor,
                deviceMinor,
                linkTarget,
                ExtendedAttributes.NONE,
                0,
                null);
    }

    /** The same of another length. */
    public FileMetadata withSize(long other) {
        return with(other, fingerprint, attributes);
    }

    /** The same with these attributes. */
    public FileMetadata withAttributes(ExtendedAttributes other) {
        return other == attributes ? this : with(size, fingerprint, other);
    }

    /** The same on a device of that number. */
    public FileMetadata withDevice(long other) {
        Fingerprint there = new Fingerprint(fingerprint.inode(), other, fingerprint.changed());
        return other == fingerprint.device() ? this : with(size, there, attributes);
    }

    private FileMetadata with(long newSize, Fingerprint newFingerprint, ExtendedAttributes newAttributes) {
        return new FileMetadata(
                type,
                mode,
                owner,
                modified,
                newSize,
                newFingerprint,
                linkCount,
                deviceMajor,
                deviceMinor,
                linkTarget,
                newAttributes,
                flags,
                born);
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
