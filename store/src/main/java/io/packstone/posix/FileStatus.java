package io.packstone.posix;

import io.packstone.metadata.ExtendedAttributes;
import io.packstone.metadata.FileFlags;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.Fingerprint;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import java.nio.LongBuffer;
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

    /** From a struct statx (include/uapi/linux/stat.h), by words of 8 bytes, of which the lower half comes first. */
    void set(LongBuffer words) {
        mask = (int) words.get(0);
        flags = (int) words.get(1) & FileFlags.ALL;
        long linksAndUser = words.get(2);
        linkCount = (int) linksAndUser;
        uid = (int) (linksAndUser >>> 32);
        long groupAndMode = words.get(3);
        gid = (int) groupAndMode;
        modeAndType = (int) (groupAndMode >>> 32) & 0xffff;
        inode = words.get(4);
        size = words.get(5);
        blocks = words.get(6);
        accessedSeconds = words.get(8);
        accessedNanos = nanos(words.get(9));
        bornSeconds = words.get(10);
        bornNanos = nanos(words.get(11));
        changedSeconds = words.get(12);
        changedNanos = nanos(words.get(13));
        modifiedSeconds = words.get(14);
        modifiedNanos = nanos(words.get(15));
        long node = words.get(16);
        nodeMajor = (int) node;
        nodeMinor = (int) (node >>> 32);
        long device = words.get(17);
        deviceMajor = (int) device;
        deviceMinor = (int) (device >>> 32);
    }

    /** Some file systems hand out whatever is on the disk. */
    private static int nanos(long word) {
        int nanos = (int) word;
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
