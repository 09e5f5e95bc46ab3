package io.packstone.posix;

import io.packstone.metadata.RawName;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An open directory. Names are single components, relative to it; no symbolic link is ever followed. Shared by threads
 * through {@link #retain} and {@link #close}.
 */
public final class DirectoryHandle implements Closeable {
    private static final byte[] HERE = {'.', 0};

    private final int directory;
    private int holders = 1;

    private DirectoryHandle(int directory) {
        this.directory = directory;
    }

    /** The root of the file system. */
    public static DirectoryHandle root() throws PosixException {
        return open(LibC.AT_FDCWD, RawName.of("/"));
    }

    private static DirectoryHandle open(int directory, RawName name) throws PosixException {
        int flags = LibC.O_DIRECTORY | LibC.O_NOFOLLOW | LibC.O_CLOEXEC;
        return new DirectoryHandle((int) FileHandle.check(LibC.openat(directory, name(name), flags, 0), "openat"));
    }

    private static byte[] name(RawName name) {
        return Arrays.copyOf(name.array(), name.length() + 1);
    }

    /** One more holder; false when the last has closed it already. */
    public synchronized boolean retain() {
        if (holders == 0) {
            return false;
        }
        holders++;
        return true;
    }

    /** One holder fewer; the last closes it. */
    @Override
    public synchronized void close() {
        if (holders > 0 && --holders == 0) {
            LibC.close(directory);
        }
    }

    /** The names in it, in no order, without {@code .} and {@code ..}. One listing of a handle at a time. */
    public List<RawName> list() throws PosixException {
        FileHandle.check(LibC.lseek(directory, 0, 0), "lseek");
        LibC.Scratch scratch = LibC.scratch();
        List<RawName> names = new ArrayList<>();
        byte[] name = new byte[256];
        while (true) {
            int count = (int)
                    FileHandle.check(LibC.getdents64(directory, scratch.address, LibC.BUFFER_LENGTH / 4), "getdents64");
            if (count == 0) {
                return names;
            }
            for (int at = 0; at < count; at += scratch.bytes.getShort(at + 16) & 0xffff) {
                int length = 0;
                for (byte next = scratch.bytes.get(at + 19); next != 0; next = scratch.bytes.get(at + 19 + length)) {
                    name[length++] = next;
                }
                boolean dots = name[0] == '.' && (length == 1 || length == 2 && name[1] == '.');
                if (!dots) {
                    names.add(RawName.of(name, 0, length));
                }
            }
        }
    }

    /** What the system says of a name, links not followed. */
    public FileStatus stat(RawName name) throws PosixException {
        LibC.Scratch scratch = LibC.scratch();
        int flags = LibC.AT_SYMLINK_NOFOLLOW;
        FileHandle.check(LibC.statx(directory, name(name), flags, LibC.STATX_BASIC, scratch.address), "statx");
        return FileStatus.of(scratch.bytes);
    }

    /** What the system says of the directory itself. */
    public FileStatus stat() throws PosixException {
        LibC.Scratch scratch = LibC.scratch();
        FileHandle.check(LibC.statx(directory, HERE, 0, LibC.STATX_BASIC, scratch.address), "statx");
        return FileStatus.of(scratch.bytes);
    }

    /** Opens a directory in it. */
    public DirectoryHandle openDirectory(RawName name) throws PosixException {
        return open(directory, name);
    }

    /** Opens a directory only to pass through, without permission to read it: it can be neither listed nor changed. */
    public DirectoryHandle openPassage(RawName name) throws PosixException {
        int flags = LibC.O_DIRECTORY | LibC.O_NOFOLLOW | LibC.O_CLOEXEC | LibC.O_PATH;
        return new DirectoryHandle((int) FileHandle.check(LibC.openat(directory, name(name), flags, 0), "openat"));
    }

    /** Opens a directory some components below; {@code path} is relative, without empty components. */
    public DirectoryHandle openPath(RawName path) throws PosixException {
        DirectoryHandle current = this;
        int start = 0;
        retain();
        for (int i = 0; i <= path.length() && path.length() > 0; i++) {
            if (i == path.length() || path.at(i) == '/') {
                try (DirectoryHandle above = current) {
                    current = above.openDirectory(RawName.of(path.array(), start, i - start));
                }
                start = i + 1;
            }
        }
        return current;
    }

    /** Opens a regular file to read; access times are left alone where that is permitted. */
    public FileHandle openFile(RawName name) throws PosixException {
        int flags = LibC.O_NOFOLLOW | LibC.O_CLOEXEC | LibC.O_NONBLOCK;
        int file = LibC.openat(directory, name(name), flags | LibC.O_NOATIME, 0);
        if (file < 0) {
            file = (int) FileHandle.check(LibC.openat(directory, name(name), flags, 0), "openat");
        }
        return new FileHandle(file);
    }

    /** Makes a file that must not exist, to write. */
    public FileHandle createFile(RawName name) throws PosixException {
        int flags = LibC.O_WRONLY | LibC.O_CREAT | LibC.O_EXCL | LibC.O_NOFOLLOW | LibC.O_CLOEXEC;
        return new FileHandle((int) FileHandle.check(LibC.openat(directory, name(name), flags, 0600), "openat"));
    }

    /** The target of a symbolic link. */
    public RawName readLink(RawName name) throws PosixException {
        LibC.Scratch scratch = LibC.scratch();
        int length = (int) FileHandle.check(
                LibC.readlinkat(directory, name(name), scratch.address, LibC.BUFFER_LENGTH), "readlinkat");
        byte[] target = new byte[length];
        scratch.bytes.get(0, target);
        return RawName.takeOver(target);
    }

    /** Makes a directory that only its owner may enter. */
    public void makeDirectory(RawName name) throws PosixException {
        FileHandle.check(LibC.mkdirat(directory, name(name), 0700), "mkdirat");
    }

    /** Makes a symbolic link. */
    public void makeSymlink(RawName name, RawName target) throws PosixException {
        FileHandle.check(LibC.symlinkat(name(target), directory, name(name)), "symlinkat");
    }

    /** Gives a file in {@code from} another name here. */
    public void makeLink(DirectoryHandle from, RawName fromName, RawName name) throws PosixException {
        FileHandle.check(LibC.linkat(from.directory, name(fromName), directory, name(name), 0), "linkat");
    }

    /** Makes a pipe, socket or device node; {@code type} as in {@link FileStatus}. */
    public void makeNode(RawName name, int type, int major, int minor) throws PosixException {
        long device = (minor & 0xffL) | (major & 0xfffL) << 8 | (minor & ~0xffL) << 12 | (major & ~0xfffL) << 32;
        FileHandle.check(LibC.mknodat(directory, name(name), type | 0600, device), "mknodat");
    }

    /** Renames within this directory, over whatever has the name. */
    public void rename(RawName from, RawName to) throws PosixException {
        FileHandle.check(LibC.renameat(directory, name(from), directory, name(to)), "renameat");
    }

    /** Removes a name: an empty directory's, or anything else's. */
    public void remove(RawName name, boolean isDirectory) throws PosixException {
        int flags = isDirectory ? LibC.AT_REMOVEDIR : 0;
        FileHandle.check(LibC.unlinkat(directory, name(name), flags), "unlinkat");
    }

    /** Sets owner and group of a name, links not followed. */
    public void setOwner(RawName name, int uid, int gid) throws PosixException {
        int flags = LibC.AT_SYMLINK_NOFOLLOW;
        FileHandle.check(LibC.fchownat(directory, name(name), uid, gid, flags), "fchownat");
    }

    /** Sets the twelve mode bits of a name, which must not be a symbolic link. */
    public void setMode(RawName name, int mode) throws PosixException {
        FileHandle.check(LibC.fchmodat(directory, name(name), mode, 0), "fchmodat");
    }

    /** Sets the time of modification, and of access to the same, links not followed. */
    public void setModified(RawName name, long seconds, int nanos) throws PosixException {
        LibC.Scratch scratch = LibC.scratch();
        putTimes(scratch, seconds, nanos);
        int flags = LibC.AT_SYMLINK_NOFOLLOW;
        FileHandle.check(LibC.utimensat(directory, name(name), scratch.address, flags), "utimensat");
    }

    /** Sets owner and group of the directory itself. */
    public void setOwner(int uid, int gid) throws PosixException {
        FileHandle.check(LibC.fchown(directory, uid, gid), "fchown");
    }

    /** Sets the twelve mode bits of the directory itself. */
    public void setMode(int mode) throws PosixException {
        FileHandle.check(LibC.fchmod(directory, mode), "fchmod");
    }

    /** Sets the time of modification of the directory itself, and of access to the same. */
    public void setModified(long seconds, int nanos) throws PosixException {
        LibC.Scratch scratch = LibC.scratch();
        putTimes(scratch, seconds, nanos);
        FileHandle.check(LibC.futimens(directory, scratch.address), "futimens");
    }

    static void putTimes(LibC.Scratch scratch, long seconds, int nanos) {
        scratch.bytes.putLong(0, seconds).putLong(8, nanos).putLong(16, seconds).putLong(24, nanos);
    }

    /** Makes the names in this directory durable. */
    public void sync() throws PosixException {
        FileHandle.check(LibC.fsync(directory), "fsync");
    }

    /** Makes everything on this file system durable. */
    public void syncFileSystem() throws PosixException {
        FileHandle.check(LibC.syncfs(directory), "syncfs");
    }
}
