package io.packstone.posix;

import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An open directory, and all that can be done to names in it. A name is one component: "", ".", "..", a '/' or a NUL in
 * it fail with EINVAL before any call. Symbolic links are never followed unless a method says so. Calls may come from
 * many threads; closing is the business of one, after all others are done.
 */
public final class DirectoryHandle implements Closeable {
    private static final int DIRENT_LENGTH_AT = 16;
    private static final int DIRENT_NAME_AT = 19;
    private static final int TYPE_FIFO = 0x1000;
    private static final int TYPE_CHARACTER = 0x2000;
    private static final int TYPE_BLOCK = 0x6000;
    private static final int TYPE_SOCKET = 0xc000;

    private final Posix posix;
    private final int fd;
    private boolean closed;

    DirectoryHandle(Posix posix, int fd) {
        this.posix = posix;
        this.fd = fd;
    }

    int fd() {
        return fd;
    }

    /**
     * Visits every name, in the order of the file system; not on a passage. Only one listing of a handle at a time. A
     * name that is added or removed meanwhile may or may not appear.
     */
    public void list(NameVisitor visitor) throws IOException {
        if (LibC.lseek(fd, 0, 0) < 0) {
            throw Posix.failure("list");
        }
        Scratch scratch = posix.scratch();
        Scratch.Listing listing = scratch.takeListing();
        try {
            long number = posix.architecture().getdents64();
            while (true) {
                int length = (int) LibC.syscall(number, fd, listing.address, Scratch.LISTING_LENGTH, 0, 0);
                if (length < 0) {
                    throw Posix.failure("list");
                }
                if (length == 0) {
                    return;
                }
                listing.memory.get(0, listing.bytes, 0, length);
                visitRecords(listing.bytes, length, visitor);
            }
        } finally {
            scratch.giveBack(listing);
        }
    }

    /** Records of struct linux_dirent64: the low half of the length tells where the next one is. */
    private static void visitRecords(byte[] records, int end, NameVisitor visitor) throws IOException {
        int at = 0;
        while (at < end) {
            int recordLength = records[at + DIRENT_LENGTH_AT] & 0xff | (records[at + DIRENT_LENGTH_AT + 1] & 0xff) << 8;
            int start = at + DIRENT_NAME_AT;
            int stop = start;
            while (records[stop] != 0) {
                stop++;
            }
            int length = stop - start;
            boolean dots = records[start] == '.' && (length == 1 || length == 2 && records[start + 1] == '.');
            if (!dots) {
                visitor.visit(records, start, length);
            }
            at += recordLength;
        }
    }

    /** Fills {@code target} with the status of the name of {@code length} bytes at {@code offset} (borrowed). */
    public void stat(byte[] name, int offset, int length, FileStatus target) throws PosixException {
        Scratch scratch = posix.scratch();
        long address = scratch.first(name, offset, length);
        int flags = Architecture.AT_SYMLINK_NOFOLLOW | Architecture.AT_NO_AUTOMOUNT;
        if (LibC.statx(fd, address, flags, Architecture.STATX_ALL, scratch.statusAddress()) < 0) {
            throw Posix.failure("stat", name, offset, length);
        }
        scratch.copyStatus(target);
    }

    /** A fresh status of {@code name}. */
    public FileStatus stat(RawName name) throws PosixException {
        FileStatus status = new FileStatus();
        requireComponent(name);
        stat(name.array(), 0, name.length(), status);
        return status;
    }

    /** As {@link #stat(RawName)}; null when there is no such name. */
    public @Nullable FileStatus statIfPresent(RawName name) throws PosixException {
        try {
            return stat(name);
        } catch (PosixException e) {
            if (e.isNotFound()) {
                return null;
            }
            throw e;
        }
    }

    /** Fills {@code target} with the directory's own status. */
    public void statSelf(FileStatus target) throws PosixException {
        FileHandle.statDescriptor(posix, fd, target);
    }

