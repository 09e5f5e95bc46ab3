package io.packstone.source;

import io.packstone.error.SourceException;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.Owner;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.OwnerNames;
import io.packstone.posix.PosixException;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks a file tree in the manifest's order: all entries of a directory by name, then its directories, each whole, in the
 * same order. For one thread; entries may be opened by others.
 */
public final class SourceWalker implements Closeable {
    /** Directories that stay open after the walk left them, for files that are read later. */
    private static final int DIRECTORIES_KEPT = 256;

    private static final RawName CACHE_TAG = RawName.of("CACHEDIR.TAG");
    private static final byte[] CACHE_SIGNATURE =
            "Signature: 8a477f597d28d172789f06886806bc55".getBytes(StandardCharsets.US_ASCII);

    private final SourceOptions options;
    private final Consumer<SourceException> problems;
    private final GlobFilter excludes;
    private final Set<RawName> leftOut = new HashSet<>();
    private final Deque<Level> levels = new ArrayDeque<>();
    private final Deque<DirectoryHandle> kept = new ArrayDeque<>();
    private final OwnerNames names = new OwnerNames();
    private final Map<Long, Owner> owners = new HashMap<>();
    private final GivenPaths given = new GivenPaths();
    private boolean begun;

    /** {@code problems} hears of what can't be read. */
    public SourceWalker(SourceOptions options, Consumer<SourceException> problems) {
        this.options = options;
        this.problems = problems;
        excludes = new GlobFilter(options.excludes());
        options.leftOut().forEach(path -> leftOut.add(TreePath.parse(path).asDirectory()));
        options.paths().forEach(given::add);
    }

    /** A directory under way: its names, and which of them to descend into afterwards. */
    private static final class Level {
        private final DirectoryHandle handle;
        private final RawName directory;
        private final @Nullable GivenPaths given;
        private final long device;
        private final List<RawName> names;
        private final List<RawName> descend = new ArrayList<>();
        private int nextName;
        private int nextDescent;

        private Level(
                DirectoryHandle handle,
                RawName directory,
                @Nullable GivenPaths given,
                long device,
                List<RawName> names) {
            this.handle = handle;
            this.directory = directory;
            this.given = given;
            this.device = device;
            this.names = names;
        }
    }

    /** The next entry; null after the last. */
    public @Nullable SourceEntry next() {
        if (!begun) {
            begun = true;
            SourceEntry root = begin();
            if (root != null) {
                return root;
            }
        }
        while (!levels.isEmpty()) {
            Level level = levels.element();
            if (level.nextName < level.names.size()) {
                SourceEntry entry = visit(level, level.names.get(level.nextName++));
                if (entry != null) {
                    return entry;
                }
            } else if (level.nextDescent < level.descend.size()) {
                descend(level, level.descend.get(level.nextDescent++));
            } else {
                keep(levels.pop().handle);
            }
        }
        return null;
    }

    private @Nullable SourceEntry begin() {
        try {
            DirectoryHandle root = DirectoryHandle.root();
            FileStatus status = root.stat();
            push(root, RawName.EMPTY, given, status.device());
            return given.isWhole()
                    ? new SourceEntry(TreePath.ROOT, SourceEntry.metadata(status, owner(status), RawName.EMPTY), root)
                    : null;
        } catch (PosixException e) {
            problems.accept(new SourceException("/", e.getMessage()));
            return null;
        }
    }

    private @Nullable SourceEntry visit(Level level, RawName name) {
        TreePath path = new TreePath(level.directory, name);
        GivenPaths under = level.given == null ? null : level.given.under(name);
        boolean leads = under != null;
        try {
            FileStatus status = level.handle.stat(name);
            if (!leads && leftOut(path, status)) {
                return null;
            }
            RawName target = status.type() == 0120000 ? level.handle.readLink(name) : RawName.EMPTY;
            FileMetadata metadata = SourceEntry.metadata(status, owner(status), target);
            boolean sameDevice = status.device() == level.device || level.given != null && !level.given.isWhole();
            if (metadata.type() == FileType.DIRECTORY && (sameDevice || leads || !options.oneFileSystem())) {
                level.descend.add(name);
            }
            return new SourceEntry(path, metadata, level.handle);
        } catch (PosixException e) {
            if (!e.isMissing() || leads) {
                problems.accept(new SourceException(path.toString(), e.getMessage()));
            }
            return null;
        }
    }

    private boolean leftOut(TreePath path, FileStatus status) {
        RawName whole = path.asDirectory();
        return leftOut.contains(whole)
                || excludes.matches(whole, status.isDirectory())
                || options.excludeLargerThan() >= 0
                        && status.type() == 0100000
                        && status.size() > options.excludeLargerThan();
    }

    private Owner owner(FileStatus status) {
        return owners.computeIfAbsent(
                (long) status.uid() << 32 | status.gid() & 0xffffffffL,
                key -> new Owner(status.uid(), names.user(status.uid()), status.gid(), names.group(status.gid())));
    }

    private void descend(Level level, RawName name) {
        TreePath path = new TreePath(level.directory, name);
        try {
            DirectoryHandle handle = level.handle.openDirectory(name);
            try {
                GivenPaths under = level.given == null ? null : level.given.under(name);
                push(handle, path.asDirectory(), under, handle.stat().device());
            } catch (PosixException e) {
                handle.close();
                throw e;
            }
        } catch (PosixException e) {
            problems.accept(new SourceException(path.toString(), e.getMessage()));
        }
    }

    private void push(DirectoryHandle handle, RawName directory, @Nullable GivenPaths under, long device)
            throws PosixException {
        List<RawName> listed;
        if (under != null && !under.isWhole()) {
            listed = new ArrayList<>(under.names());
        } else {
            listed = handle.list();
            listed.sort(null);
            if (options.excludeCaches() && isCache(handle)) {
                listed = List.of(CACHE_TAG);
            }
        }
        levels.push(new Level(handle, directory, under, device, listed));
    }

    private static boolean isCache(DirectoryHandle handle) {
        byte[] start = new byte[CACHE_SIGNATURE.length];
        try (FileHandle tag = handle.openFile(CACHE_TAG)) {
            return tag.read(0, start, 0, start.length) == start.length
                    && java.util.Arrays.equals(start, CACHE_SIGNATURE);
        } catch (PosixException e) {
            return false;
        }
    }

    private void keep(DirectoryHandle handle) {
        kept.add(handle);
        if (kept.size() > DIRECTORIES_KEPT) {
            kept.remove().close();
        }
    }

    @Override
    public void close() {
        levels.forEach(level -> level.handle.close());
        kept.forEach(DirectoryHandle::close);
        levels.clear();
        kept.clear();
    }
}
