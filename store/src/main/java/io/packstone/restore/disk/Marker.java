package io.packstone.restore.disk;

import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.FileHandle;
import io.packstone.posix.PosixException;
import java.nio.charset.StandardCharsets;

/**
 * A file in the target that is durable before anything else is written and goes when everything is: found by the next
 * restore, it tells of one that was killed, after which a file may have its size and time, but not its bytes.
 */
public final class Marker {
    /** Its name; what a snapshot has under it in the target itself is not restored. */
    public static final RawName NAME = RawName.of(".packstone-restore");

    private static final int MODE = 0600;

    private final boolean set;
    private final boolean found;

    private Marker(boolean set, boolean found) {
        this.set = set;
        this.found = found;
    }

    /** For a run that writes nothing. */
    public static Marker none() {
        return new Marker(false, false);
    }

    /**
     * Leaves a marker, or finds one; where the user may not leave one, the restore does without. A root that is mounted
     * for reading only may still have folders mounted for writing; any other such target can only be a mistake.
     */
    public static Marker leave(TargetFolders folders, SnapshotId snapshot) throws PosixException {
        try (FileHandle file = folders.target().createFile(NAME, MODE)) {
            byte[] text = (snapshot.toHex() + "\n").getBytes(StandardCharsets.US_ASCII);
            file.write(0, text, 0, text.length);
            file.sync();
        } catch (PosixException e) {
            if (e.isExists()) {
                return new Marker(true, true);
            }
            if (e.isPermission()
                    || e.symbol().equals("EROFS")
                            && TreePath.parse(folders.path()).isRoot()) {
                return none();
            }
            throw e;
        }
        folders.target().sync();
        return new Marker(true, false);
    }

    /** True when there is one. */
    public boolean isSet() {
        return set;
    }

    /** True when it was there already. */
    public boolean found() {
        return found;
    }

    /** Takes it away, after everything else is durable. */
    public void remove(TargetFolders folders) throws PosixException {
        if (!set) {
            return;
        }
        try {
            folders.target().unlink(NAME);
        } catch (PosixException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
        folders.target().sync();
    }
}
