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
import io.packstone.posix.Posix;
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
    private static final int MARKER_MODE = 0600;
    private static final int NODE_MODE = 0600;
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
        try (TargetFolders folders = TargetFolders.open(new Posix(), options.target())) {
            new Run(snapshot, options, tally, folders, workers).restore();
        } catch (PosixException e) {
            throw new RepositoryException(ErrorKind.BACKEND, null, options.target() + ": " + e.reason(), e);
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
            includes = GlobFilter.of(GlobFilter.patternsOf(options.includes()));
            excludes = GlobFilter.of(GlobFilter.patternsOf(options.excludes()));
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
            try (FileHandle marker = folders.target().createFile(MARKER, MARKER_MODE)) {
                byte[] id = snapshot.id().toBytes();
                marker.write(0, id, 0, id.length);
            } catch (PosixException e) {
                if (!e.isExists()) {
                    throw e;
                }
                doubtExisting = true;
            }
            folders.target().syncFileSystem();
        }

        private void unmark() throws PosixException {
            folders.target().syncFileSystem();
            folders.target().unlink(MARKER);
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
            boolean folder = entry.metadata().type() == FileType.DIRECTORY;
            if (excludes.picksOrAbove(entry.path(), folder)) {
                return false;
            }
            return includes.isEmpty() || folder || includes.picksOrAbove(entry.path(), false);
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
                tally.problem(place + ": " + e.reason());
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
            try (TargetFolders.Folder held = folders.folder(place.directory())) {
                DirectoryHandle folder = held.handle();
                FileStatus there = folder.statIfPresent(place.name());
                if (there != null && options.overwrite() == Overwrite.NEVER) {
                    return;
                }
                if (there != null) {
                    TargetFolders.remove(folder, place.name(), TargetFolders.isOf(there, FileType.DIRECTORY));
                }
                makeSpecial(folder, place.name(), metadata);
                FileWriting.setMetadata(folder, place.name(), metadata);
            }
        }

        private static void makeSpecial(DirectoryHandle folder, RawName name, FileMetadata metadata)
                throws PosixException {
            int major = metadata.deviceMajor();
            int minor = metadata.deviceMinor();
            switch (metadata.type()) {
                case SYMLINK -> folder.symlink(metadata.linkTarget(), name);
                case FIFO -> folder.makeFifo(name, NODE_MODE);
                case SOCKET -> folder.makeSocket(name, NODE_MODE);
                case CHARACTER_DEVICE -> folder.makeDevice(name, NODE_MODE, false, major, minor);
                case BLOCK_DEVICE -> folder.makeDevice(name, NODE_MODE, true, major, minor);
                case FILE, DIRECTORY -> throw new IllegalArgumentException("not special: " + metadata.type());
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
                try (TargetFolders.Folder from = folders.folder(first.directory());
                        TargetFolders.Folder folder = folders.folder(place.directory())) {
                    link(from.handle(), first.name(), folder.handle(), place.name());
                } catch (PosixException e) {
                    tally.problem(place + ": " + e.reason());
                }
            }
        }

        private void link(DirectoryHandle from, RawName first, DirectoryHandle folder, RawName name)
                throws PosixException {
            try {
                folder.link(from, first, name);
                tally.filesRestored.incrementAndGet();
            } catch (PosixException e) {
                if (!e.isExists()) {
                    throw e;
                }
                if (folder.stat(name).inode() == from.stat(first).inode()) {
                    tally.filesUnchanged.incrementAndGet();
                } else if (options.overwrite() != Overwrite.NEVER) {
                    folder.unlink(name);
                    folder.link(from, first, name);
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
                    try (TargetFolders.Folder above = folders.folder(place.directory())) {
                        FileWriting.setMetadata(above.handle(), place.name(), entry.metadata());
                    } catch (PosixException e) {
                        tally.problem(place + ": " + e.reason());
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
            GlobFilter rules = GlobFilter.of(GlobFilter.patternsOf(snapshot.record().options().stream()
                    .filter(rule -> rule.startsWith("exclude="))
                    .map(rule -> rule.substring("exclude=".length()))
                    .toList()));
            try (TargetFolders.Folder held = folders.folder(place)) {
                DirectoryHandle folder = held.handle();
                for (RawName name : names(folder)) {
                    TreePath path = new TreePath(directory, name);
                    boolean spared = known.contains(name)
                            || name.equals(MARKER)
                            || rules.picks(path, true)
                            || excludes.picks(path, true)
                            || !includes.isEmpty() && !includes.picks(path, true);
                    if (!spared) {
                        deleteTree(folder, name);
                    }
                }
            } catch (PosixException e) {
                tally.problem("/" + place + ": " + e.reason());
            }
        }

        private static List<RawName> names(DirectoryHandle folder) throws IOException {
            List<RawName> names = new ArrayList<>();
            folder.list((bytes, offset, length) -> names.add(RawName.of(bytes, offset, length)));
            return names;
        }

        private void deleteTree(DirectoryHandle folder, RawName name) throws IOException {
            boolean directory = TargetFolders.isOf(folder.stat(name), FileType.DIRECTORY);
            if (directory) {
                try (DirectoryHandle below = folder.openDirectory(name)) {
                    for (RawName inner : names(below)) {
                        deleteTree(below, inner);
                    }
                }
            }
            if (!options.dryRun()) {
                TargetFolders.remove(folder, name, directory);
            }
            tally.filesDeleted.incrementAndGet();
        }
    }
}
