package io.packstone.restore;

import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.restore.patch.LeftoverNames;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.source.rules.GlobFilter;
import io.packstone.source.rules.RecordedRules;
import io.packstone.source.rules.Rules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Removes from the target what a snapshot does not have, and never what it left out on purpose or could not read:
 * excluded paths, by options and ignore files, what a rewrite dropped, its own cache, files above a size, what lies beside a
 * tag, other file systems, problems it recorded, a repository. Thread-safe.
 */
final class Removal {
    private static final RawName CACHE_TAG = RawName.of("CACHEDIR.TAG");
    private static final byte[] CACHE_SIGNATURE =
            "Signature: 8a477f597d28d172789f06886806bc55".getBytes(StandardCharsets.US_ASCII);
    private static final List<RawName> REPOSITORY =
            List.of(RawName.of("config"), RawName.of("keys"), RawName.of("packs"), RawName.of("snapshots"));

    private final RestoreRun run;
    private final SnapshotRecord record;
    private final Set<RawName> taken;
    private final RecordedRules recorded;
    private final Rules rules;
    private final List<TreePath> leftOut;
    private final String doubt;

    Removal(RestoreRun run, SnapshotRecord record) {
        this.run = run;
        this.record = record;
        RecordedRules known = RecordedRules.NONE;
        String why = record.problemCount() <= record.problems().size()
                ? ""
                : "the snapshot does not list everything that could not be read";
        try {
            known = RecordedRules.parse(record.options());
            why = known.heeded().complete()
                    ? why
                    : "the snapshot does not list all that ignore files and tags in folders left out";
        } catch (IllegalArgumentException e) {
            why = "the snapshot left things out by a rule that this version can't apply: " + e.getMessage();
        }
        why = record.isPartial() ? "the snapshot is a partial one, of what had been reached when it was stored" : why;
        taken = new HashSet<>();
        record.paths().forEach(path -> taken.add(TreePath.parse(path).asDirectory()));
        recorded = known;
        rules = known.rules();
        leftOut = rules.leftOut().stream().map(TreePath::parse).toList();
        doubt = why;
    }

    /** Why nothing may be taken for superfluous; empty when the snapshot tells everything that it left out. */
    String doubt() {
        return doubt;
    }

    /** True when the snapshot was taken of this folder or one above, so that what it lacks was not there. */
    boolean wasTaken(RawName folder) {
        RawName clean = TreePath.parse(folder).asDirectory();
        for (int end = clean.length(); end > 0; end--) {
            boolean whole = end == clean.length() || clean.at(end) == '/';
            if (whole && taken.contains(RawName.of(clean.array(), 0, end))) {
                return true;
            }
        }
        return taken.contains(RawName.EMPTY);
    }

    /** Makes room for something that is no folder where a folder stands; false, after saying so, when it stays. */
    boolean clear(DirectoryHandle here, Folder folder, TreePath path) throws PosixException {
        RawName place = Folder.join(folder.place(), path.name());
        run.folders().forget(place);
        try {
            here.removeDirectory(path.name());
            return true;
        } catch (PosixException e) {
            if (!e.isNotEmpty()) {
                throw e;
            }
        }
        boolean may = run.options().delete() && wasTaken(path.asDirectory()) && doubt.isEmpty();
        if (may && remove(here, place, path, deviceOf(here))) {
            return true;
        }
        run.tally()
                .problem(run.text(place) + ": a folder that is not empty is in its place"
                        + (may
                                ? ", with things in it that were left out of the snapshot"
                                : "; --delete would remove it"));
        return false;
    }

    /** True when what is at {@code path} was left out of the snapshot, or may have been. */
    private boolean isSpared(TreePath path, FileStatus there, long device) {
        boolean directory = ExistingFiles.is(there, FileType.DIRECTORY);
        boolean tooLarge =
                ExistingFiles.is(there, FileType.FILE) && rules.largerThan() >= 0 && there.size() > rules.largerThan();
        return recorded.patternsLeaveOut(path, directory)
                || recorded.isHolder(path.directory())
                || rules.dropped().stream().anyMatch(filter -> filter.picks(path, directory))
                || run.options().excludes().picks(path, directory)
                || tooLarge
                || there.device() != device
                || leftOut.stream().anyMatch(given -> given.contains(path))
                || isProblem(path);
    }

