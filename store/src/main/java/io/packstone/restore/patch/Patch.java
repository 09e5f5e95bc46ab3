package io.packstone.restore.patch;

import io.packstone.crypto.ChunkHasher;
import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.restore.disk.TargetFolders;
import io.packstone.restore.patch.Journal.Head;
import io.packstone.restore.patch.Steps.Step;
import org.jspecify.annotations.Nullable;

/**
 * One file that is changed where it is. What will be overwritten is saved first; then the file stands under a name of its own
 * until it is whole again. Bytes may be written from many threads; all else is for one.
 */
public final class Patch {
    /** Files, while they are written, are open to their maker only. */
    private static final int FILE_MODE = 0600;

    private final TargetFolders.Held held;
    private final DirectoryHandle here;
    private final Head head;
    private final RawName partial;
    private final RawName journalName;
    private final FileHandle file;
    private final Beside beside;
    private final Journal journal;
    private final Steps steps;
    private State state = State.SAVING;
    private long pendingFrom;
    private long pendingTo;
    private boolean begun;

    /** How far it is, which says what the way back is. */
    private enum State {
        SAVING,
        SAVED,
        PARTIAL,
        OVER
    }

    /** A file under a name that means nothing, which becomes the journal. */
    public record Beside(FileHandle file, RawName name) {}

    private Patch(TargetFolders.Held held, FileHandle file, Head head, Beside beside, ChunkHasher hasher, Steps steps) {
        this.held = held;
        this.here = held.handle();
        this.file = file;
        this.head = head;
        this.beside = beside;
        this.steps = steps;
        partial = LeftoverNames.partialOf(head.name());
        journalName = LeftoverNames.journalOf(head.name());
        journal = new Journal(beside.file(), hasher);
    }

    /**
     * Opens a file to be patched and begins its journal. Null when that is not possible or not wise: it is no longer what
     * {@code compared} says, it has a second name, may not be written, is being executed, or somebody has it open and would
     * see a mixture.
     *
     * @param held the folder that it is in; taken over unless null is given back
     * @param beside taken over in the same way
     * @param hasher under the key of the repository; kept
     */
    public static @Nullable Patch open(
            TargetFolders.Held held, RawName name, FileStatus compared, Beside beside, ChunkHasher hasher, Steps steps)
            throws PosixException {
        FileHandle file;
        try {
            file = held.handle().openFileToWrite(name);
        } catch (PosixException e) {
            return null; // A new file in its place may still be possible.
        }
        FileStatus there = file.stat();
        boolean same = there.isSoleFile()
                && there.inode() == compared.inode()
                && there.size() == compared.size()
                && there.modified().equals(compared.modified());
        if (!same || file.isUsedElsewhere()) {
            file.close();
            return null;
        }
        return new Patch(held, file, Head.of(name, there), beside, hasher, steps);
    }

    /** The file, to be written when {@link #begin} has returned. */
    public FileHandle file() {
        return file;
    }

    /** Announces that a range will be overwritten or cut off; ranges come in ascending order. */
    public void save(long offset, long length) throws PosixException {
        long end = Math.min(offset + length, head.length());
        if (end <= offset) {
            return;
        }
        if (offset != pendingTo) {
            savePending();
            pendingFrom = offset;
        }
        pendingTo = end;
        if (pendingTo - pendingFrom >= Journal.PIECE) {
            savePending();
        }
    }

    private void savePending() throws PosixException {
        if (pendingFrom == pendingTo) {
            return;
        }
        beginJournal();
        while (pendingFrom < pendingTo) {
            int length = (int) Math.min(Journal.PIECE, pendingTo - pendingFrom);
            step(Step.WRITE_JOURNAL);
            journal.save(file, pendingFrom, length);
            pendingFrom += length;
        }
    }

    private void beginJournal() throws PosixException {
        if (!begun) {
            begun = true;
            step(Step.WRITE_JOURNAL);
            journal.begin(head);
        }
    }

    private void step(Step step) throws PosixException {
        steps.before(step);
    }

