package io.packstone.restore.disk;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.Posix;
import io.packstone.posix.PosixException;
import java.io.Closeable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The folders of the target, opened component by component from the target down, no link followed; those used last stay
 * open. Thread-safe.
 */
public final class TargetFolders implements Closeable {
    /** Folders, while they are made, are open to their maker only. */
    public static final int FOLDER_MODE = 0700;

    private static final int KEPT = 256;

    private final Posix posix;
    private final RawName path;
    private final Held target;
    private final boolean missing;
    private final Map<RawName, Held> open = new LinkedHashMap<>(KEPT * 2, 0.75f, true);
    private final Map<Long, Held> fileSystems = new HashMap<>();

    private TargetFolders(Posix posix, RawName path, DirectoryHandle target, boolean missing) {
        this.posix = posix;
        this.path = path;
        this.target = new Held(target);
        this.missing = missing;
    }

    /** An open folder in use; whoever has one closes it. */
    public static final class Held implements Closeable {
        private final DirectoryHandle handle;
        private int holders = 1;

        private Held(DirectoryHandle handle) {
            this.handle = handle;
        }

        /** Not to be closed. */
        public DirectoryHandle handle() {
            return handle;
        }

        private synchronized Held retain() {
            if (holders == 0) {
                throw new IllegalStateException("a folder was closed while it was in use");
            }
            holders++;
            return this;
        }

        @Override
        public synchronized void close() throws PosixException {
            if (--holders == 0) {
                handle.close();
            }
        }
    }

    /**
     * Opens the target. Symbolic links in its own path are the affair of whoever chose it, and followed.
     *
     * @param make makes it, and what is above it, where it is missing; else {@link #wasMissing} tells, and a folder above
     *     it is open instead
     */
    public static TargetFolders open(RawName path, boolean make) throws PosixException {
        Posix posix = new Posix();
        try {
            return new TargetFolders(posix, path, posix.openRoot(path), false);
        } catch (PosixException e) {
            TreePath split = TreePath.parse(path);
            if (!e.isNotFound() || split.isRoot()) {
                throw e;
            }
            RawName above = TreePath.absolute(split.directory());
            if (!make) {
                return new TargetFolders(posix, path, open(above, false).target.handle, true);
            }
            try (TargetFolders parent = open(above, true)) {
                parent.target.handle.makeDirectory(split.name(), FOLDER_MODE);
                return new TargetFolders(posix, path, parent.target.handle.openDirectory(split.name()), true);
            }
        }
    }

    /** Where the target is, absolute. */
    public RawName path() {
        return path;
    }

    /** True when the target was not there. */
    public boolean wasMissing() {
        return missing;
    }

    /** True when the system denies this process nothing. */
    public boolean isSuperuser() {
        return posix.isSuperuser();
    }

    /** The target itself; closed with this. */
    public DirectoryHandle target() {
        return target.handle;
    }

    /** A folder below the target, or with an empty path the target, held for the caller, who closes it. */
    public synchronized Held hold(RawName place) throws PosixException {
        Held held = place.length() == 0 ? target : open.get(place);
        if (held == null) {
            TreePath split = TreePath.parse(place);
            try (Held above = hold(split.directory())) {
                held = new Held(above.handle.openDirectory(split.name()));
            }
            open.put(place, held);
            if (open.size() > KEPT) {
                Iterator<Held> eldest = open.values().iterator();
                Held closing = eldest.next();
                eldest.remove();
                closing.close();
            }
        }
        return held.retain();
    }

    /** Forgets an open folder that is about to be removed or replaced, and all below it. */
    public synchronized void forget(RawName place) throws PosixException {
        TreePath top = TreePath.parse(place);
        for (Iterator<Map.Entry<RawName, Held>> each = open.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<RawName, Held> entry = each.next();
            if (top.contains(TreePath.parse(entry.getKey()))) {
                each.remove();
                entry.getValue().close();
            }
        }
    }

    /** Remembers that a folder, whose status is given, may be on a file system of its own. */
    public synchronized void touches(RawName place, FileStatus status) throws PosixException {
        if (!fileSystems.containsKey(status.device())) {
            fileSystems.put(status.device(), hold(place));
        }
    }

    /** Makes everything that was written durable, on each file system it is on. */
    public synchronized void sync() throws PosixException {
        target.handle.syncFileSystem();
        for (Held folder : fileSystems.values()) {
            folder.handle.syncFileSystem();
        }
    }

    @Override
    public synchronized void close() throws PosixException {
        for (Held folder : open.values()) {
            folder.close();
        }
        for (Held folder : fileSystems.values()) {
            folder.close();
        }
        open.clear();
        fileSystems.clear();
        target.close();
    }
}
