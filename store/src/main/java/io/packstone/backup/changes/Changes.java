package io.packstone.backup.changes;

import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.ManifestSieve.Choice;
import io.packstone.manifest.ManifestSieve.Fate;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.source.SourceEntry;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What may have changed since a snapshot: names, each of which may have come, gone or become something else, and whole
 * folders. As a route it leads a walk there; as a choice it drops from the former manifest what the walk did not find.
 * Gathered by one thread; while a snapshot is taken, nothing is added, and any thread may ask.
 */
public final class Changes implements Choice {
    private final Map<RawName, Set<RawName>> route = new HashMap<>();
    private final Set<TreePath> names = new HashSet<>();
    private final Set<RawName> whole = new HashSet<>();

    /** Of {@link #names}, those that were found to be directories. */
    private final Set<TreePath> directories = ConcurrentHashMap.newKeySet();

    /** Of {@link #names}, those that were found to be files, with their lengths. */
    private final Map<TreePath, Long> files = new ConcurrentHashMap<>();

    private volatile boolean linked;
    private volatile TreePath @Nullable [] sorted;
    private volatile TreePath @Nullable [] firstBelow;

    /** A name may have changed, but nothing below it. */
    public void add(TreePath path) {
        if (names.add(path)) {
            sorted = null;
            firstBelow = null;
            RawName below = path.name();
            RawName directory = path.directory();
            while (below.length() > 0
                    && route.computeIfAbsent(directory, any -> new TreeSet<>()).add(below)) {
                TreePath above = TreePath.parse(directory);
                below = above.name();
                directory = above.directory();
            }
        }
    }

    /** A name and all that is below it may have changed. */
    public void addWhole(TreePath path) {
        add(path);
        whole.add(path.asDirectory());
    }

    /** Takes over what another gathered. */
    public void addAll(Changes other) {
        other.names.forEach(this::add);
        whole.addAll(other.whole);
    }

    /** As new. */
    public void clear() {
        route.clear();
        names.clear();
        whole.clear();
        begin();
        sorted = null;
        firstBelow = null;
    }

    /** True when nothing was added. */
    public boolean isEmpty() {
        return names.isEmpty();
    }

    /** How many names there are; a whole folder is one. */
    public int size() {
        return names.size();
    }

    /** True when that very path was added. */
    public boolean contains(TreePath path) {
        return names.contains(path);
    }

    /** True when the path, or a folder around it that counts as a whole, was added. */
    public boolean covers(TreePath path) {
        return names.contains(path) || isWhole(path.asDirectory());
    }

    /** As a walk is asked: the names in a directory to look for; null for all. */
    public @Nullable Collection<RawName> names(RawName directory) {
        return isWhole(directory) ? null : route.getOrDefault(directory, Set.of());
    }

    private boolean isWhole(RawName directory) {
        if (whole.isEmpty()) {
            return false;
        }
        RawName above = directory;
        while (!whole.contains(above)) {
            if (above.length() == 0) {
                return false;
            }
            above = TreePath.parse(above).directory();
        }
        return true;
    }

    /** The walk begins; what one before it found counts no more. */
    public void begin() {
        directories.clear();
        files.clear();
        linked = false;
    }

    /** The walk found something there. */
    public void found(SourceEntry entry) {
        FileType type = entry.metadata().type();
        if (type == FileType.DIRECTORY && names.contains(entry.path())) {
            directories.add(entry.path());
        } else if (type == FileType.FILE && names.contains(entry.path())) {
            files.put(entry.path(), entry.metadata().size());
        }
        linked |= type != FileType.DIRECTORY && entry.metadata().linkCount() > 1;
    }

    /** True when the last walk found a file of several names: what changed under one has changed under those not told of. */
    public boolean foundLinks() {
        return linked;
    }

    /** The names that were added, and that the last walk found to be files of that length or more; with their lengths. */
    public Map<TreePath, Long> foundLong(long length) {
        Map<TreePath, Long> found = new HashMap<>(files);
        found.values().removeIf(one -> one < length);
        return found;
    }

    /** The names that were added, and that the last walk did not find to be directories. */
    public List<TreePath> withoutDirectory() {
        return names.stream().filter(path -> !directories.contains(path)).toList();
    }

    /** True when nothing below {@code path} stays but for what the walk finds. */
    private boolean dropsBelow(TreePath path) {
        return names.contains(path) && (!directories.contains(path) || whole.contains(path.asDirectory()));
    }

    private boolean isBelowDropped(TreePath path) {
        RawName directory = path.directory();
        while (true) {
            TreePath above = TreePath.parse(directory);
            if (dropsBelow(above)) {
                return true;
            }
            if (directory.length() == 0) {
                return false;
            }
            directory = above.directory();
        }
    }

    @Override
    public Fate of(ManifestEntry entry) {
        return names.contains(entry.path()) || isBelowDropped(entry.path()) ? Fate.DROPPED : Fate.KEPT;
    }

    @Override
    public Fate of(@Nullable TreePath after, TreePath last) {
        boolean inside = isBelowDropped(last) || after != null && (dropsBelow(after) || isBelowDropped(after));
        if (inside || any(sorted(), after, last, false) || any(firstBelow(), after, last, true)) {
            return Fate.OPEN;
        }
        return Fate.KEPT;
    }

    /** Whether one of the ascending {@code points} is behind {@code after} and not behind {@code last}. */
    private boolean any(TreePath[] points, @Nullable TreePath after, TreePath last, boolean below) {
        int at = after == null ? 0 : behind(points, after);
        while (at < points.length && points[at].compareTo(last) <= 0) {
            if (!below || dropsBelow(TreePath.parse(points[at].directory()))) {
                return true;
            }
            at++;
        }
        return false;
    }

    private static int behind(TreePath[] points, TreePath after) {
        int found = Arrays.binarySearch(points, after);
        return found >= 0 ? found + 1 : -found - 1;
    }

    private TreePath[] sorted() {
        TreePath[] known = sorted;
        if (known == null) {
            known = names.toArray(new TreePath[0]);
            Arrays.sort(known);
            sorted = known;
        }
        return known;
    }

    /** For each name a path before all that can be below it, and behind all that comes before that. */
    private TreePath[] firstBelow() {
        TreePath[] known = firstBelow;
        if (known == null) {
            known = new TreePath[names.size()];
            Iterator<TreePath> each = names.iterator();
            for (int i = 0; i < known.length; i++) {
                known[i] = new TreePath(each.next().asDirectory(), RawName.EMPTY);
            }
            Arrays.sort(known);
            firstBelow = known;
        }
        return known;
    }
}