    /**
     * Makes the journal durable and takes the file's name away; then bytes may be written. False when a name that is needed
     * is taken, or another file was put in the place of this one; then and after a failure {@link #rollBack} is to be called.
     */
    public boolean begin() throws PosixException {
        beginJournal();
        savePending();
        step(Step.WRITE_JOURNAL);
        journal.end();
        step(Step.FORCE_JOURNAL);
        beside.file().sync();
        try {
            step(Step.NAME_JOURNAL);
            here.renameToNew(beside.name(), here, journalName);
            state = State.SAVED;
            step(Step.FORCE_JOURNAL_NAME);
            here.sync();
            step(Step.NAME_PARTIAL);
            here.renameToNew(head.name(), here, partial);
        } catch (PosixException e) {
            if (e.isExists()) {
                return false;
            }
            throw e;
        }
        state = State.PARTIAL;
        if (here.stat(partial).inode() != head.inode()) {
            here.renameToNew(partial, here, head.name());
            state = State.SAVED;
            return false;
        }
        step(Step.FORCE_PARTIAL_NAME);
        here.sync();
        step(Step.CLOSE_TO_OTHERS);
        file.setMode(FILE_MODE);
        return true;
    }

    /** To be called before each write. */
    public void beforeWrite() throws PosixException {
        step(Step.WRITE);
    }

    /** To be called before the length is set. */
    public void beforeLength() throws PosixException {
        step(Step.SET_LENGTH);
    }

    /** Makes it durable, and the file's own name its again. After a failure {@link #rollBack} is to be called. */
    public void commit() throws PosixException {
        step(Step.FORCE);
        file.sync();
        step(Step.NAME_WHOLE);
        here.rename(partial, here, head.name());
        state = State.OVER;
        step(Step.FORCE_WHOLE_NAME);
        here.sync();
        step(Step.REMOVE_JOURNAL);
        here.unlink(journalName);
        close();
    }

    /**
     * Makes the file what it was, under its own name; false when the journal can't be read. Then and after a failure the next
     * restore finds the journal. Nothing is undone once the file is whole; in any case all is closed.
     */
    public boolean rollBack() throws PosixException {
        try {
            switch (state) {
                case SAVING -> here.unlink(beside.name());
                case SAVED -> here.unlink(journalName);
                case PARTIAL -> {
                    return bringBack(here, file, journal, head, steps);
                }
                case OVER -> {}
            }
            return true;
        } finally {
            close();
        }
    }

    /** Name of what is left when {@link #rollBack} failed. */
    public RawName partialName() {
        return partial;
    }

    @SuppressWarnings("try") // all are closed, whichever fails
    private void close() throws PosixException {
        try (held;
                FileHandle written = beside.file();
                file) {
            state = State.OVER;
        }
    }

    /** Takes the last steps of the way back; each of them may be taken again after a crash. */
    static boolean bringBack(DirectoryHandle here, FileHandle file, Journal journal, Head head, Steps steps)
            throws PosixException {
        steps.before(Step.WRITE);
        if (!journal.writeBack(file)) {
            return false;
        }
        steps.before(Step.SET_LENGTH);
        file.truncate(head.length());
        FileStatus now = file.stat();
        if (now.uid() != head.uid() || now.gid() != head.gid()) {
            giveBack(file, head);
        }
        file.setMode(head.mode());
        file.setTimes(head.accessed(), head.modified());
        steps.before(Step.FORCE);
        file.sync();
        steps.before(Step.NAME_WHOLE);
        here.renameToNew(LeftoverNames.partialOf(head.name()), here, head.name());
        steps.before(Step.FORCE_WHOLE_NAME);
        here.sync();
        steps.before(Step.REMOVE_JOURNAL);
        here.unlink(LeftoverNames.journalOf(head.name()));
        return true;
    }

    private static void giveBack(FileHandle file, Head head) {
        try {
            file.setOwner(head.uid(), head.gid());
        } catch (PosixException e) {
            // its bytes are worth more than its owner, and who could give it away may give it back
        }
    }
}