    /** Opens a directory for all uses. */
    public DirectoryHandle openDirectory(RawName name) throws PosixException {
        return new DirectoryHandle(posix, openDirectory(name, Architecture.O_RDONLY | noFollow()));
    }

    /** Opens a directory to pass through: everything but listing and sync, without permission to read. */
    public DirectoryHandle openPassage(RawName name) throws PosixException {
        return new DirectoryHandle(posix, openDirectory(name, Architecture.O_PATH | noFollow()));
    }

    /** As {@link #openPassage}, through a symbolic link too. */
    public DirectoryHandle openPassageFollowing(RawName name) throws PosixException {
        return new DirectoryHandle(posix, openDirectory(name, Architecture.O_PATH));
    }

    private int openDirectory(RawName name, int flags) throws PosixException {
        return open(name, flags | posix.architecture().directoryFlag(), 0);
    }

    /**
     * Opens a file for reading; without touching its access time where that is permitted, and never waiting for a
     * pipe.
     */
    public FileHandle openFile(RawName name) throws PosixException {
        int flags = Architecture.O_RDONLY | noFollow() | Architecture.O_NONBLOCK;
        long address = place(name);
        int file = LibC.openat(fd, address, flags | Architecture.O_CLOEXEC | Architecture.O_NOATIME, 0);
        if (file < 0 && LibC.errno() != Errno.EPERM) {
            throw failure("open", name);
        }
        return new FileHandle(posix, file >= 0 ? file : open(name, flags, 0));
    }

    /** Opens an existing file for reading and writing. */
    public FileHandle openFileToWrite(RawName name) throws PosixException {
        int flags = Architecture.O_RDWR | noFollow() | Architecture.O_NONBLOCK;
        return new FileHandle(posix, open(name, flags, 0));
    }

    /** Creates a file that did not exist, for reading and writing. */
    public FileHandle createFile(RawName name, int mode) throws PosixException {
        int flags = Architecture.O_RDWR | Architecture.O_CREAT | Architecture.O_EXCL | noFollow();
        return new FileHandle(posix, open(name, flags, mode));
    }

    private int noFollow() {
        return posix.architecture().noFollowFlag();
    }

    private int open(RawName name, int flags, int mode) throws PosixException {
        int opened;
        do {
            opened = LibC.openat(fd, place(name), flags | Architecture.O_CLOEXEC, mode);
        } while (opened < 0 && LibC.errno() == Errno.EINTR);
        if (opened < 0) {
            throw failure("open", name);
        }
        return opened;
    }

    /** Where a symbolic link points. */
    public RawName readLink(RawName name) throws PosixException {
        requireComponent(name);
        return readLink(name.array(), 0, name.length());
    }

    /** As {@link #readLink(RawName)}, of a name of {@code length} bytes at {@code offset} (borrowed). */
    public RawName readLink(byte[] name, int offset, int length) throws PosixException {
        Scratch scratch = posix.scratch();
        long address = scratch.first(name, offset, length);
        int targetLength = (int) LibC.readlinkat(fd, address, scratch.linkAddress(), scratch.linkCapacity());
        if (targetLength < 0) {
            throw Posix.failure("read link", name, offset, length);
        }
        return scratch.link(targetLength);
    }

    /** Makes a directory. */
    public void makeDirectory(RawName name, int mode) throws PosixException {
        check(LibC.mkdirat(fd, place(name), mode), "make directory", name);
    }

    /** Makes a symbolic link to {@code target}, which may be any bytes but NUL, up to 4,095. */
    public void symlink(RawName target, RawName name) throws PosixException {
        requireNoNul(target);
        long targetAddress = posix.scratch().second(target.array(), 0, target.length());
        check(LibC.symlinkat(targetAddress, fd, place(name)), "make symbolic link", name);
    }

