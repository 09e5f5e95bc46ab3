package io.packstone.source;

import io.packstone.error.SourceException;
import io.packstone.metadata.ExtendedAttributes;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.AttributeAccess;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.OwnerNames;
import io.packstone.posix.Posix;
import io.packstone.posix.PosixException;
import io.packstone.source.rules.FolderRules;
import io.packstone.source.rules.Heeded;
import io.packstone.source.rules.Heeding;
import io.packstone.source.rules.LeftOutKind;
import io.packstone.source.rules.PathMap;
import io.packstone.source.rules.PatternView;
import io.packstone.source.rules.Verdict;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks given paths in the manifest's order: all names of a directory, sorted as unsigned bytes, then its
 * subdirectories one by one. Directories above a given path are listed too, and nothing else of them; the root only
 * when it is given.
 *
 * <p>A symbolic link is listed and never followed; only above a given path one is, since the user named it. What
 * vanishes between the listing and the look at it is left out silently; every other failure goes to the consumer of
 * errors and the walk goes on. {@link #next} is for one thread; {@link #open} for any, until {@link #close}. At most a
 * few hundred directories are open, and one directory's names are held packed or, when there are many, sorted on disk.
 */
public final class SourceWalker implements Closeable {
    private static final int OPEN_DIRECTORIES = 192;
    private static final int PATH_LENGTH_MAX = 1 << 20;

    private final Posix posix;
    private final OwnerNames names;
    private final SourceOptions options;
    private final Consumer<SourceException> errors;
    private final DirectoryPool pool;
    private final LeftOut leftOut;
    private final IgnoreFiles ignoreFiles;
    private final Heeding heeding = new Heeding();
    private final Explanation.@Nullable Focus focus;
    private final WalkGuide guide;
    private final Unread unread = new Unread();
    private final boolean seesTrusted;
    private final Deque<Frame> frames = new ArrayDeque<>();
    private final FileStatus status = new FileStatus();
    private final Map<Long, Long> shownDevices = new HashMap<>();
    private final SourceDirectory root;
    private @Nullable SourceEntry rootEntry;
    private boolean closed;

    /** Begins a walk of this machine's files with names asked of its system, as the other constructor does. */
    public SourceWalker(SourceOptions options, Consumer<SourceException> errors) throws IOException {
        this(new Posix(), new OwnerNames(), options, errors);
    }

    /** Begins a walk; a given path that does not exist is told to {@code errors} at once. */
    public SourceWalker(Posix posix, OwnerNames names, SourceOptions options, Consumer<SourceException> errors)
            throws IOException {
        this(posix, names, options, errors, OPEN_DIRECTORIES);
    }

    SourceWalker(
            Posix posix, OwnerNames names, SourceOptions options, Consumer<SourceException> errors, int openDirectories)
            throws IOException {
        this(posix, names, options, errors, openDirectories, null);
    }

    /** {@code focus}: the only path that is looked for; null to walk everything. */
    SourceWalker(
            Posix posix,
            OwnerNames names,
            SourceOptions options,
            Consumer<SourceException> errors,
            int openDirectories,
            Explanation.@Nullable Focus focus)
            throws IOException {
        this.posix = posix;
        this.seesTrusted = posix.isSuperuser();
        this.names = names;
        this.options = options;
        this.errors = errors;
        this.focus = focus;
        this.guide = focus == null ? options.guide() : focus;
        this.ignoreFiles = new IgnoreFiles(errors);
        this.pool = new DirectoryPool(posix, openDirectories);
        this.leftOut = LeftOut.of(posix, options.rules().leftOut(), options.map());
        GivenPaths given = new GivenCheck(posix, options.map(), errors).merge(options.paths());
        this.root = enterRoot(given);
    }

    /** The root stays pinned to the end: every closed directory is reached from it again. */
    private SourceDirectory enterRoot(GivenPaths given) throws IOException {
        RawName place = options.map().place(RawName.EMPTY);
        RawName slash = place == null ? RawName.of("/") : place;
        DirectoryHandle handle = given.whole() ? posix.openRoot(slash) : posix.openPassage(slash);
        handle.statSelf(status);
        SourceDirectory directory = place == null
                ? new SourceDirectory(null, RawName.EMPTY, false, status)
                : new SourceDirectory(null, RawName.EMPTY, false, status, place, shownDevice(RawName.EMPTY));
        pool.adopt(directory, handle);
        pool.pin(directory);
        if (given.whole()) {
            FileMetadata metadata = status.toMetadata(names, RawName.EMPTY).withDevice(directory.shown(status));
            rootEntry = SourceEntry.of(TreePath.ROOT, status, metadata, null, false);
        }
        push(new Frame(directory, handle, given.whole() ? null : given, status.device(), Tags.NONE, null));
        return directory;
    }

    /**
     * The next entry in the manifest's order; null at the end.
     *
     * @throws IOException only when names could not be sorted in the temporary directory
     */
    public @Nullable SourceEntry next() throws IOException {
        SourceEntry first = rootEntry;
        if (first != null) {
            rootEntry = null;
            return first;
        }
        while (true) {
            Frame frame = frames.peekLast();
            if (frame == null) {
                return null;
            }
            if (frame.listing) {
                SourceEntry entry = nextListed(frame);
                if (entry != null) {
                    return entry;
                }
                frame.endListing(pool);
            } else if (frame.cursor.next()) {
                enter(frame, frame.name());
            } else {
                frame.cursor.close();
                frames.removeLast();
            }
        }
    }

    private @Nullable SourceEntry nextListed(Frame frame) throws IOException {
        NameCursor cursor = frame.cursor;
        while (cursor.next()) {
            GivenPaths given = frame.given == null ? null : frame.given.child(frame.name());
            try {
                SourceEntry entry = look(frame, cursor, given);
                if (entry != null) {
                    if (entry.metadata().type() == FileType.DIRECTORY && isEntered(frame, entry, given)) {
                        frame.subdirectories.visit(cursor.bytes(), cursor.offset(), cursor.length());
                    }
                    return entry;
                }
            } catch (PosixException e) {
                boolean vanished = e.isNotFound() && given == null;
                if (!vanished) {
                    errors.accept(new SourceException(frame.directory.quoted(frame.name()), e.reason()));
                }
            }
        }
        return null;
    }

    /** Whether what {@link #status} says is a directory whose names belong to the walk. */
    private boolean isEntered(Frame frame, SourceEntry entry, @Nullable GivenPaths given) {
        boolean entered = !options.rules().oneFileSystem()
                || given != null
                || frame.place() != null
                || status.device() == frame.device;
        if (!entered) {
            heeding.leftOut(LeftOutKind.FILE_SYSTEM);
            watch(entry.path(), Verdict.of(LeftOutKind.FILE_SYSTEM, RawName.EMPTY));
        }
        return entered;
    }

    private void watch(TreePath path, Verdict verdict) {
        if (focus != null) {
            focus.watcher().accept(path, verdict);
        }
    }

    /** The entry of the cursor's name; null when it is left out. */
    private @Nullable SourceEntry look(Frame frame, NameCursor cursor, @Nullable GivenPaths given)
            throws PosixException {
        byte[] bytes = cursor.bytes();
        int offset = cursor.offset();
        int length = cursor.length();
        RawName place = frame.place();
        if (place != null) {
            try (DirectoryHandle elsewhere = posix.openPassage(place)) {
                elsewhere.statSelf(status);
            }
        } else if (given != null && !given.whole()) {
            try (DirectoryHandle above = frame.handle.openPassageFollowing(frame.name())) {
                above.statSelf(status);
            }
        } else {
            frame.handle.stat(bytes, offset, length, status);
        }
        if (!status.isKnown()) {
            errors.accept(new SourceException(frame.directory.quoted(frame.name()), "a file of an unknown type"));
            return null;
        }
        FileType type = status.type();
        Verdict verdict = given == null || leftOut.contains(status) ? verdict(frame, cursor, type) : null;
        if (verdict != null) {
            watch(new TreePath(frame.path, frame.name()), verdict);
            if (!verdict.takes()) {
                heeding.leftOut(verdict.kind());
                return null;
            }
        }
        TreePath path = new TreePath(frame.path, RawName.of(bytes, offset, length));
        if (given != null && type == FileType.BLOCK_DEVICE) {
            try (FileHandle device = frame.handle.openFile(path.name())) {
                FileMetadata metadata = DeviceBytes.asFile(device.stat().toMetadata(names, RawName.EMPTY), device);
                return SourceEntry.device(path, metadata, frame.directory);
            }
        }
        RawName target = type == FileType.SYMLINK ? frame.handle.readLink(bytes, offset, length) : RawName.EMPTY;
        long device = place == null ? frame.directory.shown(status) : shownDevice(path.asDirectory());
        FileMetadata metadata = status.toMetadata(names, target).withDevice(device);
        return SourceEntry.of(path, status, metadata, frame.directory, given != null && !given.whole());
    }

    /** What decides about the cursor's name; null when no rule speaks of it. */
    private @Nullable Verdict verdict(Frame frame, NameCursor cursor, FileType type) {
        if (leftOut.contains(status)) {
            return Verdict.of(LeftOutKind.OWN, RawName.EMPTY);
        }
        long limit = options.rules().largerThan();
        if (type == FileType.FILE && limit >= 0 && status.size() > limit) {
            return Verdict.of(LeftOutKind.LARGER_THAN, RawName.EMPTY);
        }
        return frame.view().decide(cursor.bytes(), cursor.offset(), cursor.length(), type == FileType.DIRECTORY);
    }

    private void enter(Frame above, RawName name) throws IOException {
        GivenPaths given = above.given == null ? null : above.given.child(name);
        boolean passage = given != null && !given.whole();
        try {
            RawName place = above.place();
            DirectoryHandle handle = place == null ? open(above, name, passage) : open(place, passage);
            handle.statSelf(status);
            SourceDirectory directory = place == null
                    ? new SourceDirectory(above.directory, name, passage, status)
                    : elsewhere(above.directory, name, place);
            pool.adopt(directory, handle);
            long device = above.given == null && place == null ? above.device : status.device();
            Tags tags = given == null ? Tags.in(handle, options.rules()) : Tags.NONE;
            if (tags.any()) {
                heeding.holder(tags.kind(), directory.path());
                watch(
                        TreePath.parse(directory.path()),
                        Verdict.of(tags.kind(), tags.present().get(0)));
            }
            enterListed(new Frame(directory, handle, passage ? given : null, device, tags, above.ignores));
        } catch (PosixException e) {
            errors.accept(new SourceException(above.directory.quoted(name), e.reason()));
        } catch (SourceException e) {
            errors.accept(e);
        }
    }

    private DirectoryHandle open(Frame above, RawName name, boolean passage) throws PosixException, SourceException {
        DirectoryHandle parent = pool.acquire(above.directory);
        try {
            return passage ? parent.openPassageFollowing(name) : parent.openDirectory(name);
        } finally {
            pool.release(above.directory);
        }
    }

    private DirectoryHandle open(RawName place, boolean passage) throws PosixException {
        return passage ? posix.openPassage(place) : posix.openRoot(place);
    }

    private SourceDirectory elsewhere(SourceDirectory parent, RawName name, RawName place) {
        RawName path = new TreePath(parent.path(), name).asDirectory();
        return new SourceDirectory(parent, name, false, status, place, shownDevice(path));
    }

    /** The number for the device in {@link #status}: of the first folder that is read from it, so that its links hold. */
    private long shownDevice(RawName path) {
        return shownDevices.computeIfAbsent(status.device(), device -> PathMap.device(path));
    }

    private void enterListed(Frame frame) throws IOException {
        if (frame.path.length() > PATH_LENGTH_MAX) {
            pool.release(frame.directory);
            errors.accept(new SourceException(frame.directory.quoted(), "the path is too long; nothing below is read"));
            return;
        }
        push(frame);
    }

    private void push(Frame frame) throws IOException {
        NameCollector listed = new NameCollector(options.temporaryDirectory(), options.namesInMemory());
        try {
            guide.entering(frame.path, frame.handle);
            if (frame.given != null) {
                list(frame.given.names(), frame, listed);
            } else if (frame.tags.any()) {
                list(frame.tags.present(), frame, listed);
            } else {
                list(frame, listed);
            }
        } catch (PosixException e) {
            errors.accept(new SourceException(frame.directory.quoted(), e.reason()));
        } catch (IOException e) {
            listed.close();
            throw e;
        }
        frame.cursor = listed.finish();
        frames.addLast(frame);
    }

    /** Visits {@code names}, or those of them that are looked for. */
    private void list(Iterable<RawName> names, Frame frame, NameCollector listed) throws IOException {
        Collection<RawName> only = guide.names(frame.path);
        for (RawName name : names) {
            if (only == null || only.contains(name)) {
                listed.visit(name.array(), 0, name.length());
            }
        }
    }

    /** Visits every name in a directory that is looked for, and reads its ignore file when there is one. */
    private void list(Frame frame, NameCollector listed) throws IOException {
        Collection<RawName> only = guide.names(frame.path);
        boolean[] found = {only != null};
        if (only != null) {
            for (RawName name : only) {
                listed.visit(name.array(), 0, name.length());
            }
        } else if (options.rules().ignoreFiles()) {
            byte[] wanted = FolderRules.FILE_NAME.array();
            frame.handle.list((bytes, offset, length) -> {
                found[0] |= length == wanted.length && Arrays.equals(bytes, offset, offset + length, wanted, 0, length);
                listed.visit(bytes, offset, length);
            });
        } else {
            frame.handle.list(listed);
        }
        if (options.rules().ignoreFiles() && found[0]) {
            FolderRules outer = frame.ignores;
            frame.ignores = ignoreFiles.read(frame.directory, frame.handle, outer);
            if (frame.ignores != null && frame.ignores != outer) {
                heeding.ignoreFile(frame.ignores);
            }
        }
    }

    /** What became of the rules so far. */
    public Heeded heeded() {
        return heeding.done();
    }

    /**
     * Opens a regular file that this walk found, without following a link that took its place. From any thread.
     *
     * @throws SourceException when it can't be read or is no regular file any more
     */
    public SourceFile open(SourceEntry entry) throws SourceException {
        SourceFile file = new SourceFile(entry, handle(entry), names, unread);
        try {
            file.look();
            return file;
        } catch (SourceException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * As {@link #open}, but takes a file that is not empty to be what the walk found, which spares a look at it: only the
     * look after it was read tells.
     */
    public SourceFile openAsFound(SourceEntry entry) throws SourceException {
        boolean looked = entry.isDevice() || entry.metadata().size() == 0;
        return looked ? open(entry) : new SourceFile(entry, handle(entry), names, unread);
    }

    private FileHandle handle(SourceEntry entry) throws SourceException {
        SourceDirectory directory = entry.directory();
        if (directory == null || entry.metadata().type() != FileType.FILE) {
            throw new IllegalArgumentException("not a regular file: " + entry);
        }
        DirectoryHandle parent = pool.acquire(directory);
        try {
            return parent.openFile(entry.path().name());
        } catch (PosixException e) {
            throw new SourceException(entry.path().toString(), e.reason());
        } finally {
            pool.release(directory);
        }
    }

    /** What could not be read besides files and directories, so far. */
    public Unread unread() {
        return unread;
    }

    /** True when this process is shown the attributes of the namespace trusted. */
    public boolean seesTrusted() {
        return seesTrusted;
    }

    /**
     * The extended attributes of what this walk found; null when it is not there any more. What can't be read of them is
     * counted. From any thread.
     */
    public @Nullable ExtendedAttributes attributes(SourceEntry entry) {
        SourceDirectory directory = entry.directory() == null ? root : entry.directory();
        RawName name = entry.path().name();
        try {
            DirectoryHandle parent = pool.acquire(directory);
            try {
                if (entry.path().isRoot()) {
                    return unread.attributes(parent.attributesSelf(), entry.path());
                }
                RawName place = options.map().place(entry.path().asDirectory());
                if (place != null && entry.metadata().type() == FileType.DIRECTORY) {
                    return attributes(entry, place);
                }
                AttributeAccess access = entry.isPassage() ? parent.attributesFollowing(name) : parent.attributes(name);
                return unread.attributes(access, entry.path());
            } finally {
                pool.release(directory);
            }
        } catch (PosixException e) {
            return unread.none(entry.path(), e.reason());
        } catch (SourceException e) {
            return unread.none(entry.path(), e.getMessage());
        }
    }

    /** Of a directory that is read at {@code place}, which need not be readable itself. */
    private @Nullable ExtendedAttributes attributes(SourceEntry entry, RawName place) throws PosixException {
        int slash = place.length() - 1;
        while (place.at(slash) != '/') {
            slash--;
        }
        if (slash == place.length() - 1) {
            try (DirectoryHandle directory = posix.openRoot(place)) {
                return unread.attributes(directory.attributesSelf(), entry.path());
            }
        }
        RawName name = RawName.of(place.array(), slash + 1, place.length() - slash - 1);
        try (DirectoryHandle above = posix.openPassage(RawName.of(place.array(), 0, slash + 1))) {
            return unread.attributes(above.attributesFollowing(name), entry.path());
        }
    }

    /** Counts once more what the parent snapshot had to leave out of a file that is as it was. */
    public void tooManyHoles(SourceEntry entry) {
        SourceFile.tooManyHoles(unread, entry);
    }

    /** Ends the walk and closes every directory; files opened by it stay open. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        List<Frame> open = new ArrayList<>(frames);
        frames.clear();
        for (Frame frame : open) {
            if (frame.listing) {
                frame.endListing(pool);
            }
            frame.cursor.close();
        }
        pool.close();
        pool.release(root);
    }

    /** One directory on the way down. */
    private final class Frame {
        private final SourceDirectory directory;
        private final @Nullable GivenPaths given;
        private final DirectoryHandle handle;
        private final long device;
        private final Tags tags;
        private final NameCollector subdirectories =
                new NameCollector(options.temporaryDirectory(), options.namesInMemory());
        private final Map<RawName, RawName> elsewhere;
        private RawName path;
        private boolean listing = true;
        private NameCursor cursor = new PackedNames().cursor();
        private @Nullable FolderRules ignores;
        private @Nullable PatternView view;

        /** {@code handle} is pinned in the pool while {@link #listing}. */
        Frame(
                SourceDirectory directory,
                DirectoryHandle handle,
                @Nullable GivenPaths given,
                long device,
                Tags tags,
                @Nullable FolderRules ignores) {
            this.directory = directory;
            this.handle = handle;
            this.path = directory.path();
            this.elsewhere = options.map().in(path);
            this.given = given;
            this.device = device;
            this.tags = tags;
            this.ignores = ignores;
        }

        /** Where the cursor's name is read when that is not here. */
        @Nullable
        RawName place() {
            return elsewhere.isEmpty() ? null : elsewhere.get(name());
        }

        /** The cursor's name, copied. */
        RawName name() {
            return RawName.of(cursor.bytes(), cursor.offset(), cursor.length());
        }

        PatternView view() {
            PatternView known = view;
            if (known == null) {
                known = new PatternView(options.rules().excludes(), ignores, path);
                view = known;
            }
            return known;
        }

        /** From here on only the names of subdirectories are held: deep trees stay small. */
        void endListing(DirectoryPool directories) throws IOException {
            listing = false;
            view = null;
            path = RawName.EMPTY;
            directories.release(directory);
            cursor.close();
            cursor = subdirectories.finish();
        }
    }
}
