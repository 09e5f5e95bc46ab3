package io.packstone.backend.local;

import io.packstone.backend.ObjectNames;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where in a directory an object is: its name, but packs are spread over 256 directories by their first byte. */
record LocalLayout(Path root) {
    private static final int FAN_OUT_DIGITS = 2;

    /** Where unfinished files are. */
    Path temporary() {
        return root.resolve("tmp");
    }

    /** Room that is set aside; no object. */
    Path reserve() {
        return root.resolve("reserve");
    }

    /** The file of an object. */
    Path file(String name) {
        ObjectNames.check(name);
        if (ObjectNames.packId(name) != null) {
            String hex = name.substring(ObjectNames.PACKS.length());
            return root.resolve("packs")
                    .resolve(hex.substring(0, FAN_OUT_DIGITS))
                    .resolve(hex);
        }
        if (name.startsWith(ObjectNames.PACKS) && name.indexOf('/', ObjectNames.PACKS.length()) >= 0) {
            throw new IllegalArgumentException("packs have no directories of their own: " + name);
        }
        return root.resolve(name);
    }

    /** The object that a file, by its path below the root, is; null for a file that is none of ours. */
    static @Nullable String nameOf(String relative) {
        String name = relative;
        if (relative.startsWith(ObjectNames.PACKS)) {
            int slash = relative.lastIndexOf('/');
            name = ObjectNames.PACKS + relative.substring(slash + 1);
            int start = ObjectNames.PACKS.length();
            boolean spread =
                    slash == start + FAN_OUT_DIGITS && name.startsWith(relative.substring(start, slash), start);
            boolean pack = ObjectNames.packId(name) != null;
            if (pack ? !spread : slash >= start) {
                return null;
            }
        }
        return ObjectNames.isValid(name) ? name : null;
    }
}
