package io.packstone.restore;

import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileFlags;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.restore.disk.Aspect;
import io.packstone.restore.disk.Attributes;
import io.packstone.restore.disk.Marker;
import io.packstone.restore.disk.TargetFolders;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives the target what the restored folder itself had: mode, owner and time, as a copy of {@code PATH/} to {@code DIR/}
 * does. A target that holds something else besides is a folder in its own right and keeps its own, unless it is the very
 * folder that was taken.
 */
final class TargetItself {
    private static final int OWNER_ALL = 0700;

    private final RestoreRun run;
    private final ChunkId root;
    private final Folder top;

    /** {@code top} of what is restored, from the manifest of {@code root}. */
    TargetItself(RestoreRun run, ChunkId root, Folder top) {
        this.run = run;
        this.root = root;
        this.top = top;
    }

    /**
     * What the target had before it was changed to let its owner in.
     *
     * @param mode -1 when that stays as it is
     */
    record Before(int mode, int flags) {
        static final Before AS_IS = new Before(-1, 0);
    }

    /** Lets its owner into the target while something is restored there. */
    static Before letIn(TargetFolders folders) throws PosixException {
        FileStatus status = new FileStatus();
        folders.target().statSelf(status);
        int flags = status.flags();
        try {
            if (flags != 0) {
                folders.target().changeFlagsSelf(flags, 0);
            }
        } catch (PosixException e) {
            flags = 0; // Whether this user may change it all the same will be seen.
        }
        if (folders.isSuperuser() || (status.mode() & OWNER_ALL) == OWNER_ALL) {
            return new Before(-1, flags);
        }
        try {
            folders.target().setModeSelf(status.mode() | OWNER_ALL);
            return new Before(status.mode(), flags);
        } catch (PosixException e) {
            return new Before(-1, flags); // Somebody else's: whether this user gets in will be seen.
        }
    }

    /**
     * Sets it; to be called after the last change in the target.
     *
     * @param wanted null when the manifest does not tell
     * @param before what {@link #letIn} gave
     */
    void set(Attributes.@Nullable Wanted wanted, Before before) throws IOException {
        try {
            DirectoryHandle target = run.folders().target();
            if (wanted != null
                    && top.choice().isTaken()
                    && (top.isFresh() || isPlaceOfOrigin() || !holdsMore(target))) {
                run.attributes().set(target, wanted, () -> run.text(RawName.EMPTY));
                target.sync();
                setFlags(target, wanted.flags());
            } else {
                if (before.mode() >= 0) {
                    target.setModeSelf(before.mode());
                }
                setFlags(target, before.flags());
            }
        } catch (PosixException e) {
            run.failed(RawName.EMPTY, e);
        }
    }

    private void setFlags(DirectoryHandle target, int flags) {
        try {
            if (flags != 0) {
                target.changeFlagsSelf(FileFlags.ALL, flags);
            }
        } catch (PosixException e) {
            run.tally().notSet(Aspect.FLAGS, () -> run.text(RawName.EMPTY), e.reason());
        }
    }

    private boolean isPlaceOfOrigin() {
        return TreePath.parse(run.options().target()).equals(run.options().path());
    }

    /** True when the target has a name that the restored folder has not. */
    private boolean holdsMore(DirectoryHandle target) throws IOException {
        List<RawName> names = Removal.namesIn(target);
        names.remove(Marker.NAME);
        names.sort(null);
        try {
            ManifestCursor cursor = run.repository().manifests().below(root, top.source(), false);
            ManifestEntry entry = cursor.next();
            for (RawName name : names) {
                while (entry != null && entry.path().name().compareTo(name) < 0) {
                    entry = cursor.next();
                }
                if (entry == null || !entry.path().name().equals(name)) {
                    return true;
                }
            }
            return false;
        } catch (StoreException e) {
            return true; // What can't be read of the list was told; whose the target is stays open.
        }
    }
}
