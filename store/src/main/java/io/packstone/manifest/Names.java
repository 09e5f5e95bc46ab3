package io.packstone.manifest;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;

/** Which names an entry may have: whatever a POSIX directory can hold, and nothing that leads elsewhere. */
final class Names {
    private static final int NAME_LENGTH_MAX = 64 << 10;
    private static final int PATH_LENGTH_MAX = 1 << 20;

    private Names() {}

    static boolean valid(TreePath path) {
        if (path.isRoot()) {
            return true;
        }
        if (path.directory().length() + path.name().length() > PATH_LENGTH_MAX) {
            return false;
        }
        RawName directory = path.directory();
        int start = 0;
        for (int i = 0; i <= directory.length() && directory.length() > 0; i++) {
            if (i == directory.length() || directory.at(i) == '/') {
                if (!validComponent(directory, start, i)) {
                    return false;
                }
                start = i + 1;
            }
        }
        return validComponent(path.name(), 0, path.name().length());
    }

    private static boolean validComponent(RawName name, int from, int to) {
        int length = to - from;
        if (length == 0 || length > NAME_LENGTH_MAX) {
            return false;
        }
        boolean dots = true;
        for (int i = from; i < to; i++) {
            if (name.at(i) == 0 || name.at(i) == '/') {
                return false;
            }
            dots &= name.at(i) == '.';
        }
        return !dots || length > 2;
    }
}
