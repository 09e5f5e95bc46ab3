package io.packstone.restore;

import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.Posix;
import io.packstone.posix.PosixException;
import java.io.Closeable;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The folders of the target, opened component by component from the target down, no link followed; the last ones stay
 * open. Thread-safe.
 */
final class TargetFolders implements Closeable {
    private static final int KEPT = 128;
    private static final int FOLDER_MODE = 0700;

    private final Folder target;
    private final Map<RawName, Folder> open = new LinkedHashMap<>(KEPT * 2, 0.75f, true);

    private TargetFolders(DirectoryHandle target) {
        this.target = new Folder(target);
    }

    /** An open folder that many may hold; the last to let go closes it. */
    static final class Folder implements Closeable {
        private final DirectoryHandle handle;
        private int holders = 1;

        private Folder(DirectoryHandle handle) {
            this.handle = handle;
        }

        DirectoryHandle handle() {
            return handle;
        }

        private synchronized Folder hold() {
            if (holders == 0) {
                throw new IllegalStateException("a folder was closed while it was in use");
            }
            holders++;
            return this;
        }

        @Override
        public synchronized void close() throws PosixException {
            if (holders > 0 && --holders == 0) {
                handle.close();
            }
        }
    }

    /** Opens the target, and makes it and what is above it where it is missing. */
    static TargetFolders open(Posix posix, RawName path) throws PosixException {
        DirectoryHandle current = posix.openRoot(RawName.of("/"));
        RawName directory = TreePath.parse(path).asDirectory();
        int start = 0;
        for (int i = 0; i <= directory.length() && directory.length() > 0; i++) {
            if (i == directory.length() || directory.at(i) == '/') {
                RawName component = RawName.of(directory.array(), start, i - start);
                try (DirectoryHandle above = current) {
                    current = openOrMake(above, component);
                }
                start = i + 1;
            }
        }
        return new TargetFolders(current);
    }

    private static DirectoryHandle openOrMake(DirectoryHandle above, RawName name) throws PosixException {
        try {
            return above.openDirectory(name);
        } catch (PosixException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            above.makeDirectory(name, FOLDER_MODE);
            return above.openDirectory(name);
        }
    }

    /** A folder below the target, held for the caller, who closes it. */
    synchronized Folder folder(RawName path) throws PosixException {
        Folder folder = path.length() == 0 ? target : open.get(path);
        if (folder == null) {
            TreePath split = TreePath.parse(path);
            try (Folder above = folder(split.directory())) {
                folder = new Folder(above.handle().openDirectory(split.name()));
            }
            open.put(path, folder);
            Iterator<Folder> eldest = open.values().iterator();
            if (open.size() > KEPT) {
                Folder oldest = eldest.next();
                eldest.remove();
                oldest.close();
            }
        }
        return folder.hold();
    }

    /** Makes a folder, or keeps the one that is there; anything else in its place is removed. */
    void make(TreePath path) throws PosixException {
        try (Folder folder = folder(path.directory())) {
            DirectoryHandle above = folder.handle();
            try {
                above.makeDirectory(path.name(), FOLDER_MODE);
            } catch (PosixException e) {
                if (!e.isExists()) {
                    throw e;
                }
                if (!isOf(above.stat(path.name()), FileType.DIRECTORY)) {
                    above.unlink(path.name());
                    above.makeDirectory(path.name(), FOLDER_MODE);
                }
            }
        }
    }

    DirectoryHandle target() {
        return target.handle();
    }

    /** True when {@code status} is of that type; one of no type we know is of none. */
    static boolean isOf(FileStatus status, FileType type) {
        return status.isKnown() && status.type() == type;
    }

    /** Removes a name: an empty folder's, or anything else's. */
    static void remove(DirectoryHandle folder, RawName name, boolean isFolder) throws PosixException {
        if (isFolder) {
            folder.removeDirectory(name);
        } else {
            folder.unlink(name);
        }
    }

    @Override
    public synchronized void close() throws PosixException {
        for (Folder folder : open.values()) {
            folder.close();
        }
        open.clear();
        target.close();
    }
}
