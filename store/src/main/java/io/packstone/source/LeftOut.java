package io.packstone.source;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.Posix;
import io.packstone.posix.PosixException;
import io.packstone.source.rules.PathMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Files and directories that are left out wherever they turn up, by device and inode. */
final class LeftOut {
    private final long[] devices;
    private final long[] inodes;

    private LeftOut(long[] devices, long[] inodes) {
        this.devices = devices;
        this.inodes = inodes;
    }

    /** Looks up paths, through symbolic links, where they are and where they are read; one that does not exist can't be met either. */
    static LeftOut of(Posix posix, List<RawName> given, PathMap map) throws PosixException {
        List<RawName> paths = new ArrayList<>(given);
        for (RawName path : given) {
            RawName real = map.real(path);
            if (!real.equals(path)) {
                paths.add(real);
            }
        }
        long[] devices = new long[paths.size()];
        long[] inodes = new long[paths.size()];
        int count = 0;
        FileStatus status = new FileStatus();
        for (RawName path : paths) {
            try {
                statFollowing(posix, path, status);
            } catch (PosixException e) {
                if (e.isNotFound() || e.isNotDirectory()) {
                    continue;
                }
                throw e;
            }
            devices[count] = status.device();
            inodes[count++] = status.inode();
        }
        return new LeftOut(Arrays.copyOf(devices, count), Arrays.copyOf(inodes, count));
    }

    private static void statFollowing(Posix posix, RawName path, FileStatus status) throws PosixException {
        try (DirectoryHandle directory = posix.openPassage(path)) {
            directory.statSelf(status);
            return;
        } catch (PosixException e) {
            if (!e.isNotDirectory()) {
                throw e;
            }
        }
        TreePath file = TreePath.parse(path);
        try (DirectoryHandle directory = posix.openPassage(TreePath.absolute(file.directory()))) {
            directory.stat(file.name().array(), 0, file.name().length(), status);
        }
    }

    boolean contains(FileStatus status) {
        for (int i = 0; i < inodes.length; i++) {
            if (inodes[i] == status.inode() && devices[i] == status.device()) {
                return true;
            }
        }
        return false;
    }
}
