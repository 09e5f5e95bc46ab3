package io.packstone.restore;

import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.id.ChunkId;
import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.source.GlobFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Restores a snapshot, or a part of one, into a folder. A file named {@code .packstone-restore} stands in the target as
 * long as a restore is under way: found there, it tells of one that was killed, and files that look finished are compared
 * chunk by chunk.
 */
public final class Restore {
    private static final RawName MARKER = RawName.of(".packstone-restore");
    private static final long GROUP_BYTES = 8L << 20;
    private static final int GROUP_FILES = 256;
    private static final int GROUPS_WAITING = 8;

    private final Repository repository;

    /** From {@code repository}. */
    public Restore(Repository repository) {
        this.repository = repository;
    }

    /** Restores; when this returns without errors, everything is durable. */
    public RestoreReport run(StoredSnapshot snapshot, RestoreOptions options, ProgressListener progress)
            throws IOException {
        long begun = System.nanoTime();
        repository.loadIndex();
        Tally tally = new Tally(progress);
        ExecutorService workers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), work -> {
                    Thread thread = new Thread(work, "restore");
                    thread.setDaemon(true);
                    return thread;
                });
        try (TargetFolders folders = TargetFolders.open(options.target())) {
            new Run(snapshot, options, tally, folders, workers).restore();
        } catch (PosixException e) {
            throw new RepositoryException(ErrorKind.BACKEND, null, options.target() + ": " + e.getMessage(), e);
        } finally {
            workers.shutdownNow();
        }
        return tally.report((System.nanoTime() - begun) / 1e9);
    }

    /** One run. */
    private final class Run {
        private final StoredSnapshot snapshot;
        private final ChunkId root;
        private final RestoreOptions options;
        private final Tally tally;
        private final TargetFolders folders;
        private final ExecutorService workers;
        private final GlobFilter includes;
        private final GlobFilter excludes;
        private final List<Future<?>> groups = new ArrayList<>();
        private final Map<List<Long>, TreePath> firstNames = new HashMap<>();
        private final List<Map.Entry<ManifestEntry, TreePath>> links = new ArrayList<>();
        private List<Map.Entry<ManifestEntry, TreePath>> group = new ArrayList<>();
        private long groupBytes;
        private boolean doubtExisting;

        private Run(
                StoredSnapshot snapshot,
                RestoreOptions options,
                Tally tally,
                TargetFolders folders,
                ExecutorService workers) {
            this.snapshot = snapshot;
            this.root = snapshot.record().root();
            this.options = options;
            this.tally = tally;
            this.folders = folders;
            this.workers = workers;
            includes = new GlobFilter(options.includes());
            excludes = new GlobFilter(options.excludes());
        }

        private void restore() throws IOException, PosixException {
            ManifestEntry top =
                    options.path().isRoot() ? null : repository.manifests().find(root, options.path());
            if (top == null && !options.path().isRoot()) {
                throw new RepositoryException(
                        ErrorKind.NOT_FOUND,
                        null,
                        options.path() + " is not in snapshot " + snapshot.id().toShortHex() + "; look with ls");
            }
            if (!options.dryRun()) {
                mark();
            }
            tally.progress()
                    .stage(
                            "restore",
                            snapshot.record().counts().files(),
                            snapshot.record().counts().bytes());
            if (top != null && top.metadata().type() != FileType.DIRECTORY) {
                visit(top, new TreePath(RawName.EMPTY, options.path().name()));
            } else {
                walk();
            }
            endGroup();
            awaitGroups(0);
            makeLinks();
            if (options.delete()) {
                deleteOthers();
            }
            if (!options.dryRun()) {
                setFolderMetadata();
                unmark();
            }
        }

        /** Leaves the marker, durable before anything else is written. */
        private void mark() throws PosixException {
            try (FileHandle marker = folders.target().createFile(MARKER)) {
                byte[] id = snapshot.id().toBytes();
                marker.write(0, id, 0, id.length);
            } catch (PosixException e) {
                if (!e.isTaken()) {
                    throw e;
                }
                doubtExisting = true;
            }
            folders.target().syncFileSystem();
        }

        private void unmark() throws PosixException {
            folders.target().syncFileSystem();
            folders.target().remove(MARKER, false);
            folders.target().syncFileSystem();
        }

        private void walk() throws IOException {
            ManifestCursor cursor =
                    repository.manifests().below(root, options.path().asDirectory(), true);
            for (ManifestEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
                if (wanted(entry)) {
                    visit(entry, place(entry));
                }
            }
        }

        /** Where below the target an entry goes. */
        private TreePath place(ManifestEntry entry) {
            RawName whole = entry.path().asDirectory();
            int cut = options.path().isRoot() ? 0 : options.path().asDirectory().length() + 1;
            return TreePath.parse(RawName.of(whole.array(), cut, whole.length() - cut));
        }

        private boolean wanted(ManifestEntry entry) {
            RawName path = entry.path().asDirectory();
            boolean folder = entry.metadata().type() == FileType.DIRECTORY;
            if (excludes.matches(path, folder) || anyAbove(excludes, entry.path())) {
                return false;
            }
            return includes.isEmpty() || folder || includes.matches(path, false) || anyAbove(includes, entry.path());
        }

        private boolean anyAbove(GlobFilter filter, TreePath path) {
            if (filter.isEmpty()) {
                return false;
            }
            for (TreePath above = TreePath.parse(path.directory());
                    !above.isRoot();
                    above = TreePath.parse(above.directory())) {
                if (filter.matches(above.asDirectory(), true)) {
                    return true;
                }
            }
            return false;
        }

        private void visit(ManifestEntry entry, TreePath place) throws IOException {
            FileMetadata metadata = entry.metadata();
            try {
                if (metadata.type() == FileType.DIRECTORY) {
                    if (!options.dryRun()) {
                        folders.make(place);
                    }
                } else if (metadata.type() != FileType.FILE) {
                    restoreSpecial(metadata, place);
                } else if (metadata.linkCount() > 1 && isLaterName(metadata, place)) {
                    links.add(Map.entry(entry, place));
                } else {
                    addToGroup(entry, place);
                }
            } catch (PosixException e) {
                tally.problem(place + ": " + e.getMessage());
            }
        }

        private boolean isLaterName(FileMetadata metadata, TreePath place) {
            List<Long> inode = List.of(
                    metadata.fingerprint().device(), metadata.fingerprint().inode());
            return firstNames.putIfAbsent(inode, place) != null;
        }

        private void addToGroup(ManifestEntry entry, TreePath place) throws IOException {
            group.add(Map.entry(entry, place));
            groupBytes += entry.metadata().size();
            if (groupBytes >= GROUP_BYTES || group.size() >= GROUP_FILES) {
                endGroup();
            }
        }

        private void endGroup() throws IOException {
            List<Map.Entry<ManifestEntry, TreePath>> files = group;
            group = new ArrayList<>();
            groupBytes = 0;
            groups.add(workers.submit(() -> {
                FileWriting writing = new FileWriting(repository, folders, options, tally, doubtExisting);
                for (Map.Entry<ManifestEntry, TreePath> file : files) {
                    writing.restore(file.getKey(), file.getValue());
                }
                return null;
            }));
            awaitGroups(GROUPS_WAITING);
        }

        private void awaitGroups(int left) throws IOException {
            while (groups.size() > left) {
                try {
                    groups.remove(0).get();
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof IOException cause) {
                        throw cause;
                    }
                    throw new IllegalStateException(e.getCause());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new java.io.InterruptedIOException("interrupted; run the restore again to finish it");
                }
            }
        }

        private void restoreSpecial(FileMetadata metadata, TreePath place) throws PosixException {
            if (options.dryRun()) {
                return;
            }
            try (DirectoryHandle folder = folders.folder(place.directory())) {
                FileStatus there = null;
                try {
                    there = folder.stat(place.name());
                } catch (PosixException e) {
                    if (!e.isMissing()) {
                        throw e;
                    }
                }
                if (there != null && options.overwrite() == Overwrite.NEVER) {
                    return;
                }
                if (there != null) {
                    folder.remove(place.name(), there.isDirectory());
                }
                switch (metadata.type()) {
                    case SYMLINK -> folder.makeSymlink(place.name(), metadata.linkTarget());
                    case FIFO -> folder.makeNode(place.name(), 0010000, 0, 0);
                    case SOCKET -> folder.makeNode(place.name(), 0140000, 0, 0);
                    case CHARACTER_DEVICE ->
                        folder.makeNode(place.name(), 0020000, metadata.deviceMajor(), metadata.deviceMinor());
                    case BLOCK_DEVICE ->
                        folder.makeNode(place.name(), 0060000, metadata.deviceMajor(), metadata.deviceMinor());
                    case FILE, DIRECTORY -> throw new IllegalArgumentException("not special: " + metadata.type());
                }
                FileWriting.setMetadata(folder, place.name(), metadata);
            }
        }

        private void makeLinks() throws IOException {
            for (Map.Entry<ManifestEntry, TreePath> link : links) {
                FileMetadata metadata = link.getKey().metadata();
                TreePath place = link.getValue();
                List<Long> inode = List.of(
                        metadata.fingerprint().device(), metadata.fingerprint().inode());
                TreePath first = java.util.Objects.requireNonNull(firstNames.get(inode));
                if (options.dryRun()) {
                    continue;
                }
                try (DirectoryHandle from = folders.folder(first.directory());
                        DirectoryHandle folder = folders.folder(place.directory())) {
                    link(from, first.name(), folder, place.name());
                } catch (PosixException e) {
                    tally.problem(place + ": " + e.getMessage());
                }
            }
        }

        private void link(DirectoryHandle from, RawName first, DirectoryHandle folder, RawName name)
                throws PosixException {
            try {
                folder.makeLink(from, first, name);
                tally.filesRestored.incrementAndGet();
            } catch (PosixException e) {
                if (!e.isTaken()) {
                    throw e;
                }
                if (folder.stat(name).inode() == from.stat(first).inode()) {
                    tally.filesUnchanged.incrementAndGet();
                } else if (options.overwrite() != Overwrite.NEVER) {
                    folder.remove(name, false);
                    folder.makeLink(from, first, name);
                    tally.filesRestored.incrementAndGet();
                }
            }
        }

        /** Folders from the innermost out, so that setting one is not undone by another. */
        private void setFolderMetadata() throws IOException {
            ManifestCursor cursor = repository.manifests().reverse(root);
            for (ManifestEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
                boolean folder = entry.metadata().type() == FileType.DIRECTORY
                        && !entry.path().isRoot();
                boolean below =
                        options.path().contains(entry.path()) && !entry.path().equals(options.path());
                if (folder && below && wanted(entry)) {
                    TreePath place = place(entry);
                    try (DirectoryHandle above = folders.folder(place.directory())) {
                        FileWriting.setMetadata(above, place.name(), entry.metadata());
                    } catch (PosixException e) {
                        tally.problem(place + ": " + e.getMessage());
                    }
                }
            }
        }

        /** Removes what is in restored folders and not in the snapshot, below the paths it was taken of. */
        private void deleteOthers() throws IOException {
            ManifestCursor cursor = repository.manifests().reverse(root);
            for (ManifestEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
                if (entry.metadata().type() == FileType.DIRECTORY
                        && wasTaken(entry.path())
                        && options.path().contains(entry.path())
                        && wanted(entry)) {
                    deleteOthersIn(entry.path().asDirectory());
                }
            }
        }

        private boolean wasTaken(TreePath path) {
            return snapshot.record().paths().stream()
                    .anyMatch(given -> TreePath.parse(given).contains(path));
        }

        private void deleteOthersIn(RawName directory) throws IOException {
            Set<RawName> known = new HashSet<>();
            ManifestCursor inside = repository.manifests().below(root, directory, false);
            for (ManifestEntry entry = inside.next(); entry != null; entry = inside.next()) {
                known.add(entry.path().name());
            }
            int cut = options.path().isRoot() ? 0 : options.path().asDirectory().length() + 1;
            RawName place = cut > directory.length()
                    ? RawName.EMPTY
                    : RawName.of(directory.array(), cut, directory.length() - cut);
            GlobFilter rules = new GlobFilter(snapshot.record().options().stream()
                    .filter(rule -> rule.startsWith("exclude="))
                    .map(rule -> rule.substring("exclude=".length()))
                    .toList());
            try (DirectoryHandle folder = folders.folder(place)) {
                for (RawName name : folder.list()) {
                    TreePath path = new TreePath(directory, name);
                    boolean spared = known.contains(name)
                            || name.equals(MARKER)
                            || rules.matches(path.asDirectory(), true)
                            || excludes.matches(path.asDirectory(), true)
                            || !includes.isEmpty() && !includes.matches(path.asDirectory(), true);
                    if (!spared) {
                        deleteTree(folder, name);
                    }
                }
            } catch (PosixException e) {
                tally.problem("/" + place + ": " + e.getMessage());
            }
        }

        private void deleteTree(DirectoryHandle folder, RawName name) throws PosixException {
            boolean directory = folder.stat(name).isDirectory();
            if (directory) {
                try (DirectoryHandle below = folder.openDirectory(name)) {
                    for (RawName inner : below.list()) {
                        deleteTree(below, inner);
                    }
                }
            }
            if (!options.dryRun()) {
                folder.remove(name, directory);
            }
            tally.filesDeleted.incrementAndGet();
        }
    }
}
