package io.packstone.restore;

import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.restore.disk.Attributes;
import io.packstone.restore.disk.TargetFolders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Files with more names than one: the first that is met is restored as any file, the others are made names of it when all
 * files are there. For one thread.
 */
final class HardLinks {
    private final RestoreRun run;
    private final Removal removal;
    private final Map<Inode, FileJob> firsts = new HashMap<>();
    private final List<Later> later = new ArrayList<>();

    private record Inode(long device, long inode) {}

    /** A further name. */
    record Later(ManifestEntry entry, Folder folder, FileJob first) {
        RawName place() {
            return Folder.join(folder.place(), entry.path().name());
        }
    }

    HardLinks(RestoreRun run, Removal removal) {
        this.run = run;
        this.removal = removal;
    }

    private static Inode inode(ManifestEntry entry) {
        return new Inode(
                entry.metadata().fingerprint().device(),
                entry.metadata().fingerprint().inode());
    }

    /** True when {@code entry} is a further name of a file that was met; it waits for {@link #link}. */
    boolean take(ManifestEntry entry, Folder folder) {
        if (entry.metadata().linkCount() <= 1) {
            return false;
        }
        FileJob first = firsts.get(inode(entry));
        boolean same = first != null && first.entry().body().equals(entry.body());
        if (same) {
            later.add(new Later(entry, folder, first));
        }
        return same;
    }

    /** Remembers the first name of a file. */
    void first(FileJob job) {
        if (job.entry().metadata().linkCount() > 1) {
            firsts.putIfAbsent(inode(job.entry()), job);
        }
    }

    /** Makes all further names; gives those that must be files of their own, since the target can't link them. */
    List<Later> link() {
        List<Later> left = new ArrayList<>();
        for (Later link : later) {
            if (run.workers().isStopped()) {
                break;
            }
            if (link.first().hasFailed()) {
                run.giveUp(link.place());
                run.tally()
                        .problem(run.text(link.place()) + ": not restored, as little as its other name "
                                + link.first().text());
            } else if (!link(link)) {
                left.add(link);
            }
        }
        later.clear();
        return left;
    }

    private boolean link(Later link) {
        if (link.folder().isFresh() && run.options().dryRun()) {
            count(run.tally().filesRestored);
            return true;
        }
        try (TargetFolders.Held fromHeld =
                        run.folders().hold(link.first().folder().place());
                TargetFolders.Held held = run.folders().hold(link.folder().place())) {
            DirectoryHandle from = fromHeld.handle();
            DirectoryHandle here = held.handle();
            FileStatus there = here.statIfPresent(link.entry().path().name());
            if (there != null && isKept(link, from, there)) {
                count(run.tally().filesUnchanged);
            } else if (run.options().dryRun()) {
                count(run.tally().filesRestored);
            } else if (there == null) {
                here.link(from, link.first().name(), link.entry().path().name());
                count(run.tally().filesRestored);
            } else if (ExistingFiles.is(there, FileType.DIRECTORY)
                    && !removal.clear(here, link.folder(), link.entry().path())) {
                run.giveUp(link.place());
            } else {
                replace(link, from, here);
                count(run.tally().filesRestored);
            }
            return true;
        } catch (PosixException e) {
            return false;
        }
    }

    private void count(AtomicLong files) {
        files.incrementAndGet();
        run.tally().progress().advance(1, 0);
    }

    private boolean isKept(Later link, DirectoryHandle from, FileStatus there) throws PosixException {
        FileStatus first = from.statIfPresent(link.first().name());
        Attributes.Wanted wanted = Attributes.Wanted.of(link.entry().metadata());
        return first != null && there.inode() == first.inode() && there.device() == first.device()
                || ExistingFiles.isLeftAlone(run.options().overwrite(), wanted, there);
    }

    private void replace(Later link, DirectoryHandle from, DirectoryHandle here) throws PosixException {
        while (true) {
            RawName temporary = run.temporaryName();
            try {
                here.link(from, link.first().name(), temporary);
                here.rename(temporary, here, link.entry().path().name());
                return;
            } catch (PosixException e) {
                if (!e.isExists()) {
                    throw e;
                }
            }
        }
    }
}
