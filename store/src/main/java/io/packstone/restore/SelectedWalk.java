package io.packstone.restore;

import io.packstone.error.CorruptionException;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.ManifestReader;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.source.rules.GlobFilter;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks what is restored, in the manifest's order, and says of each entry what folder it is in and whether the filters
 * take it. A part of the manifest that can't be read is told of and passed over. For one thread.
 */
final class SelectedWalk {
    /** Failures in a row after which the rest of the manifest is given up. */
    private static final int FAILURES_MAX = 1000;

    /** Each folder on the way to an entry holds its own path, so this bounds what they take together. */
    private static final long DEPTH_TIMES_LENGTH_MAX = 32L << 20;

    private final Entries cursor;
    private final GlobFilter includes;
    private final GlobFilter excludes;
    private final Folder top;
    private final Consumer<String> lost;
    private final TreeMap<RawName, Folder> ahead = new TreeMap<>(TreePath::compareDirectories);
    private Folder current;
    private RawName lastPath;
    private Consumer<Folder> emptyFolders = folder -> {};
    private boolean complete = true;

    /**
     * Walks {@code top}, the entry at the options' path, or what is below it when it is a folder or null.
     *
     * @param lost told of parts of the manifest that can't be read
     */
    SelectedWalk(
            ManifestReader manifests,
            ChunkId root,
            RestoreOptions options,
            @Nullable ManifestEntry entry,
            Consumer<String> lost) {
        this.includes = options.includes();
        this.excludes = options.excludes();
        this.lost = lost;
        boolean single = entry != null && entry.metadata().type() != FileType.DIRECTORY;
        RawName directory = single ? options.path().directory() : options.path().asDirectory();
        FileMetadata metadata = single || entry == null ? null : entry.metadata();
        top = new Folder(null, directory, RawName.EMPTY, choiceOf(directory), metadata);
        current = top;
        lastPath = directory;
        cursor = single ? once(entry) : manifests.below(root, directory, true)::next;
    }

    /** Gives entries one after another; null after the last. */
    private interface Entries {
        @Nullable
        ManifestEntry next() throws IOException;
    }

    private static Entries once(ManifestEntry entry) {
        Iterator<ManifestEntry> single = List.of(entry).iterator();
        return () -> single.hasNext() ? single.next() : null;
    }

    /**
     * One entry.
     *
     * @param folder it is in
     * @param self what a folder is to its own entries; null for anything else
     * @param choice what the filters say of it
     */
    record Step(
            ManifestEntry entry, Folder folder, @Nullable Folder self, Folder.Choice choice) {
        /** Where it goes, relative to the target. */
        RawName place() {
            return Folder.join(folder.place(), entry.path().name());
        }
    }

    /** The target itself. */
    Folder top() {
        return top;
    }

    /** False when a part of the manifest could not be read. */
    boolean isComplete() {
        return complete;
    }

    /** Also tells, in order, of folders that have no entries, once the walk is past them. */
    void tellEmptyFolders(Consumer<Folder> listener) {
        emptyFolders = listener;
    }

    /** The next entry, whether the filters take it or not; null after the last. */
    @Nullable
    Step next() throws IOException {
        ManifestEntry entry = readReachable();
        if (entry == null) {
            ahead.values().forEach(emptyFolders);
            ahead.clear();
            return null;
        }
        Folder folder = folderOf(entry.path().directory());
        boolean directory = entry.metadata().type() == FileType.DIRECTORY;
        Folder.Choice choice = choiceIn(folder, entry.path(), directory);
        if (!directory) {
            return new Step(entry, folder, null, choice);
        }
        RawName place = Folder.join(folder.place(), entry.path().name());
        Folder self = new Folder(folder, entry.path().asDirectory(), place, choice, entry.metadata());
        ahead.put(self.source(), self);
        return new Step(entry, folder, self, choice);
    }

    /** What the filters say of an entry of {@code folder}. */
    Folder.Choice choiceIn(Folder folder, TreePath path, boolean directory) {
        if (includes.isEmpty() && excludes.isEmpty()) {
            return folder.choice();
        }
        return new Folder.Choice(
                folder.choice().included() || includes.picks(path, directory),
                folder.choice().excluded() || excludes.picks(path, directory));
    }

    /** What the filters say of a folder by its path alone. */
    private Folder.Choice choiceOf(RawName directory) {
        TreePath path = TreePath.parse(directory);
        return new Folder.Choice(
                includes.isEmpty() || includes.picksOrAbove(path, true), excludes.picksOrAbove(path, true));
    }

    /** The next entry that is not too deep; each directory that is gets told of once. */
    private @Nullable ManifestEntry readReachable() throws IOException {
        RawName told = null;
        while (true) {
            ManifestEntry entry = read();
            if (entry == null || !isTooDeep(entry.path().directory())) {
                return entry;
            }
            if (!entry.path().directory().equals(told)) {
                told = entry.path().directory();
                complete = false;
                lost.accept("/" + told + ": too deep to be restored with all that is above it;"
                        + " restore it by itself, as SNAP:PATH");
            }
        }
    }

    private boolean isTooDeep(RawName directory) {
        long depth = 1;
        for (int i = top.source().length(); i < directory.length(); i++) {
            depth += directory.at(i) == '/' ? 1 : 0;
        }
        return depth * directory.length() > DEPTH_TIMES_LENGTH_MAX;
    }

    private @Nullable ManifestEntry read() throws IOException {
        StoreException failure = null;
        int failures = 0;
        while (true) {
            try {
                ManifestEntry entry = cursor.next();
                if (failure != null) {
                    tell(failure, entry);
                }
                if (entry != null) {
                    lastPath = entry.path().asDirectory();
                }
                return entry;
            } catch (CorruptionException | MissingObjectException | LimitExceededException e) {
                failure = failure == null ? e : failure;
                complete = false;
                if (++failures == FAILURES_MAX) {
                    tell(failure, null);
                    return null;
                }
            }
        }
    }

    private void tell(StoreException failure, @Nullable ManifestEntry next) {
        String to = next == null ? "the end" : next.path().toString();
        lost.accept("/" + lastPath + ": what comes after it, up to " + to + ", is lost: " + failure.getMessage());
    }

    private Folder folderOf(RawName directory) {
        if (!current.source().equals(directory)) {
            Map<RawName, Folder> passed = ahead.headMap(directory, false);
            Folder found = ahead.get(directory);
            Folder next = found == null ? unknown(directory) : found;
            passed.values().forEach(emptyFolders);
            passed.clear();
            ahead.remove(directory);
            current = next;
        }
        return current;
    }

    /** A folder whose own entry was lost. */
    private Folder unknown(RawName directory) {
        for (Folder known = current; known != null; known = known.parent()) {
            if (known.source().equals(directory)) {
                return known;
            }
        }
        Folder known = ahead.get(directory);
        if (known != null) {
            return known;
        }
        TreePath path = TreePath.parse(directory);
        Folder parent = unknown(path.directory());
        if (complete) {
            complete = false;
            lost.accept(path + ": the snapshot lists what is in it, and no such folder;"
                    + " what else it had is not known, nor its owner, mode and time");
        }
        RawName place = Folder.join(parent.place(), path.name());
        return new Folder(parent, directory, place, choiceIn(parent, path, true), null);
    }
}
