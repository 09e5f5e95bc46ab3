package io.packstone.posix;

import io.packstone.metadata.RawName;
import org.jspecify.annotations.Nullable;

/** The way in: opens the first directory, from which all else is relative. Thread-safe; cheap but for the first one. */
public final class Posix {
    private final Architecture architecture = Architecture.current();
    private final ThreadLocal<Scratch> scratches = ThreadLocal.withInitial(Scratch::new);

    /** Loads the native library; an {@link UnsupportedOperationException} on any other system than Linux. */
    public Posix() {}

    Architecture architecture() {
        return architecture;
    }

    Scratch scratch() {
        return scratches.get();
    }

    /** True when this process may do anything, such as give files away. */
    public boolean isSuperuser() {
        return LibC.geteuid() == 0;
    }

    /**
     * Opens a directory for all uses. Symbolic links in {@code path} are followed: it is the user's own word. The path
     * may be longer than the system takes at once, and is relative to the working directory unless it starts with '/'.
     */
    public DirectoryHandle openRoot(RawName path) throws PosixException {
        return descend(path, Architecture.O_RDONLY);
    }

    /** As {@link #openRoot}, for a directory that is only passed through: it needs no permission to be read. */
    public DirectoryHandle openPassage(RawName path) throws PosixException {
        return descend(path, Architecture.O_PATH);
    }

    @SuppressWarnings("try") // a step is only closed once the next one is open
    private DirectoryHandle descend(RawName path, int flags) throws PosixException {
        byte[] bytes = path.array();
        DirectoryHandle current = null;
        int from = 0;
        while (true) {
            int length = pieceLength(bytes, from);
            boolean last = from + length == bytes.length;
            int directory = current == null ? Architecture.AT_FDCWD : current.fd();
            try (@Nullable DirectoryHandle previous = current) {
                current = open(directory, bytes, from, length, last ? flags : Architecture.O_PATH);
            }
            if (last) {
                return current;
            }
            from += length + 1;
            while (from < bytes.length && bytes[from] == '/') {
                from++;
            }
            if (from == bytes.length) {
                bytes = new byte[] {'.'};
                from = 0;
            }
        }
    }

    /** How many bytes from {@code from} on to hand to the system at once: up to a '/' that is then left out. */
    private static int pieceLength(byte[] bytes, int from) {
        int rest = bytes.length - from;
        if (rest < Scratch.PATH_LENGTH) {
            return rest;
        }
        int length = Scratch.PATH_LENGTH - 1;
        while (length > 0 && bytes[from + length] != '/') {
            length--;
        }
        return length == 0 ? rest : length;
    }

    private DirectoryHandle open(int directory, byte[] bytes, int offset, int length, int flags) throws PosixException {
        long address = scratch().first(bytes, offset, length);
        int all = flags | architecture.directoryFlag() | Architecture.O_CLOEXEC;
        int fd = LibC.openat(directory, address, all, 0);
        if (fd < 0) {
            throw failure("open", bytes, offset, length);
        }
        return new DirectoryHandle(this, fd);
    }

    /** The exception for the call that failed just now; the only place where errno is asked for one. */
    static PosixException failure(String call, byte[] name, int offset, int length) {
        int errno = LibC.errno();
        return new PosixException(errno, call, RawName.of(name, offset, length).toText());
    }

    /** As above, for a call without a name. */
    static PosixException failure(String call) {
        int errno = LibC.errno();
        return new PosixException(errno, call, "");
    }
}
