package io.packstone.restore;

import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.restore.RestoreReport.Kind;
import io.packstone.restore.disk.Aspect;
import io.packstone.restore.disk.Attributes;
import io.packstone.restore.disk.FlagLog;
import io.packstone.restore.disk.TargetFolders;
import org.jspecify.annotations.Nullable;

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
            foresee(step);
            return;
        }
        try (TargetFolders.Held held = run.folders().hold(step.folder().place())) {
            DirectoryHandle here = held.handle();
            RawName name = step.entry().path().name();
            FileStatus there = step.folder().isFresh() ? null : here.statIfPresent(name);
            if (there == null) {
                make(here, name, step);
            } else if (!isKept(here, there, step) && makesRoom(here, there, step)) {
                RawName temporary = makeTemporary(here, step);
                if (temporary != null) {
                    FlagLog.unlock(here, name, there);
                    here.rename(temporary, here, name);
                }
            }
        } catch (PosixException e) {
            run.giveUp(step.place());
            run.failed(step.place(), e);
        }
    }

    private void foresee(SelectedWalk.Step step) {
        Kind kind = Kind.CREATE;
        RawName name = step.entry().path().name();
        if (!step.folder().isFresh()) {
            try (TargetFolders.Held held = run.folders().hold(step.folder().place())) {
                FileStatus there = held.handle().statIfPresent(name);
                boolean kept = there != null && isKept(held.handle(), there, step);
                kind = there == null ? Kind.CREATE : kept ? Kind.KEEP : Kind.REPLACE;
            } catch (PosixException e) {
                run.failed(step.place(), e);
                return;
            }
        }
        run.tally().action(kind, run.path(step.place()), 0);
    }

    private boolean isKept(DirectoryHandle here, FileStatus there, SelectedWalk.Step step) throws PosixException {
        FileMetadata wanted = step.entry().metadata();
        Attributes.Wanted attributes = run.wanted(step.entry());
        if (ExistingFiles.isLeftAlone(run.options().overwrite(), attributes, there)) {
            return true;
        }
        if (!ExistingFiles.is(there, wanted.type()) || !attributes.hasTime(there)) {
            return false;
        }
        RawName name = step.entry().path().name();
        boolean has = run.attributes().fits(here.attributes(name), attributes);
        if (wanted.type() == FileType.SYMLINK) {
            return has && attributes.hasOwner(there) && here.readLink(name).equals(wanted.linkTarget());
        }
        return has
                && attributes.fits(there)
                && there.nodeMajor() == wanted.deviceMajor()
                && there.nodeMinor() == wanted.deviceMinor();
    }

    private boolean makesRoom(DirectoryHandle here, FileStatus there, SelectedWalk.Step step) throws PosixException {
        return !ExistingFiles.is(there, FileType.DIRECTORY)
                || removal.clear(here, step.folder(), step.entry().path());
    }

    /** Its name for now; null when it can't be made, which was told. */
    private @Nullable RawName makeTemporary(DirectoryHandle here, SelectedWalk.Step step) throws PosixException {
        while (true) {
            RawName name = run.temporaryName();
            try {
                return make(here, name, step) ? name : null;
            } catch (PosixException e) {
                if (!e.isExists()) {
                    throw e;
                }
            }
        }
    }

    /** False when it can't be made, or not be given what must be; which was told. */
    private boolean make(DirectoryHandle here, RawName name, SelectedWalk.Step step) throws PosixException {
        FileMetadata wanted = step.entry().metadata();
        try {
            make(here, name, wanted);
        } catch (PosixException e) {
            boolean device = wanted.type() == FileType.CHARACTER_DEVICE || wanted.type() == FileType.BLOCK_DEVICE;
            if (device && e.isPermission() || e.isUnsupported()) {
                run.giveUp(step.place());
                run.tally().notSet(Aspect.NODE, () -> run.text(step.place()), e.reason());
                return false;
            }
            throw e;
        }
        boolean hasMode = wanted.type() != FileType.SYMLINK;
        boolean set = run.attributes().set(here, name, run.wanted(step.entry()), hasMode, () -> run.text(step.place()));
        if (!set) {
            here.unlink(name);
            run.refuse(step.place());
        }
        return set;
    }

    private static void make(DirectoryHandle here, RawName name, FileMetadata wanted) throws PosixException {
        int major = wanted.deviceMajor();
        int minor = wanted.deviceMinor();
        switch (wanted.type()) {
            case SYMLINK -> here.symlink(wanted.linkTarget(), name);
            case FIFO -> here.makeFifo(name, RestoreRun.FILE_MODE);
            case SOCKET -> here.makeSocket(name, RestoreRun.FILE_MODE);
            case CHARACTER_DEVICE -> here.makeDevice(name, RestoreRun.FILE_MODE, false, major, minor);
            case BLOCK_DEVICE -> here.makeDevice(name, RestoreRun.FILE_MODE, true, major, minor);
            case FILE, DIRECTORY -> throw new IllegalArgumentException("not special: " + wanted.type());
        }
    }
}
