package io.packstone.restore.patch;

import io.packstone.crypto.ChunkHasher;
import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.restore.patch.Journal.Head;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a patch left that was killed: the file is made what it was before, under its own name. What is not certainly that is
 * told of and left alone. For one thread.
 */
public final class Leftovers {
    private final ChunkHasher hasher;
    private final Steps steps;
    private final Listener listener;

    /** Told of what is found. */
    public interface Listener {
        /** Something that somebody has to do something about. */
        void problem(String message);

        /** Something that may be as it should. */
        void warn(String message);
    }

    /** What became of what was found. */
    public enum Outcome {
        /** There is nothing, or nothing any more. */
        SETTLED,
        /** Something stays that no restore will touch; it was told. */
        LEFT,
        /** It could not be settled; it was told, and the next restore may. */
        FAILED
    }

    /** {@code hasher} is under the key of the repository. */
    public Leftovers(ChunkHasher hasher, Steps steps, Listener listener) {
        this.hasher = hasher;
        this.steps = steps;
        this.listener = listener;
    }

    /**
     * Settles what belongs to a journal, if there is one of that name.
     *
     * @param text gives the path of a name in this folder, for messages
     * @param dryRun only tells
     */
    public Outcome settle(DirectoryHandle here, RawName journalName, Function<RawName, String> text, boolean dryRun) {
        try {
            FileStatus there = here.statIfPresent(journalName);
            if (there == null) {
                return Outcome.SETTLED;
            }
            try (@Nullable FileHandle file = openOwn(here, journalName, there)) {
                if (file != null && file.isUsedElsewhere()) {
                    listener.problem(
                            text.apply(journalName)
                                    + ": another restore is at work on the file that it belongs to; run this one again when that is done");
                    return Outcome.FAILED;
                }
                Journal journal = file == null ? null : new Journal(file, hasher);
                Head head = journal == null ? null : journal.verify();
                if (journal == null
                        || head == null
                        || !LeftoverNames.journalOf(head.name()).equals(journalName)) {
                    stranger(here, journalName, text);
                    return Outcome.LEFT;
                }
                return settle(here, journal, head, text, dryRun);
            }
        } catch (PosixException e) {
            listener.problem(
                    text.apply(journalName) + ": what a killed restore left could not be settled: " + e.reason()
                            + "; " + text.apply(LeftoverNames.partialOfJournal(journalName))
                            + " is neither old nor new until a restore into this target goes through");
            return Outcome.FAILED;
        }
    }

    /** Opens what has no second name; null when it is no such file. */
    private static @Nullable FileHandle openOwn(DirectoryHandle here, RawName name, FileStatus there)
            throws PosixException {
        if (!there.isSoleFile()) {
            return null;
        }
        FileHandle file = here.openFile(name);
        FileStatus opened = file.stat();
        if (!opened.isSoleFile() || opened.inode() != there.inode()) {
            file.close();
            return null;
        }
        return file;
    }

    private void stranger(DirectoryHandle here, RawName journalName, Function<RawName, String> text)
            throws PosixException {
        RawName partial = LeftoverNames.partialOfJournal(journalName);
        String message = text.apply(journalName) + ": no journal that this repository wrote whole; it is left alone";
        if (here.statIfPresent(partial) == null
                || here.statIfPresent(LeftoverNames.nameOfJournal(journalName)) != null) {
            listener.warn(message + ": remove it if it is of no use to you");
        } else {
            listener.problem(message + ", as is " + text.apply(partial)
                    + ": restore from the repository that began it, or remove both and restore the file again");
        }
    }

    private Outcome settle(
            DirectoryHandle here, Journal journal, Head head, Function<RawName, String> text, boolean dryRun)
            throws PosixException {
        RawName partial = LeftoverNames.partialOf(head.name());
        FileStatus part = here.statIfPresent(partial);
        FileStatus whole = here.statIfPresent(head.name());
        if (part == null && whole != null && whole.inode() == head.inode()) {
            if (!dryRun) {
                here.unlink(LeftoverNames.journalOf(head.name())); // It was not begun, or is done.
            }
            return Outcome.SETTLED;
        }
        if (part != null && whole == null && part.isSoleFile() && part.inode() == head.inode()) {
            if (!dryRun) {
                return bringBack(here, journal, head, text);
            }
            listener.warn(text.apply(partial) + ": left by a killed restore; the next one makes it what it was, and is"
                    + " not foreseen in what follows");
            return Outcome.LEFT;
        }
        listener.problem(
                text.apply(LeftoverNames.journalOf(head.name())) + ": left by a killed restore; it brings back "
                        + text.apply(head.name()) + " as it was, but "
                        + (part == null
                                ? "what it belongs to is gone: remove it"
                                : "another file has that name by now, or " + text.apply(partial)
                                        + " is another one: remove both if what is there is right"));
        return Outcome.LEFT;
    }

    private Outcome bringBack(DirectoryHandle here, Journal journal, Head head, Function<RawName, String> text)
            throws PosixException {
        try (FileHandle file = here.openFileToWrite(LeftoverNames.partialOf(head.name()))) {
            FileStatus opened = file.stat();
            boolean same = opened.isSoleFile() && opened.inode() == head.inode();
            if (!same || !Patch.bringBack(here, file, journal, head, steps)) {
                listener.problem(
                        text.apply(head.name()) + ": what a killed restore left of it was exchanged while it was"
                                + " looked at; run the restore again");
                return Outcome.FAILED;
            }
            return Outcome.SETTLED;
        }
    }
}
