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
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
    private final Unread unread = new Unread();
    private final Deque<Frame> frames = new ArrayDeque<>();
    private final FileStatus status = new FileStatus();
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
        this.posix = posix;
        this.names = names;
        this.options = options;
        this.errors = errors;
        this.pool = new DirectoryPool(openDirectories);
        this.leftOut = LeftOut.of(posix, options.rules().leftOut());
        GivenPaths given = new GivenCheck(posix, errors).merge(options.paths());
        this.root = enterRoot(given);
    }

    /** The root stays pinned to the end: every closed directory is reached from it again. */
    private SourceDirectory enterRoot(GivenPaths given) throws IOException {
        RawName slash = RawName.of("/");
        DirectoryHandle handle = given.whole() ? posix.openRoot(slash) : posix.openPassage(slash);
        handle.statSelf(status);
        SourceDirectory directory = new SourceDirectory(null, RawName.EMPTY, false, status.device(), status.inode());
        pool.adopt(directory, handle);
        pool.pin(directory);
        if (given.whole()) {
            rootEntry = new SourceEntry(TreePath.ROOT, status.toMetadata(names, RawName.EMPTY), null, false);
        }
        push(new Frame(directory, handle, given.whole() ? null : given, status.device(), false));
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
                    if (entry.metadata().type() == FileType.DIRECTORY && isEntered(frame, given)) {
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
    private boolean isEntered(Frame frame, @Nullable GivenPaths given) {
        return !options.rules().oneFileSystem() || given != null || status.device() == frame.device;
    }

    /** The entry of the cursor's name; null when it is left out. */
    private @Nullable SourceEntry look(Frame frame, NameCursor cursor, @Nullable GivenPaths given)
            throws PosixException {
        byte[] bytes = cursor.bytes();
        int offset = cursor.offset();
        int length = cursor.length();
        if (given != null && !given.whole()) {
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
        if (leftOut.contains(status) || given == null && isExcluded(frame, cursor, type)) {
            return null;
        }
        RawName target = type == FileType.SYMLINK ? frame.handle.readLink(bytes, offset, length) : RawName.EMPTY;
        FileMetadata metadata = status.toMetadata(names, target);
        boolean passage = given != null && !given.whole();
        TreePath path = new TreePath(frame.path, RawName.of(bytes, offset, length));
        return new SourceEntry(path, metadata, frame.directory, passage);
    }

    private boolean isExcluded(Frame frame, NameCursor cursor, FileType type) {
        long limit = options.rules().largerThan();
        if (type == FileType.FILE && limit >= 0 && status.size() > limit) {
            return true;
        }
        return !options.rules().excludes().isEmpty()
                && frame.filter(options.rules().excludes())
                        .picks(cursor.bytes(), cursor.offset(), cursor.length(), type == FileType.DIRECTORY);
    }

    private void enter(Frame above, RawName name) throws IOException {
        GivenPaths given = above.given == null ? null : above.given.child(name);
        boolean passage = given != null && !given.whole();
        try {
            DirectoryHandle parent = pool.acquire(above.directory);
            DirectoryHandle handle;
            try {
                handle = passage ? parent.openPassageFollowing(name) : parent.openDirectory(name);
            } finally {
                pool.release(above.directory);
            }
            handle.statSelf(status);
            SourceDirectory directory =
                    new SourceDirectory(above.directory, name, passage, status.device(), status.inode());
            pool.adopt(directory, handle);
            long device = above.given == null ? above.device : status.device();
            boolean cache = given == null && options.rules().caches() && CacheTag.isIn(handle);
            enterListed(new Frame(directory, handle, passage ? given : null, device, cache));
        } catch (PosixException e) {
            errors.accept(new SourceException(above.directory.quoted(name), e.reason()));
        } catch (SourceException e) {
            errors.accept(e);
        }
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
            if (frame.given != null) {
                for (RawName name : frame.given.names()) {
                    listed.visit(name.array(), 0, name.length());
                }
            } else if (frame.cache) {
                listed.visit(CacheTag.NAME.array(), 0, CacheTag.NAME.length());
            } else {
                frame.handle.list(listed);
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

    /**
     * Opens a regular file that this walk found, without following a link that took its place. From any thread.
     *
     * @throws SourceException when it can't be read or is no regular file any more
     */
    public SourceFile open(SourceEntry entry) throws SourceException {
        SourceDirectory directory = entry.directory();
        if (directory == null || entry.metadata().type() != FileType.FILE) {
            throw new IllegalArgumentException("not a regular file: " + entry);
        }
        try {
            FileHandle handle;
            DirectoryHandle parent = pool.acquire(directory);
            try {
                handle = parent.openFile(entry.path().name());
            } finally {
                pool.release(directory);
            }
            return opened(entry, handle);
        } catch (PosixException e) {
            throw new SourceException(entry.path().toString(), e.reason());
        }
    }

    private SourceFile opened(SourceEntry entry, FileHandle handle) throws PosixException, SourceException {
        boolean regular = false;
        try {
            FileStatus now = handle.stat();
            regular = now.isKnown() && now.type() == FileType.FILE;
            if (!regular) {
                throw new SourceException(entry.path().toString(), "is no regular file any more");
            }
            return new SourceFile(entry, handle, now, names, unread);
        } finally {
            if (!regular) {
                handle.close();
            }
        }
    }

    /** What could not be read besides files and directories, so far. */
    public Unread unread() {
        return unread;
    }

    /** True when this process is shown the attributes of the namespace trusted. */
    public boolean seesTrusted() {
        return posix.isSuperuser();
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
        private final boolean cache;
        private final NameCollector subdirectories =
                new NameCollector(options.temporaryDirectory(), options.namesInMemory());
        private RawName path;
        private boolean listing = true;
        private NameCursor cursor = new PackedNames().cursor();
        private GlobFilter.@Nullable Within within;

        /** {@code handle} is pinned in the pool while {@link #listing}. */
        Frame(
                SourceDirectory directory,
                DirectoryHandle handle,
                @Nullable GivenPaths given,
                long device,
                boolean cache) {
            this.directory = directory;
            this.handle = handle;
            this.path = directory.path();
            this.given = given;
            this.device = device;
            this.cache = cache;
        }

        /** The cursor's name, copied. */
        RawName name() {
            return RawName.of(cursor.bytes(), cursor.offset(), cursor.length());
        }

        GlobFilter.Within filter(GlobFilter filter) {
            GlobFilter.Within known = within;
            if (known == null) {
                known = filter.within(path);
                within = known;
            }
            return known;
        }

        /** From here on only the names of subdirectories are held: deep trees stay small. */
        void endListing(DirectoryPool directories) throws IOException {
            listing = false;
            within = null;
            path = RawName.EMPTY;
            directories.release(directory);
            cursor.close();
            cursor = subdirectories.finish();
        }
    }
}
