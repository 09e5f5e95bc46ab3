package io.packstone.restore;

import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.PosixException;
import io.packstone.repository.Repository;
import io.packstone.restore.disk.Attributes;
import io.packstone.restore.disk.FlagLog;
import io.packstone.restore.disk.Marker;
import io.packstone.restore.disk.TargetFolders;
import io.packstone.restore.patch.Steps;
import io.packstone.restore.work.Workers;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What all parts of one restore share. Thread-safe. */
final class RestoreRun {
    private static final String TEMPORARY_PREFIX = ".packstone-restore-";
    private static final int TEMPORARY_DIGITS = 16;
    private static final int READ_FAILURES_MAX = 100;

    /** Files, while they are written, are open to their maker only. */
    static final int FILE_MODE = 0600;

    private final Repository repository;
    private final RestoreOptions options;
    private final TargetFolders folders;
    private final Tally tally;
    private final Workers workers;
    private final Marker marker;
    private final Steps steps;
    private final Attributes attributes;
    private final FlagLog flags = new FlagLog();
    private final Set<FileJob> openFiles = ConcurrentHashMap.newKeySet();
    private final AtomicLong temporaryNumber = new AtomicLong();
    private final Set<RawName> givenUp = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<byte[]> buffers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger readFailures = new AtomicInteger();

    RestoreRun(
            Repository repository,
            RestoreOptions options,
            TargetFolders folders,
            Tally tally,
            Workers workers,
            Marker marker,
            Steps steps,
            Attributes attributes) {
        this.repository = repository;
        this.options = options;
        this.folders = folders;
        this.tally = tally;
        this.workers = workers;
        this.marker = marker;
        this.steps = steps;
        this.attributes = attributes;
    }

    Repository repository() {
        return repository;
    }

    RestoreOptions options() {
        return options;
    }

    TargetFolders folders() {
        return folders;
    }

    Tally tally() {
        return tally;
    }

    Workers workers() {
        return workers;
    }

    Attributes attributes() {
        return attributes;
    }

    /** What an entry is to have besides its bytes. */
    Attributes.Wanted wanted(ManifestEntry entry) {
        return attributes.wanted(entry.metadata());
    }

    /** Flags that are to be set in the end. */
    FlagLog flags() {
        return flags;
    }

    /** Told of each step of a patch. */
    Steps steps() {
        return steps;
    }

    /** What tells the next restore of this one. */
    Marker marker() {
        return marker;
    }

    /** A restore into this target was killed: files that look finished are compared chunk by chunk. */
    boolean isDoubtful() {
        return marker.found();
    }

    /**
     * True when absent files may grow under their own name: the marker tells the next restore of them, and the rule for
     * existing files would not take a piece of one for somebody's work.
     */
    boolean writesInPlace() {
        boolean safe = switch (options.overwrite()) {
            case ALWAYS, IF_CHANGED -> true;
            case IF_NEWER, NEVER -> false;
        };
        return safe && marker.isSet();
    }

    /** True when each file must be durable before it gets its name, since no marker tells of a power cut. */
    boolean forcesFiles() {
        return !marker.isSet();
    }

    /** The files that are being written. */
    Set<FileJob> openFiles() {
        return openFiles;
    }

    /** Remembers a file that is not there as it should be, which was told. */
    void giveUp(RawName place) {
        givenUp.add(place);
    }

    /** True for a file that is known not to be there as it should be. */
    boolean isGivenUp(RawName place) {
        return givenUp.contains(place);
    }

    /** An array of at least {@code length} bytes, to be given back. */
    byte[] borrow(int length) {
        byte[] buffer = buffers.poll();
        return buffer != null && buffer.length >= length ? buffer : new byte[length];
    }

    /** Lends an array to others. */
    void giveBack(byte[] buffer) {
        buffers.add(buffer);
    }

    /** Where something in the target is, absolute. */
    RawName path(RawName place) {
        RawName below = TreePath.parse(options.target()).asDirectory();
        return TreePath.absolute(place.length() == 0 ? below : Folder.join(below, place));
    }

    /** For messages: where in the target something is. */
    String text(RawName place) {
        String target = options.target().equals(RawName.of("/")) ? "" : Quoting.quote(options.target());
        return place.length() == 0 && !target.isEmpty() ? target : target + "/" + place;
    }

    /** Tells of a file that is not restored since something could not be set that must be. */
    void refuse(RawName place) {
        giveUp(place);
        tally.problem(text(place) + ": not restored, since what is required can't be set");
    }

    /** Tells of a failure at one place, or ends the restore when the target is full. */
    void failed(RawName place, PosixException cause) {
        if (cause.isNoRoom()) {
            workers.stop(new RepositoryException(
                    ErrorKind.NO_ROOM,
                    null,
                    text(place) + ": no room left in the target; free some space there and run the restore again",
                    cause));
        } else {
            tally.problem(text(place) + ": " + cause.reason());
        }
    }

    /**
     * True when {@code cause} loses some files, and the others can still be restored: damage does; a device that fails to
     * read does so up to a count, after which it is rather the whole device.
     */
    boolean survives(StoreException cause) {
        return switch (cause.kind()) {
            case CORRUPTION, MISSING, LIMIT -> true;
            case BACKEND -> readFailures.incrementAndGet() <= READ_FAILURES_MAX;
            case UNSUPPORTED_FORMAT, UNLOCK, NO_REPOSITORY, OCCUPIED, NO_ROOM, NOT_FOUND -> false;
        };
    }

    /** A file under a name of its own in {@code folder}, and the name. */
    record Temporary(FileHandle file, RawName name) {}

    /** Makes a file that is to be renamed. */
    Temporary createTemporary(DirectoryHandle folder) throws PosixException {
        while (true) {
            RawName name = temporaryName();
            try {
                return new Temporary(folder.createFile(name, FILE_MODE), name);
            } catch (PosixException e) {
                if (!e.isExists()) {
                    throw e;
                }
            }
        }
    }

    /** A name that is to be renamed; it may be taken. */
    RawName temporaryName() {
        return RawName.of(TEMPORARY_PREFIX + HexFormat.of().toHexDigits(temporaryNumber.getAndIncrement()));
    }

    /** True for a name that {@link #temporaryName} gives. */
    static boolean isTemporary(RawName name) {
        if (name.length() != TEMPORARY_PREFIX.length() + TEMPORARY_DIGITS) {
            return false;
        }
        String text = new String(name.array(), StandardCharsets.ISO_8859_1);
        return text.startsWith(TEMPORARY_PREFIX)
                && text.substring(TEMPORARY_PREFIX.length()).matches("[0-9a-f]+");
    }
}