    /** Gives the file {@code fromName} in {@code from} the further name {@code name} here. */
    public void link(DirectoryHandle from, RawName fromName, RawName name) throws PosixException {
        long source = from.placeSecond(fromName);
        check(LibC.linkat(from.fd, source, fd, place(name), 0), "link", name);
    }

    /** Renames into {@code target}, over what has that name there. */
    public void rename(RawName name, DirectoryHandle target, RawName targetName) throws PosixException {
        long source = placeSecond(name);
        check(LibC.renameat(fd, source, target.fd, target.place(targetName)), "rename", name);
    }

    /** Renames into {@code target}; fails with EEXIST when that name is taken, atomically. */
    public void renameToNew(RawName name, DirectoryHandle target, RawName targetName) throws PosixException {
        long source = placeSecond(name);
        long number = posix.architecture().renameat2();
        long result =
                LibC.syscall(number, fd, source, target.fd, target.place(targetName), Architecture.RENAME_NOREPLACE);
        check((int) result, "rename", name);
    }

    /** Removes a name that is no directory. */
    public void unlink(RawName name) throws PosixException {
        check(LibC.unlinkat(fd, place(name), 0), "remove", name);
    }

    /** Removes an empty directory. */
    public void removeDirectory(RawName name) throws PosixException {
        check(LibC.unlinkat(fd, place(name), Architecture.AT_REMOVEDIR), "remove directory", name);
    }

    /** Makes a named pipe. */
    public void makeFifo(RawName name, int mode) throws PosixException {
        check(LibC.mknodat(fd, place(name), TYPE_FIFO | mode, 0), "make pipe", name);
    }

    /** Makes a socket that nobody listens at. */
    public void makeSocket(RawName name, int mode) throws PosixException {
        check(LibC.mknodat(fd, place(name), TYPE_SOCKET | mode, 0), "make socket", name);
    }

    /** Makes a device node, of a block device when {@code block}. */
    public void makeDevice(RawName name, int mode, boolean block, int major, int minor) throws PosixException {
        int type = block ? TYPE_BLOCK : TYPE_CHARACTER;
        check(LibC.mknodat(fd, place(name), type | mode, deviceNumber(major, minor)), "make device", name);
    }

    /** As glibc's makedev: both C libraries take the 64-bit form. */
    private static long deviceNumber(int major, int minor) {
        long high = major & 0xffffffffL;
        long low = minor & 0xffffffffL;
        return (high & 0xfffff000L) << 32 | (high & 0xfff) << 8 | (low & 0xffffff00L) << 12 | low & 0xff;
    }

    /** Gives a name away, a symbolic link itself too; -1 leaves a number as it is. */
    public void setOwner(RawName name, int uid, int gid) throws PosixException {
        int result = LibC.fchownat(fd, place(name), uid, gid, Architecture.AT_SYMLINK_NOFOLLOW);
        check(result, "chown", name);
    }

    /** Sets the low twelve permission bits; a symbolic link has none of its own and fails with EOPNOTSUPP. */
    public void setMode(RawName name, int mode) throws PosixException {
        long result = LibC.syscall(Architecture.FCHMODAT2, fd, place(name), mode, Architecture.AT_SYMLINK_NOFOLLOW, 0);
        if (result < 0) {
            int errno = LibC.errno();
            if (errno != Errno.ENOSYS && errno != Errno.EPERM) {
                throw failure("chmod", name);
            }
            setModeThroughDescriptor(name, mode);
        }
    }

    /** Before Linux 6.6: a descriptor that can't be swapped, and its name under /proc. */
    private void setModeThroughDescriptor(RawName name, int mode) throws PosixException {
        try (FileHandle file = new FileHandle(posix, open(name, Architecture.O_PATH | noFollow(), 0))) {
            if (file.stat().type() == FileType.SYMLINK) {
                throw new PosixException(Errno.EOPNOTSUPP, "chmod", name.toText());
            }
            RawName path = RawName.of("/proc/self/fd/" + file.fd());
            check(LibC.chmod(posix.scratch().first(path.array(), 0, path.length()), mode), "chmod", name);
        }
    }

