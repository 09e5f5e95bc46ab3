package io.packstone.metadata;

import java.util.Arrays;

/**
 * A path inside a snapshot: the directory, as its components joined by '/', without a leading one (empty for the
 * root), and the name in it. The order is the manifest's (docs/format.md, Manifest order): directories component by
 * component as unsigned bytes, a shorter one first, then the name.
 */
public record TreePath(RawName directory, RawName name) implements Comparable<TreePath> {
    /** The root itself: an empty name in the empty directory. */
    public static final TreePath ROOT = new TreePath(RawName.EMPTY, RawName.EMPTY);

    /** Splits an absolute or relative path of '/'-separated components; empty components are dropped. */
    public static TreePath parse(RawName path) {
        byte[] clean = new byte[path.length()];
        int length = 0;
        int nameStart = 0;
        int lastSlash = -1;
        for (int i = 0; i < path.length(); i++) {
            int value = path.at(i);
            if (value == '/' && (length == 0 || clean[length - 1] == '/')) {
                continue;
            }
            if (value == '/') {
                lastSlash = length;
            }
            clean[length++] = (byte) value;
        }
        if (length > 0 && clean[length - 1] == '/') {
            length--;
            lastSlash = lastIndexOf(clean, length);
        }
        nameStart = lastSlash + 1;
        return new TreePath(
                RawName.of(clean, 0, Math.max(0, lastSlash)), RawName.of(clean, nameStart, length - nameStart));
    }

    private static int lastIndexOf(byte[] bytes, int length) {
        int at = length - 1;
        while (at >= 0 && bytes[at] != '/') {
            at--;
        }
        return at;
    }

    /** True for {@link #ROOT}. */
    public boolean isRoot() {
        return directory.length() == 0 && name.length() == 0;
    }

    /** The directory this path is, as its own entries name it. */
    public RawName asDirectory() {
        if (directory.length() == 0) {
            return name;
        }
        byte[] joined = new byte[directory.length() + 1 + name.length()];
        System.arraycopy(directory.array(), 0, joined, 0, directory.length());
        joined[directory.length()] = '/';
        System.arraycopy(name.array(), 0, joined, directory.length() + 1, name.length());
        return RawName.takeOver(joined);
    }

    /** With a leading '/', as the system takes it. */
    public RawName absolute() {
        return absolute(asDirectory());
    }

    /** The same of a path as {@link #asDirectory} gives it. */
    public static RawName absolute(RawName relative) {
        byte[] bytes = new byte[relative.length() + 1];
        bytes[0] = '/';
        System.arraycopy(relative.array(), 0, bytes, 1, relative.length());
        return RawName.takeOver(bytes);
    }

    /** The path below this one, or this one, of an entry of the same snapshot: true when it equals or lies below. */
    public boolean contains(TreePath other) {
        if (isRoot()) {
            return true;
        }
        RawName self = asDirectory();
        RawName there = other.asDirectory();
        if (there.length() < self.length()) {
            return false;
        }
        for (int i = 0; i < self.length(); i++) {
            if (self.at(i) != there.at(i)) {
                return false;
            }
        }
        return there.length() == self.length() || there.at(self.length()) == '/';
    }

    @Override
    public int compareTo(TreePath other) {
        int order = compareDirectories(directory, other.directory);
        return order == 0 ? name.compareTo(other.name) : order;
    }

    /** Compares component by component: '/' sorts before every byte of a name, and the end before '/'. */
    public static int compareDirectories(RawName a, RawName b) {
        int differs = a == b ? -1 : Arrays.mismatch(a.array(), b.array());
        if (differs >= 0 && differs < Math.min(a.length(), b.length())) {
            int x = a.at(differs);
            int y = b.at(differs);
            return Integer.compare(x == '/' ? 0 : x, y == '/' ? 0 : y);
        }
        return Integer.compare(a.length(), b.length());
    }

    /** With a leading '/', quoted for a terminal. */
    @Override
    public String toString() {
        return "/" + asDirectory();
    }
}
