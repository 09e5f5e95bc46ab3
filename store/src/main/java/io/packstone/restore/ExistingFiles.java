package io.packstone.restore;

import io.packstone.crypto.ChunkHasher;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.restore.disk.Attributes;
import io.packstone.restore.disk.FlagLog;
import io.packstone.restore.disk.TargetFolders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of files that are there, and takes over from them what fits. For one thread. */
final class ExistingFiles {
    private static final byte[] NO_REFS = new byte[0];

    private final RestoreRun run;
    private final Removal removal;
    private final ChunkHasher hasher;
    private byte[] buffer = new byte[0];

    ExistingFiles(RestoreRun run, Removal removal) {
        this.run = run;
        this.removal = removal;
        this.hasher = new ChunkHasher(run.repository().keys().idKey());
    }

    /** What is to be done. */
    enum Verdict {
        /** Nothing is there. */
        WRITE,
        /** What is there goes when the new one is complete. */
        REPLACE,
        /** What is there stays. */
        KEEP,
        /** Nothing can be done; it was told why. */
        GIVE_UP
    }

    /** Looks at what is at a file's place; sets its metadata when that is all that differs. */
    Verdict look(FileJob job) throws PosixException, IOException {
        switch (job.folder().state()) {
            case FRESH -> {
                return Verdict.WRITE;
            }
            case FAILED -> {
                run.tally().problem(job.text() + ": its folder could not be made");
                return Verdict.GIVE_UP;
            }
            case AHEAD, EXISTING -> {}
        }
        try (TargetFolders.Held here = run.folders().hold(job.folder().place())) {
            FileStatus there = here.handle().statIfPresent(job.name());
            return there == null ? Verdict.WRITE : judge(job, here.handle(), there);
        }
    }

    private Verdict judge(FileJob job, DirectoryHandle here, FileStatus there) throws PosixException, IOException {
        if (is(there, FileType.BLOCK_DEVICE) && !run.options().delete()) {
            run.tally()
                    .problem(job.text() + ": a block device is in its place, which only --delete replaces by a file;"
                            + " packstone cat SNAP:PATH > DEVICE writes its bytes");
            return Verdict.GIVE_UP;
        }
        Attributes.Wanted wanted = run.wanted(job.entry());
        boolean sameSize = hasSize(job, there);
        boolean looksSame = sameSize && wanted.hasTime(there);
        if (isLeftAlone(wanted, there) && !(looksSame && run.isDoubtful())) {
            return Verdict.KEEP;
        }
        boolean trusted = isTrusted(looksSame);
        if (run.options().dryRun()) {
            return trusted ? Verdict.KEEP : Verdict.REPLACE;
        }
        Boolean compared = job.isSame();
        boolean same = trusted || sameSize && (compared == null ? hasSameBytes(job, here) : compared);
        if (same && takesAttributes(job, here, there, wanted)) {
            return Verdict.KEEP;
        }
        FlagLog.unlock(here, job.name(), there);
        if (is(there, FileType.DIRECTORY)
                && !removal.clear(here, job.folder(), job.entry().path())) {
            return Verdict.GIVE_UP;
        }
        return Verdict.REPLACE;
    }

    private static boolean hasSize(FileJob job, FileStatus there) {
        return is(there, FileType.FILE) && there.size() == job.entry().body().plainLength();
    }

    private boolean isTrusted(boolean looksSame) {
        return looksSame && run.options().overwrite() != Overwrite.ALWAYS && !run.isDoubtful();
    }

    /** True when nothing but its bytes can tell whether the file that is there stays. */
    boolean isUnsure(FileJob job, FileStatus there) {
        Attributes.Wanted wanted = run.wanted(job.entry());
        boolean looksSame = hasSize(job, there) && wanted.hasTime(there);
        boolean alone = isLeftAlone(wanted, there) && !(looksSame && run.isDoubtful());
        return is(there, FileType.FILE) && !alone && !isTrusted(looksSame);
    }

    /** True for a file of that type; of a type that POSIX does not know, nothing is. */
    static boolean is(FileStatus there, FileType type) {
        return there.isKnown() && there.type() == type;
    }

    /** True when the options say so, whatever its bytes. */
    private boolean isLeftAlone(Attributes.Wanted wanted, FileStatus there) {
        return isLeftAlone(run.options().overwrite(), wanted, there);
    }

    /** True when {@code rule} leaves what is there alone, whatever it is. */
    static boolean isLeftAlone(Overwrite rule, Attributes.Wanted wanted, FileStatus there) {
        return switch (rule) {
            case ALWAYS, IF_CHANGED -> false;
            case IF_NEWER -> !wanted.isNewerThan(there);
            case NEVER -> true;
        };
    }

