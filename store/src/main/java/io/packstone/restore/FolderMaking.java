package io.packstone.restore;

import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.restore.RestoreReport.Kind;
import io.packstone.restore.disk.Attributes;
import io.packstone.restore.disk.FlagLog;
import io.packstone.restore.disk.FolderLog;
import io.packstone.restore.disk.Marker;
import io.packstone.restore.disk.TargetFolders;
import io.packstone.restore.patch.LeftoverNames;
import org.jspecify.annotations.Nullable;

/**
 * Makes folders, open to their maker only, before anything is put into them, and gives them their attributes when
 * everything is in. For one thread.
 */
final class FolderMaking {
    private static final int OWNER_ALL = 0700;

    private final RestoreRun run;
    private final Removal removal;
    private final Patching patching;
    private final FolderLog log = new FolderLog();

    FolderMaking(RestoreRun run, Removal removal, Patching patching) {
        this.run = run;
        this.removal = removal;
        this.patching = patching;
    }

    /** True for a name that is none, or means another folder: the manifest has refused it, and it is refused again. */
    static boolean leadsElsewhere(RawName name) {
        boolean dots = name.length() <= 2;
        for (int i = 0; i < name.length(); i++) {
            if (name.at(i) == '/' || name.at(i) == 0) {
                return true;
            }
            dots &= name.at(i) == '.';
        }
        return dots;
    }

    /** Takes the target itself, which is open. */
    void begin(Folder top) throws PosixException {
        top.setState(run.folders().wasMissing() ? Folder.State.FRESH : Folder.State.EXISTING);
        if (run.options().dryRun()) {
            return;
        }
        run.folders().touches(top.place(), statusOf(run.folders().target()));
        if (run.isDoubtful()) {
            removeTemporaries(top.place());
        }
    }

    private static FileStatus statusOf(DirectoryHandle folder) throws PosixException {
        FileStatus status = new FileStatus();
        folder.statSelf(status);
        return status;
    }

    /** Makes a folder that is not there, and those above it. */
    void require(Folder folder) {
        Folder parent = folder.parent();
        if (folder.state() != Folder.State.AHEAD || parent == null) {
            return;
        }
        require(parent);
        RawName name = TreePath.parse(folder.place()).name();
        try {
            if (leadsElsewhere(name)) {
                run.tally().lost(run.text(folder.place()) + ": no folder may have such a name; it is not restored");
                folder.setState(Folder.State.FAILED);
            } else if (folder.place().equals(Marker.NAME)) {
                run.tally().problem(run.text(folder.place()) + ": left out: it is the mark of a restore");
                folder.setState(Folder.State.FAILED);
            } else if (parent.state() == Folder.State.FAILED) {
                folder.setState(Folder.State.FAILED);
            } else if (run.options().dryRun()) {
                folder.setState(foresee(parent, name));
                boolean made = folder.isFresh();
                run.tally().action(made ? Kind.CREATE : Kind.KEEP, run.path(folder.place()), 0);
            } else {
                make(folder, parent, name);
            }
        } catch (PosixException e) {
            folder.setState(Folder.State.FAILED);
            run.failed(folder.place(), e);
        }
    }

    private Folder.State foresee(Folder parent, RawName name) throws PosixException {
        if (parent.isFresh()) {
            return Folder.State.FRESH;
        }
        try (TargetFolders.Held here = run.folders().hold(parent.place())) {
            FileStatus there = here.handle().statIfPresent(name);
            return there != null && ExistingFiles.is(there, FileType.DIRECTORY)
                    ? Folder.State.EXISTING
                    : Folder.State.FRESH;
        }
    }

    private void make(Folder folder, Folder parent, RawName name) throws PosixException {
        try (TargetFolders.Held held = run.folders().hold(parent.place())) {
            DirectoryHandle here = held.handle();
            FileStatus there = tryMaking(here, name);
            if (there == null) {
                folder.setState(Folder.State.FRESH);
                note(folder, parent, name);
            } else if (ExistingFiles.is(there, FileType.DIRECTORY)) {
                use(folder, parent, here, there);
            } else if (isLeftAlone(folder.metadata(), there)) {
                folder.setState(Folder.State.FAILED);
                run.tally().problem(run.text(folder.place()) + ": something that is no folder is in its place");
            } else {
                FlagLog.unlock(here, name, there);
                here.unlink(name);
                here.makeDirectory(name, TargetFolders.FOLDER_MODE);
                folder.setState(Folder.State.FRESH);
                note(folder, parent, name);
            }
        }
    }