    /** True for what could not be read, and what is below it; some are recorded as bytes, some as quoted text. */
    private boolean isProblem(TreePath path) {
        if (record.problems().isEmpty()) {
            return false;
        }
        String text = path.toString();
        return record.problems().stream().map(SnapshotRecord.Problem::path).anyMatch(problem -> {
            String quoted = problem.toText();
            return TreePath.parse(problem).contains(path) || text.equals(quoted) || text.startsWith(quoted + "/");
        });
    }

    /**
     * Removes a name and what is below it but for what is spared; true when it is gone.
     *
     * @param place relative to the target
     * @param path what it would be in the snapshot
     * @param device of the folder it is in
     */
    boolean remove(DirectoryHandle here, RawName place, TreePath path, long device) throws PosixException {
        FileStatus there = here.statIfPresent(path.name());
        if (there == null) {
            return true;
        }
        if (isSpared(path, there, device)) {
            return false;
        }
        boolean directory = ExistingFiles.is(there, FileType.DIRECTORY);
        GlobFilter includes = run.options().includes();
        boolean chosen = includes.isEmpty() || includes.picksOrAbove(path, directory);
        boolean dryRun = run.options().dryRun();
        if (directory) {
            boolean emptied = removeBelow(here, place, path);
            if (emptied && chosen) {
                run.tally().action(RestoreReport.Kind.DELETE, run.path(place), 0);
            }
            if (emptied && chosen && !dryRun) {
                run.folders().forget(place);
                here.removeDirectory(path.name());
            }
            return emptied && chosen;
        }
        if (chosen && isLeftover(here, path.name())) {
            run.tally()
                    .progress()
                    .warn(run.text(place) + ": looks like what a killed restore left, and is not deleted;"
                            + " remove it if it is of no use to you");
            return false;
        }
        if (chosen) {
            run.tally().action(RestoreReport.Kind.DELETE, run.path(place), 0);
            if (!dryRun) {
                here.unlink(path.name());
            }
            run.tally().filesDeleted.incrementAndGet();
        }
        return chosen;
    }

    /** True for a journal of a patch and the file beside it that it belongs to, whoever wrote them. */
    private static boolean isLeftover(DirectoryHandle here, RawName name) throws PosixException {
        return LeftoverNames.isJournal(name)
                || LeftoverNames.isPartial(name) && here.statIfPresent(LeftoverNames.journalOfPartial(name)) != null;
    }

    /** Every name in a folder. */
    static List<RawName> namesIn(DirectoryHandle folder) throws PosixException {
        List<RawName> names = new ArrayList<>();
        try {
            folder.list((bytes, offset, length) -> names.add(RawName.of(bytes, offset, length)));
        } catch (PosixException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("a list can't fail to grow", e);
        }
        return names;
    }

    /** The device a folder is on. */
    static long deviceOf(DirectoryHandle folder) throws PosixException {
        FileStatus status = new FileStatus();
        folder.statSelf(status);
        return status.device();
    }

    private boolean removeBelow(DirectoryHandle here, RawName place, TreePath path) throws PosixException {
        try (DirectoryHandle folder = here.openDirectory(path.name())) {
            List<RawName> names = namesIn(folder);
            if (isHolder(folder) || isRepository(names, place)) {
                return false;
            }
            long device = deviceOf(folder);
            boolean emptied = true;
            for (RawName name : names) {
                TreePath below = new TreePath(path.asDirectory(), name);
                emptied &= remove(folder, Folder.join(place, name), below, device);
            }
            return emptied;
        }
    }

    private boolean isRepository(List<RawName> names, RawName place) {
        if (!names.containsAll(REPOSITORY)) {
            return false;
        }
        run.tally().progress().warn(run.text(place) + ": looks like a repository, and is not deleted");
        return true;
    }

    /** True when a folder says that what is in it was left out, if the snapshot honoured that. */
    boolean isHolder(DirectoryHandle folder) throws PosixException {
        for (RawName name : rules.ifPresent()) {
            if (folder.statIfPresent(name) != null) {
                return true;
            }
        }
        return rules.caches() && isCache(folder);
    }

    private static boolean isCache(DirectoryHandle folder) {
        byte[] start = new byte[CACHE_SIGNATURE.length];
        try (FileHandle tag = ExistingFiles.openRegular(folder, CACHE_TAG)) {
            return tag != null
                    && tag.read(0, start, 0, start.length) == start.length
                    && Arrays.equals(start, CACHE_SIGNATURE);
        } catch (PosixException e) {
            return false;
        }
    }
}
