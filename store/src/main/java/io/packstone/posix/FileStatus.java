package io.packstone.posix;

import io.packstone.metadata.ExtendedAttributes;
import io.packstone.metadata.FileFlags;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.Fingerprint;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What statx says of one file. Mutable, so that a walk fills one again and again; for one thread. */
public final class FileStatus {
    /** A bit for each of 1, 2, 4, 6, 8, 10 and 12. */
    private static final int KNOWN_TYPES = 0b1_0101_0101_0110;

    private static final int NANOS_MAX = 999_999_999;

    private int linkCount;
    private int mask;
    private int flags;
    private long bornSeconds;
    private int bornNanos;
    private int uid;
    private int gid;
    private int modeAndType;
    private long inode;
    private long size;
    private long blocks;
    private long accessedSeconds;
    private int accessedNanos;
    private long changedSeconds;
    private int changedNanos;
    private long modifiedSeconds;
    private int modifiedNanos;
    private int nodeMajor;
    private int nodeMinor;
    private int deviceMajor;
    private int deviceMinor;

    /** All zero until a call fills it. */
    public FileStatus() {}

    /** From a struct statx (include/uapi/linux/stat.h). */
    void set(ByteBuffer memory, int at) {
        mask = memory.getInt(at);
        flags = (int) memory.getLong(at + 8) & FileFlags.ALL;
        linkCount = memory.getInt(at + 16);
        uid = memory.getInt(at + 20);
        gid = memory.getInt(at + 24);
        modeAndType = memory.getShort(at + 28) & 0xffff;
        inode = memory.getLong(at + 32);
        size = memory.getLong(at + 40);
        blocks = memory.getLong(at + 48);
        accessedSeconds = memory.getLong(at + 64);
        accessedNanos = nanos(memory, at + 72);
        bornSeconds = memory.getLong(at + 80);
        bornNanos = nanos(memory, at + 88);
        changedSeconds = memory.getLong(at + 96);
        changedNanos = nanos(memory, at + 104);
        modifiedSeconds = memory.getLong(at + 112);
        modifiedNanos = nanos(memory, at + 120);
        nodeMajor = memory.getInt(at + 128);
        nodeMinor = memory.getInt(at + 132);
        deviceMajor = memory.getInt(at + 136);
        deviceMinor = memory.getInt(at + 140);
    }

    /** Some file systems hand out whatever is on the disk. */
    private static int nanos(ByteBuffer memory, int at) {
        int nanos = memory.getInt(at);
        return nanos < 0 || nanos > NANOS_MAX ? NANOS_MAX : nanos;
    }

    /** False for a kind of file that POSIX does not know; {@link #type} fails on it. */
    public boolean isKnown() {
        int kind = modeAndType >> 12;
        return (KNOWN_TYPES >> kind & 1) != 0;
    }

    /** True for a regular file that has no other name. */
    public boolean isSoleFile() {
        return isKnown() && type() == FileType.FILE && linkCount() == 1;
    }

    /** What kind of file it is. */
    public FileType type() {
        return switch (modeAndType >> 12) {
            case 0x8 -> FileType.FILE;
            case 0x4 -> FileType.DIRECTORY;
            case 0xa -> FileType.SYMLINK;
            case 0x1 -> FileType.FIFO;
            case 0x2 -> FileType.CHARACTER_DEVICE;
            case 0x6 -> FileType.BLOCK_DEVICE;
            case 0xc -> FileType.SOCKET;
            default -> throw new IllegalStateException("unknown file type " + (modeAndType >> 12));
        };
    }

    /** The low twelve permission bits. */
    public int mode() {
        return modeAndType & 0xfff;
    }

    /** The owner's number, as an unsigned int. */
    public int uid() {
        return uid;
    }

    /** The group's number, as an unsigned int. */
    public int gid() {
        return gid;
    }

    /** Length in bytes. */
    public long size() {
        return size;
    }

    /** Bytes that the file system allocated. */
    public long allocatedLength() {
        return blocks << 9;
    }

    /** How many names the inode has. */
    public int linkCount() {
        return linkCount;
    }

    /** The inode's number. */
    public long inode() {
        return inode;
    }

    /** The device that the file is on: major in the upper, minor in the lower 32 bits. */
    public long device() {
        return (long) deviceMajor << 32 | deviceMinor & 0xffffffffL;
    }

    /** The major number of the device that this file is. */
    public int nodeMajor() {
        return nodeMajor;
    }

    /** The minor number of the device that this file is. */
    public int nodeMinor() {
        return nodeMinor;
    }

    /** When it was last read. */
    public Timestamp accessed() {
        return new Timestamp(accessedSeconds, accessedNanos);
    }

    /** When its bytes were last changed. */
    public Timestamp modified() {
        return new Timestamp(modifiedSeconds, modifiedNanos);
    }

    /** When anything about it was last changed. */
    public Timestamp changed() {
        return new Timestamp(changedSeconds, changedNanos);
    }

    /**
     * Those of {@link FileFlags}; statx has the numbers of FS_IOC_GETFLAGS for them. Links, pipes and devices inherit some
     * that nobody can set or take away, since only files and directories can be opened for it: they have none here.
     */
    public int flags() {
        int kind = modeAndType >> 12;
        return kind == 0x8 || kind == 0x4 ? flags : 0;
    }

    /** When it was made; null where the file system does not tell. */
    public @Nullable Timestamp born() {
        return (mask & Architecture.STATX_BTIME) == 0 ? null : new Timestamp(bornSeconds, bornNanos);
    }

    /** As a value without extended attributes; {@code linkTarget} is kept, and empty unless this is a symbolic link. */
    public FileMetadata toMetadata(OwnerNames names, RawName linkTarget) {
        FileType type = type();
        boolean node = type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE;
        return new FileMetadata(
                type,
                mode(),
                names.owner(uid, gid),
                modified(),
                type == FileType.FILE ? size : 0,
                new Fingerprint(inode, device(), changed()),
                linkCount,
                node ? nodeMajor : 0,
                node ? nodeMinor : 0,
                linkTarget,
                ExtendedAttributes.NONE,
                flags(),
                born());
    }
}