    /** Null when it was made, else what is there. */
    private static @Nullable FileStatus tryMaking(DirectoryHandle here, RawName name) throws PosixException {
        try {
            here.makeDirectory(name, TargetFolders.FOLDER_MODE);
            return null;
        } catch (PosixException e) {
            if (!e.isExists()) {
                throw e;
            }
            return here.stat(name);
        }
    }

    private boolean isLeftAlone(@Nullable FileMetadata metadata, FileStatus there) {
        return metadata != null
                && ExistingFiles.isLeftAlone(
                        run.options().overwrite(), run.attributes().wanted(metadata), there);
    }

    /**
     * Its attributes are to be set in the end, if the manifest tells them. The folders that only lead to the snapshot's
     * paths belong to root more often than not: that another user can't give them away is no failure.
     */
    private void note(Folder folder, Folder parent, RawName name) {
        Attributes.Wanted wanted = wanted(folder);
        if (wanted != null) {
            boolean below = parent.number() != FolderLog.TARGET;
            folder.setNumber(log.add(parent.number(), below ? name : folder.place(), wanted));
            run.flags().add(folder.place(), wanted.flags());
        }
    }

    /** What a folder is to have; null when the manifest does not tell. */
    Attributes.@Nullable Wanted wanted(Folder folder) {
        FileMetadata metadata = folder.metadata();
        if (metadata == null) {
            return null;
        }
        Attributes.Wanted wanted = run.attributes().wanted(metadata);
        boolean keepsOwner = !run.folders().isSuperuser() && !removal.wasTaken(folder.source());
        return keepsOwner ? wanted.ofAnyOwner() : wanted;
    }

    private void use(Folder folder, Folder parent, DirectoryHandle here, FileStatus there) throws PosixException {
        RawName name = TreePath.parse(folder.place()).name();
        folder.setState(Folder.State.EXISTING);
        if (there.flags() != 0) {
            takeFlags(folder, here, name, there);
        }
        if (folder.choice().isTaken()) {
            if ((there.mode() & OWNER_ALL) != OWNER_ALL && !run.folders().isSuperuser()) {
                openUp(here, name, there.mode() | OWNER_ALL);
            }
            note(folder, parent, name);
        }
        run.folders().touches(folder.place(), there);
        if (run.isDoubtful()) {
            removeTemporaries(folder.place());
        }
    }

    /** Flags of a folder may keep things from being put into it, and are given to them; one that stays gets them back. */
    private void takeFlags(Folder folder, DirectoryHandle here, RawName name, FileStatus there) {
        try (DirectoryHandle inner = here.openDirectory(name)) {
            inner.changeFlagsSelf(there.flags(), 0);
        } catch (PosixException e) {
            return; // What is to be put into it will fail, and tell.
        }
        if (!folder.choice().isTaken() || folder.metadata() == null) {
            run.flags().add(folder.place(), there.flags());
        }
    }

    /** Lets its owner in until it gets its attributes; whoever is not its owner goes on without. */
    private static void openUp(DirectoryHandle here, RawName name, int mode) {
        try (DirectoryHandle folder = here.openDirectory(name)) {
            folder.setModeSelf(mode);
        } catch (PosixException unreadable) {
            try {
                here.setMode(name, mode);
            } catch (PosixException e) {
                // what needs to get in will fail, and tell
            }
        }
    }

    /** Clears away what a killed restore left in a folder. */
    private void removeTemporaries(RawName place) throws PosixException {
        try (TargetFolders.Held folder = run.folders().hold(place)) {
            for (RawName name : Removal.namesIn(folder.handle())) {
                if (LeftoverNames.isJournal(name)) {
                    patching.settle(folder.handle(), place, name);
                } else if (RestoreRun.isTemporary(name)
                        && !ExistingFiles.is(folder.handle().stat(name), FileType.DIRECTORY)) {
                    folder.handle().unlink(name);
                }
            }
        }
    }

    /** Sets what folders are to have, innermost first, so that setting one is not undone by another. */
    void setAttributes() {
        log.visitBackwards((place, wanted) -> {
            try (TargetFolders.Held folder = run.folders().hold(place)) {
                run.attributes().set(folder.handle(), wanted, () -> run.text(place));
            } catch (PosixException e) {
                run.failed(place, e);
            }
        });
    }
}
