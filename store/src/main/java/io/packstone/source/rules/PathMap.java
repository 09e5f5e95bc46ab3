package io.packstone.source.rules;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folders that are read elsewhere: from a snapshot of their file system that is mounted somewhere, while all that is said
 * of them, rules and records included, is said of where they live. Immutable.
 */
public final class PathMap {
    /** Everything is read where it is. */
    public static final PathMap NONE = new PathMap(Map.of());

    private static final long STABLE = 1L << 63;
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** By path without a '/' in front, as a tree has it. */
    private final Map<RawName, RawName> places;

    private PathMap(Map<RawName, RawName> places) {
        this.places = places;
    }

    /** Where each folder is read, both absolute; an inner one wins over one that it lies in. */
    public static PathMap of(Map<RawName, RawName> places) {
        Map<RawName, RawName> inTree = new HashMap<>();
        places.forEach((path, place) -> {
            if (path.length() == 0 || path.at(0) != '/' || place.length() == 0 || place.at(0) != '/') {
                throw new IllegalArgumentException("not absolute: " + path + ", " + place);
            }
            inTree.put(TreePath.parse(path).asDirectory(), place);
        });
        return new PathMap(inTree);
    }

    /** True when everything is read where it is. */
    public boolean isEmpty() {
        return places.isEmpty();
    }

    /** Where a folder itself is said to be read; null when nothing is said of it. */
    @Nullable
    public RawName place(RawName inTree) {
        return places.get(inTree);
    }

    /** Of the names in a directory those that are read elsewhere, and where. */
    public Map<RawName, RawName> in(RawName directory) {
        if (places.isEmpty()) {
            return places;
        }
        Map<RawName, RawName> found = new HashMap<>();
        places.forEach((path, place) -> {
            TreePath parsed = TreePath.parse(path);
            if (!parsed.isRoot() && parsed.directory().equals(directory)) {
                found.put(parsed.name(), place);
            }
        });
        return found;
    }

    /** Where an absolute path is read: below the place of the innermost folder above it that has one. */
    public RawName real(RawName path) {
        TreePath whole = TreePath.parse(path);
        RawName above = null;
        for (RawName each : places.keySet()) {
            boolean inner = above == null || each.length() > above.length();
            above = inner && TreePath.parse(each).contains(whole) ? each : above;
        }
        RawName place = above == null ? null : places.get(above);
        if (place == null || above == null) {
            return path;
        }
        RawName inTree = whole.asDirectory();
        int start = above.length() == 0 || inTree.length() == above.length() ? above.length() : above.length() + 1;
        int length = inTree.length() - start;
        if (length == 0) {
            return place;
        }
        byte[] joined = new byte[place.length() + 1 + length];
        System.arraycopy(place.array(), 0, joined, 0, place.length());
        joined[place.length()] = '/';
        System.arraycopy(inTree.array(), start, joined, place.length() + 1, length);
        return RawName.takeOver(joined);
    }

    /**
     * A device number for what is read elsewhere in place of that folder. Snapshots of file systems have another number
     * each time, which would make another entry of every file; this one stays, and no device has it: a major number has
     * far fewer bits.
     */
    public static long device(RawName inTree) {
        long hash = FNV_BASIS;
        for (int i = 0; i < inTree.length(); i++) {
            hash = (hash ^ inTree.at(i)) * FNV_PRIME;
        }
        return hash | STABLE;
    }
}
