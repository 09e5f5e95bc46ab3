package io.packstone.source;

import io.packstone.error.SourceException;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.Fingerprint;
import io.packstone.metadata.Owner;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;

/** One file of any type that the walk came by. May be opened later, from another thread. */
public final class SourceEntry {
    private final TreePath path;
    private final FileMetadata metadata;
    private final DirectoryHandle directory;

    SourceEntry(TreePath path, FileMetadata metadata, DirectoryHandle directory) {
        this.path = path;
        this.metadata = metadata;
        this.directory = directory;
    }

    /** Where it is. */
    public TreePath path() {
        return path;
    }

    /** What the system said of it when the walk came by. */
    public FileMetadata metadata() {
        return metadata;
    }

    /** Opens a regular file: through its directory while that is open, else from the root down. */
    public SourceFile open() throws SourceException {
        try {
            if (directory.retain()) {
                try (directory) {
                    return new SourceFile(directory.openFile(path.name()), this);
                }
            }
            try (DirectoryHandle root = DirectoryHandle.root();
                    DirectoryHandle again = root.openPath(path.directory())) {
                return new SourceFile(again.openFile(path.name()), this);
            }
        } catch (PosixException e) {
            throw failed(e);
        }
    }

    SourceException failed(PosixException cause) {
        return new SourceException(path.toString(), cause.getMessage());
    }

    FileMetadata metadata(FileStatus status) {
        return metadata(status, metadata.owner(), metadata.linkTarget());
    }

    static FileMetadata metadata(FileStatus status, Owner owner, RawName linkTarget) {
        FileType type = type(status.type());
        return new FileMetadata(
                type,
                status.mode(),
                owner,
                new Timestamp(status.modifiedSeconds(), status.modifiedNanos()),
                type == FileType.FILE ? status.size() : 0,
                new Fingerprint(
                        status.inode(), status.device(), new Timestamp(status.changedSeconds(), status.changedNanos())),
                status.linkCount(),
                status.deviceMajor(),
                status.deviceMinor(),
                linkTarget);
    }

    private static FileType type(int bits) {
        return switch (bits) {
            case 0040000 -> FileType.DIRECTORY;
            case 0120000 -> FileType.SYMLINK;
            case 0010000 -> FileType.FIFO;
            case 0020000 -> FileType.CHARACTER_DEVICE;
            case 0060000 -> FileType.BLOCK_DEVICE;
            case 0140000 -> FileType.SOCKET;
            default -> FileType.FILE;
        };
    }
}
