package io.packstone.source;

import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.Fingerprint;
import io.packstone.metadata.RawName;
import io.packstone.posix.FileHandle;
import io.packstone.posix.PosixException;

/** A block device seen as the file of its bytes. */
final class DeviceBytes {
    private DeviceBytes() {}

    /** The same as a regular file that is as long as the device. It has no fingerprint: no time tells when it was written to. */
    static FileMetadata asFile(FileMetadata device, FileHandle handle) throws PosixException {
        return new FileMetadata(
                FileType.FILE,
                device.mode(),
                device.owner(),
                device.modified(),
                handle.end(),
                Fingerprint.NONE,
                1,
                0,
                0,
                RawName.EMPTY);
    }
}
