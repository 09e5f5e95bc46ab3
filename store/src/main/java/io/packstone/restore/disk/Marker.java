package io.packstone.restore.disk;

import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A file in the target that is durable before anything else is written and goes when everything is: found by the next
 * restore, it tells of one that was killed, after which a file may have its size and time, but not its bytes.
 */
public final class Marker {
    /** Its name; what a snapshot has under it in the target itself is not restored. */
    public static final RawName NAME = RawName.of(".packstone-restore");

    private static final int MODE = 0600;

    /** Names of files that are changed where they are are noted up to this length of the marker. */
    private static final int LENGTH_MAX = 16 << 20;

    private final boolean set;
    private final boolean found;
    private volatile boolean kept;

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

    /**
     * Notes, durably, a file that is about to be changed where it is, so that the next restore finds it whatever that restores.
     * A marker that is not this program's stays as it is.
     */
    public void note(TargetFolders folders, RawName place) throws PosixException {
        if (!set) {
            return;
        }
        try (FileHandle file = folders.target().openFileToWrite(NAME)) {
            FileStatus there = file.stat();
            // The line before may be a piece of one.
            String text = "\n" + Base64.getEncoder().encodeToString(place.array()) + "\n";
            byte[] line = text.getBytes(StandardCharsets.US_ASCII);
            if (there.isSoleFile() && there.size() + line.length <= LENGTH_MAX) {
                file.write(there.size(), line, 0, line.length);
                file.sync();
            }
        } catch (PosixException e) {
            if (e.isNoRoom()) {
                throw e;
            }
        }
    }

    /** The files that were noted by restores that were killed. */
    public List<RawName> noted(TargetFolders folders) throws PosixException {
        List<RawName> places = new ArrayList<>();
        FileStatus there = found ? folders.target().statIfPresent(NAME) : null;
        if (there == null || !there.isSoleFile() || there.size() > LENGTH_MAX) {
            return places;
        }
        byte[] bytes = new byte[(int) there.size()];
        try (FileHandle file = folders.target().openFile(NAME)) {
            int length = file.read(0, bytes, 0, bytes.length);
            String text = new String(bytes, 0, length, StandardCharsets.US_ASCII);
            text.lines().skip(1).filter(line -> !line.isEmpty()).forEach(line -> {
                try {
                    places.add(RawName.takeOver(Base64.getDecoder().decode(line)));
                } catch (IllegalArgumentException e) {
                    // a piece of a line: who wrote it was killed before it touched the file
                }
            });
        }
        return places;
    }

    /** Says that the next restore has still something to settle. */
    public void keep() {
        kept = true;
    }

    /** Takes it away, after everything else is durable. */
    public void remove(TargetFolders folders) throws PosixException {
        if (!set || kept) {
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
