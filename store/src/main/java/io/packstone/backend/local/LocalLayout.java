package io.packstone.backend.local;

import io.packstone.backend.ObjectNames;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    /** Every directory that holds names of objects or of such directories, those above first. */
    List<Path> directories() throws IOException {
        List<Path> found = new ArrayList<>(List.of(root));
        for (Path directory : below(root)) {
            if (directory.equals(temporary())) {
                continue;
            }
            found.add(directory);
            String name = directory.getFileName() + "/";
            if (name.equals(ObjectNames.PACKS) || name.equals(ObjectNames.GC)) {
                found.addAll(below(directory));
            }
        }
        return found;
    }

    private static List<Path> below(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(directory, each -> Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS))) {
            all.forEach(found::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
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
