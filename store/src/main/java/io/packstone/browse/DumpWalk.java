package io.packstone.browse;

import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.id.ChunkId;
import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What goes into a tar or zip file: named as a restore names it, so what a folder holds without the folder, a single file by
 * its own name, and the whole snapshot by its full paths without the leading slash. A folder comes right before what is in
 * it, so that whoever unpacks it can set its time when the next one begins. What claims to be below a link or a file is left out:
 * who unpacks it would follow the link. For one thread.
 */
final class DumpWalk {
    /** A damaged snapshot may lack some folders around what it lists; one that lacks more is not worth a search for each. */
    private static final int FOLDERS_MISSING_MAX = 64;

    private final Map<Inode, Entry> firstNames = new HashMap<>();
    private final TreeMap<RawName, Entry> foldersAhead = new TreeMap<>(TreePath::compareDirectories);

    /** The directory of the last entry, and what around it is none; null when all is as it should be. */
    private RawName inside = RawName.EMPTY;

    private @Nullable TreePath noFolder;

    private record Inode(long device, long inode) {}

    /**
     * One entry.
     *
     * @param name its path in the file that is written
     * @param first the name of an earlier entry that is the same file; null when there is none
     */
    record Entry(
            RawName name, ManifestEntry entry, @Nullable RawName first) {}

    /** Told of each entry, a folder before what is in it. */
    interface Visitor {
        void entry(Entry entry) throws IOException;
    }

    /**
     * Walks what is at {@code path}; {@code problems} is told of what is left out.
     *
     * @throws RepositoryException when nothing is ({@link ErrorKind#NOT_FOUND})
     */
    void walk(Repository repository, StoredSnapshot snapshot, TreePath path, Visitor visitor, Consumer<String> problems)
            throws IOException {
        ChunkId root = snapshot.record().root();
        ManifestEntry top = path.isRoot() ? null : repository.manifests().find(root, path);
        if (top == null && !path.isRoot()) {
            throw new RepositoryException(
                    ErrorKind.NOT_FOUND,
                    null,
                    path + " is not in snapshot " + snapshot.id().toShortHex());
        }
        if (top != null && top.metadata().type() != FileType.DIRECTORY) {
            visitor.entry(new Entry(path.name(), top, null));
            return;
        }
        RawName directory = path.asDirectory();
        int cut = directory.length() == 0 ? 0 : directory.length() + 1;
        ManifestCursor cursor = repository.manifests().below(root, directory, true);
        inside = directory;
        for (ManifestEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
            enter(repository, root, directory, entry.path().directory());
            if (noFolder != null) {
                problems.accept(
                        entry.path() + " was left out: " + noFolder + ", which it claims to be below, is no folder");
                continue;
            }
            RawName whole = entry.path().asDirectory();
            RawName name = RawName.of(whole.array(), cut, whole.length() - cut);
            tellFolders(foldersAhead.headMap(entry.path().directory(), true), visitor);
            if (entry.metadata().type() == FileType.DIRECTORY) {
                foldersAhead.put(whole, new Entry(name, entry, null));
            } else {
                visitor.entry(new Entry(name, entry, first(name, entry)));
            }
        }
        tellFolders(foldersAhead, visitor);
    }

    /** A folder that is one has been met before what it holds; only where none was is looked for what is in its place. */
    private void enter(Repository repository, ChunkId root, RawName top, RawName directory) throws IOException {
        if (directory.equals(inside)) {
            return;
        }
        inside = directory;
        noFolder = null;
        RawName above = directory;
        int steps = 0;
        while (!foldersAhead.containsKey(above) && !above.equals(top) && above.length() > 0) {
            TreePath path = TreePath.parse(above);
            if (steps++ == FOLDERS_MISSING_MAX) {
                noFolder = path;
                return;
            }
            ManifestEntry entry = repository.manifests().find(root, path);
            if (entry != null && entry.metadata().type() != FileType.DIRECTORY) {
                noFolder = path;
            }
            above = path.directory();
        }
    }

    private static void tellFolders(Map<RawName, Entry> folders, Visitor visitor) throws IOException {
        for (Entry folder : folders.values()) {
            visitor.entry(folder);
        }
        folders.clear();
    }

    private @Nullable RawName first(RawName name, ManifestEntry entry) {
        if (entry.metadata().type() != FileType.FILE || entry.metadata().linkCount() <= 1) {
            return null;
        }
        Inode inode = new Inode(
                entry.metadata().fingerprint().device(),
                entry.metadata().fingerprint().inode());
        Entry first = firstNames.putIfAbsent(inode, new Entry(name, entry, null));
        return first != null && first.entry().body().equals(entry.body()) ? first.name() : null;
    }
}
