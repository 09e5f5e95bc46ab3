package io.packstone.restore;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileStatus;
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

    private final DirectoryHandle target;
    private final Map<RawName, DirectoryHandle> open = new LinkedHashMap<>(KEPT * 2, 0.75f, true);

    private TargetFolders(DirectoryHandle target) {
        this.target = target;
    }

    /** Opens the target, and makes it and what is above it where it is missing. */
    static TargetFolders open(RawName path) throws PosixException {
        DirectoryHandle current = DirectoryHandle.root();
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
            if (!e.isMissing()) {
                throw e;
            }
            above.makeDirectory(name);
            return above.openDirectory(name);
        }
    }

    /** A folder below the target, held for the caller, who closes it. */
    synchronized DirectoryHandle folder(RawName path) throws PosixException {
        DirectoryHandle handle = path.length() == 0 ? target : open.get(path);
        if (handle == null) {
            TreePath split = TreePath.parse(path);
            try (DirectoryHandle above = folder(split.directory())) {
                handle = above.openDirectory(split.name());
            }
            open.put(path, handle);
            Iterator<DirectoryHandle> eldest = open.values().iterator();
            if (open.size() > KEPT) {
                eldest.next().close();
                eldest.remove();
            }
        }
        if (!handle.retain()) {
            throw new IllegalStateException("a folder was closed while it was in use");
        }
        return handle;
    }

    /** Makes a folder, or keeps the one that is there; anything else in its place is removed. */
    void make(TreePath path) throws PosixException {
        try (DirectoryHandle above = folder(path.directory())) {
            try {
                above.makeDirectory(path.name());
            } catch (PosixException e) {
                if (!e.isTaken()) {
                    throw e;
                }
                FileStatus there = above.stat(path.name());
                if (!there.isDirectory()) {
                    above.remove(path.name(), false);
                    above.makeDirectory(path.name());
                }
            }
        }
    }

    DirectoryHandle target() {
        return target;
    }

    @Override
    public synchronized void close() {
        open.values().forEach(DirectoryHandle::close);
        open.clear();
        target.close();
    }
}
