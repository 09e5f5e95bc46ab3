package io.packstone.restore;

import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.restore.target.Attributes;
import io.packstone.restore.target.TargetFolders;

/** Restores what has no bytes: symbolic links, pipes, sockets, device nodes. For one thread. */
final class SpecialFiles {
    private final RestoreRun run;
    private final Removal removal;

    SpecialFiles(RestoreRun run, Removal removal) {
        this.run = run;
        this.removal = removal;
    }

    /** Restores one, or tells why not. */
    void restore(SelectedWalk.Step step) {
        if (run.options().dryRun()) {
            return;
        }
        try (DirectoryHandle here = run.folders().hold(step.folder().place())) {
            RawName name = step.entry().path().name();
            FileStatus there = step.folder().isFresh() ? null : TargetFolders.look(here, name);
            if (there == null) {
                make(here, name, step);
            } else if (!isKept(here, there, step) && makesRoom(here, there, step)) {
                RawName temporary = makeTemporary(here, step);
                here.rename(temporary, name);
            }
        } catch (PosixException e) {
            run.failed(step.place(), e);
        }
    }

    private boolean isKept(DirectoryHandle here, FileStatus there, SelectedWalk.Step step) throws PosixException {
        FileMetadata wanted = step.entry().metadata();
        Attributes.Wanted attributes = Attributes.Wanted.of(wanted);
        if (ExistingFiles.isLeftAlone(run.options().overwrite(), attributes, there)) {
            return true;
        }
        if (there.type() != typeNumber(wanted.type()) || !attributes.hasTime(there)) {
            return false;
        }
        boolean owned =
                there.uid() == attributes.uid() && there.gid() == attributes.gid();
        if (wanted.type() == FileType.SYMLINK) {
            return owned && here.readLink(step.entry().path().name()).equals(wanted.linkTarget());
        }
        return attributes.fits(there)
                && there.deviceMajor() == wanted.deviceMajor()
                && there.deviceMinor() == wanted.deviceMinor();
    }

    private boolean makesRoom(DirectoryHandle here, FileStatus there, SelectedWalk.Step step) throws PosixException {
        return !there.isDirectory() || removal.clear(here, step.folder(), step.entry().path());
    }

    private RawName makeTemporary(DirectoryHandle here, SelectedWalk.Step step) throws PosixException {
        while (true) {
            RawName name = run.temporaryName();
            try {
                make(here, name, step);
                return name;
            } catch (PosixException e) {
                if (!e.isTaken()) {
                    throw e;
                }
            }
        }
    }

    private void make(DirectoryHandle here, RawName name, SelectedWalk.Step step) throws PosixException {
        FileMetadata wanted = step.entry().metadata();
        if (wanted.type() == FileType.SYMLINK) {
            here.makeSymlink(name, wanted.linkTarget());
        } else {
            here.makeNode(name, typeNumber(wanted.type()), wanted.deviceMajor(), wanted.deviceMinor());
        }
        run.attributes().set(here, name, wanted, () -> run.text(step.place()));
    }

    private static int typeNumber(FileType type) {
        return switch (type) {
            case FILE -> FileStatus.FILE;
            case DIRECTORY -> FileStatus.DIRECTORY;
            case SYMLINK -> FileStatus.SYMLINK;
            case FIFO -> FileStatus.FIFO;
            case CHARACTER_DEVICE -> FileStatus.CHARACTER_DEVICE;
            case BLOCK_DEVICE -> FileStatus.BLOCK_DEVICE;
            case SOCKET -> FileStatus.SOCKET;
        };
    }
}