    /**
     * Sets what differs from the snapshot; false when that is not possible in place. A file with more names than one is
     * never changed in place: the other name may be outside the target.
     */
    private boolean takesAttributes(FileJob job, DirectoryHandle here, FileStatus there, Attributes.Wanted wanted) {
        try (FileHandle file = openToChange(job, here, there, wanted)) {
            if (file == null) {
                return true;
            }
            FileStatus now = file.stat();
            if (!now.isSoleFile() || now.inode() != there.inode()) {
                return false;
            }
            file.changeFlags(there.flags(), 0);
            if (!run.attributes().set(file, wanted, job::text)) {
                run.refuse(job.place());
            } else if (wanted.locks()) {
                run.flags().add(job.place(), wanted.flags());
            }
            return true;
        } catch (PosixException e) {
            return false;
        }
    }

    /** The file when something is to be set; null when it has everything. */
    private @Nullable FileHandle openToChange(
            FileJob job, DirectoryHandle here, FileStatus there, Attributes.Wanted wanted) throws PosixException {
        boolean fits = wanted.fits(there) && run.attributes().fits(here.attributes(job.name()), wanted);
        return fits ? null : here.openFile(job.name());
    }

    /** The file that is to be replaced; null when it can't be read, or is none. */
    @Nullable
    FileHandle openOld(FileJob job) {
        try (TargetFolders.Held here = run.folders().hold(job.folder().place())) {
            return openRegular(here.handle(), job.name());
        } catch (PosixException e) {
            return null;
        }
    }

    /** Opens a regular file to read; null when it is something else. */
    static @Nullable FileHandle openRegular(DirectoryHandle here, RawName name) throws PosixException {
        if (!is(here.stat(name), FileType.FILE)) {
            return null;
        }
        FileHandle file = here.openFile(name);
        if (!is(file.stat(), FileType.FILE)) {
            file.close();
            return null;
        }
        return file;
    }

    private boolean hasSameBytes(FileJob job, DirectoryHandle here) throws IOException {
        try (FileHandle file = openRegular(here, job.name())) {
            return file != null && hasBytesOf(job.entry(), file);
        } catch (PosixException e) {
            return false;
        }
    }

    /** True when a file of the right length has the bytes of {@code entry}; they count as reused then. */
    private boolean hasBytesOf(ManifestEntry entry, FileHandle file) throws PosixException, IOException {
        BodyReader body = new BodyReader(run.repository().chunks(), entry.body());
        while (body.next()) {
            if (run.workers().isStopped() || !isChunk(file, body.offset(), body.length(), body.id())) {
                return false;
            }
        }
        run.tally().bytesReused.addAndGet(entry.body().plainLength());
        return true;
    }

    /** True when {@code entry}'s bytes are those of {@code file}; nothing is counted. */
    boolean matches(ManifestEntry entry, FileHandle file) throws PosixException, IOException {
        if (file.stat().size() != entry.body().plainLength()) {
            return false;
        }
        BodyReader body = new BodyReader(run.repository().chunks(), entry.body());
        while (body.next()) {
            if (!isChunk(file, body.offset(), body.length(), body.id())) {
                return false;
            }
            run.tally().progress().advance(0, body.length());
        }
        return true;
    }

    private boolean isChunk(FileHandle file, long offset, int length, ChunkId id) throws PosixException {
        if (buffer.length < length) {
            buffer = new byte[length];
        }
        return file.read(offset, buffer, 0, length) == length
                && hasher.id(ChunkType.DATA, NO_REFS, 0, buffer, 0, length).equals(id);
    }

    /** Copies the chunks that the old file has at the same place; gives those that are still needed. */
    List<FileJob.Need> reuse(FileJob job, List<FileJob.Need> needs) {
        FileHandle old = job.old();
        if (old == null) {
            return needs;
        }
        List<FileJob.Need> rest = new ArrayList<>();
        try {
            long length = old.stat().size();
            for (FileJob.Need need : needs) {
                boolean fits = need.offset() + need.length() <= length
                        && isChunk(old, need.offset(), need.length(), need.id());
                if (!fits) {
                    rest.add(need);
                } else if (job.write(need.offset(), buffer, 0, need.length())) {
                    run.tally().bytesReused.addAndGet(need.length());
                }
            }
            return rest;
        } catch (PosixException e) {
            return needs;
        }
    }
}