    /** Sets the times, of a symbolic link itself too; null leaves one as it is. */
    public void setTimes(RawName name, @Nullable Timestamp accessed, @Nullable Timestamp modified)
            throws PosixException {
        long times = FileHandle.times(posix.scratch(), accessed, modified);
        check(LibC.utimensat(fd, place(name), times, Architecture.AT_SYMLINK_NOFOLLOW), "set times of", name);
    }

    /** As {@link FileHandle#setOwner}, of the directory itself. */
    public void setOwnerSelf(int uid, int gid) throws PosixException {
        check(LibC.fchown(fd, uid, gid), "chown");
    }

    /** As {@link FileHandle#setMode}, of the directory itself. */
    public void setModeSelf(int mode) throws PosixException {
        check(LibC.fchmod(fd, mode), "chmod");
    }

    /** As {@link FileHandle#setTimes}, of the directory itself. */
    public void setTimesSelf(@Nullable Timestamp accessed, @Nullable Timestamp modified) throws PosixException {
        check(LibC.futimens(fd, FileHandle.times(posix.scratch(), accessed, modified)), "set times of");
    }

    /** The extended attributes of the directory itself; not on a passage. */
    public AttributeAccess attributesSelf() {
        return AttributeAccess.of(posix, fd);
    }

    /** The extended attributes of a name, a symbolic link itself too. */
    public AttributeAccess attributes(RawName name) throws PosixException {
        requireComponent(name);
        return AttributeAccess.of(posix, fd, name, false);
    }

    /** As {@link #attributes}, of what a symbolic link leads to. */
    public AttributeAccess attributesFollowing(RawName name) throws PosixException {
        requireComponent(name);
        return AttributeAccess.of(posix, fd, name, true);
    }

    /** As {@link FileHandle#changeFlags}, of the directory itself. */
    public void changeFlagsSelf(int taken, int given) throws PosixException {
        FileHandle.changeFlags(posix, fd, taken, given);
    }

    /** Returns when the names in this directory are on stable storage. */
    public void sync() throws PosixException {
        check(LibC.fsync(fd), "sync");
    }

    /** Returns when the whole file system that this directory is on is on stable storage. */
    public void syncFileSystem() throws PosixException {
        check(LibC.syncfs(fd), "sync");
    }

    private long place(RawName name) throws PosixException {
        requireComponent(name);
        return posix.scratch().first(name.array(), 0, name.length());
    }

    private long placeSecond(RawName name) throws PosixException {
        requireComponent(name);
        return posix.scratch().second(name.array(), 0, name.length());
    }

    private static void requireComponent(RawName name) throws PosixException {
        byte[] bytes = name.array();
        boolean fine = bytes.length > 0;
        if (fine && bytes[0] == '.') {
            fine = bytes.length > 2 || bytes.length == 2 && bytes[1] != '.';
        }
        for (byte value : bytes) {
            fine &= value != 0 && value != '/';
        }
        if (!fine) {
            throw new PosixException(Errno.EINVAL, "name", name.toText());
        }
    }

    private static void requireNoNul(RawName target) throws PosixException {
        for (byte value : target.array()) {
            if (value == 0) {
                throw new PosixException(Errno.EINVAL, "link target", target.toText());
            }
        }
    }

    private static void check(int result, String call, RawName name) throws PosixException {
        if (result < 0) {
            throw failure(call, name);
        }
    }

    private static void check(int result, String call) throws PosixException {
        if (result < 0) {
            throw Posix.failure(call);
        }
    }

    private static PosixException failure(String call, RawName name) {
        return Posix.failure(call, name.array(), 0, name.length());
    }

    @Override
    public synchronized void close() throws PosixException {
        if (!closed) {
            closed = true;
            if (LibC.close(fd) < 0 && LibC.errno() != Errno.EINTR) {
                throw Posix.failure("close");
            }
        }
    }
}
