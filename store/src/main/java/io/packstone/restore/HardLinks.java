package io.packstone.restore;

import io.packstone.manifest.FileBody;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileFlags;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.restore.RestoreReport.Kind;
import io.packstone.restore.disk.Attributes;
import io.packstone.restore.disk.FlagLog;
import io.packstone.restore.disk.TargetFolders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What has more names than one, files as well as links, pipes and devices: the first name that is met is restored as
 * any other, the others are made names of it when that is there. What has one name costs nothing. Of the others some
 * 200 bytes are held until the last of their names was met; {@value #WAITING_MAX} names wait at most. For one thread.
 */
final class HardLinks {
    private static final int WAITING_MAX = 10_000;

    private final RestoreRun run;
    private final Removal removal;
    private final Map<Inode, First> firsts = new HashMap<>();
    private final List<Later> later = new ArrayList<>();

    private record Inode(long device, long inode) {
        static Inode of(FileMetadata metadata) {
            return new Inode(
                    metadata.fingerprint().device(), metadata.fingerprint().inode());
        }
    }

    /** The name that was restored. */
    private static final class First {
        private final RawName folder;
        private final RawName name;
        private final FileType type;
        private final FileBody body;
        private int namesAhead;

        private First(ManifestEntry entry, Folder folder) {
            this.folder = folder.place();
            this.name = entry.path().name();
            this.type = entry.metadata().type();
            this.body = entry.body();
            this.namesAhead = entry.metadata().linkCount() - 1;
        }

        private RawName place() {
            return Folder.join(folder, name);
        }

        /** Files that changed between the looks at two of their names are not one. */
        private boolean isSame(ManifestEntry entry) {
            return type == entry.metadata().type() && body.equals(entry.body());
        }
    }

    /** A further name. */
    private record Later(SelectedWalk.Step step, First first) {
        RawName name() {
            return step.entry().path().name();
        }
    }

    HardLinks(RestoreRun run, Removal removal) {
        this.run = run;
        this.removal = removal;
    }

    /** True when {@code step} is a further name of what was met; it waits for {@link #link}. Else remembers it as the first. */
    boolean take(SelectedWalk.Step step) {
        FileMetadata metadata = step.entry().metadata();
        if (metadata.linkCount() <= 1) {
            return false;
        }
        Inode inode = Inode.of(metadata);
        First first = firsts.get(inode);
        if (first == null) {
            firsts.put(inode, new First(step.entry(), step.folder()));
            return false;
        }
        if (--first.namesAhead == 0) {
            firsts.remove(inode);
        }
        if (first.isSame(step.entry())) {
            later.add(new Later(step, first));
            return true;
        }
        return false;
    }

    /** True when so many names wait that they should be made. */
    boolean isFull() {
        return later.size() >= WAITING_MAX;
    }

    /** Makes the names that wait; gives those that must be restored on their own, since the target can't link them. */
    List<SelectedWalk.Step> link() {
        List<SelectedWalk.Step> left = new ArrayList<>();
        for (Later link : later) {
            if (run.workers().isStopped()) {
                break;
            }
            RawName first = link.first().place();
            if (run.isGivenUp(first)) {
                run.giveUp(link.step().place());
                run.tally()
                        .problem(run.text(link.step().place()) + ": not restored, as little as its other name "
                                + run.text(first));
            } else if (!link(link)) {
                left.add(link.step());
            }
        }
        later.clear();
        return left;
    }

    private boolean link(Later link) {
        SelectedWalk.Step step = link.step();
        if (step.folder().isFresh() && run.options().dryRun()) {
            foresee(link, Kind.CREATE);
            return true;
        }
        try (TargetFolders.Held fromHeld = run.folders().hold(link.first().folder);
                TargetFolders.Held held = run.folders().hold(step.folder().place())) {
            DirectoryHandle from = fromHeld.handle();
            DirectoryHandle here = held.handle();
            FileStatus there = here.statIfPresent(link.name());
            if (run.options().dryRun()) {
                boolean kept = there != null && isKept(link, from, there);
                foresee(link, there == null ? Kind.CREATE : kept ? Kind.KEEP : Kind.REPLACE);
            } else if (there != null && isKept(link, from, there)) {
                count(link, run.tally().filesUnchanged);
            } else if (there == null) {
                unlock(link.first(), from);
                here.link(from, link.first().name, link.name());
                count(link, run.tally().filesRestored);
            } else if (ExistingFiles.is(there, FileType.DIRECTORY)
                    && !removal.clear(here, step.folder(), step.entry().path())) {
                run.giveUp(step.place());
            } else {
                unlock(link.first(), from);
                FlagLog.unlock(here, link.name(), there);
                replace(link, from, here);
                count(link, run.tally().filesRestored);
            }
            return true;
        } catch (PosixException e) {
            return false;
        }
    }

    /** A locked file takes no further name. */
    private void unlock(First first, DirectoryHandle from) throws PosixException {
        FileStatus there = from.stat(first.name);
        if ((there.flags() & FileFlags.LOCKING) != 0) {
            FlagLog.unlock(from, first.name, there);
            run.flags().add(first.place(), there.flags());
        }
    }

    private void foresee(Later link, Kind kind) {
        count(link, kind == Kind.KEEP ? run.tally().filesUnchanged : run.tally().filesRestored);
        run.tally().action(kind, run.path(link.step().place()), 0);
    }

    private void count(Later link, AtomicLong files) {
        if (link.first().type == FileType.FILE) {
            files.incrementAndGet();
            run.tally().progress().advance(1, 0);
        }
    }

    private boolean isKept(Later link, DirectoryHandle from, FileStatus there) throws PosixException {
        FileStatus first = from.statIfPresent(link.first().name);
        Attributes.Wanted wanted = run.wanted(link.step().entry());
        return first != null && there.inode() == first.inode() && there.device() == first.device()
                || ExistingFiles.isLeftAlone(run.options().overwrite(), wanted, there);
    }

    private void replace(Later link, DirectoryHandle from, DirectoryHandle here) throws PosixException {
        while (true) {
            RawName temporary = run.temporaryName();
            try {
                here.link(from, link.first().name, temporary);
                here.rename(temporary, here, link.name());
                return;
            } catch (PosixException e) {
                if (!e.isExists()) {
                    throw e;
                }
            }
        }
    }
}
