package io.packstone.cli.paths;

import io.packstone.cli.setup.RawText;
import io.packstone.cli.setup.Surroundings;
import io.packstone.error.SourceException;
import io.packstone.metadata.RawName;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Lists of paths in files, as bytes. */
public final class PathLists {
    private PathLists() {}

    /**
     * The paths in {@code file}, absolute, each as it stands; {@code -} is standard input. They end at a NUL when there is one in
     * the list, since no path holds one; else at the end of a line.
     */
    public static List<RawName> paths(Surroundings surroundings, String file) throws IOException {
        byte[] list = file.equals("-") ? surroundings.console().input().readAllBytes() : bytes(surroundings, file);
        byte separator = '\n';
        for (byte value : list) {
            separator = value == 0 ? 0 : separator;
        }
        List<RawName> paths = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= list.length; i++) {
            if (i == list.length || list[i] == separator) {
                if (i > start) {
                    paths.add(surroundings.absolute(RawName.of(list, start, i - start)));
                }
                start = i + 1;
            }
        }
        return paths;
    }

    /** All of {@code file}. */
    static byte[] bytes(Surroundings surroundings, String file) throws IOException {
        Path path = surroundings.path(file);
        try {
            return Files.readAllBytes(path);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new FileSystemException(path.toString(), null, e.getMessage());
        }
    }

    /** Fails when none of {@code paths} exists: then there is nothing to take, nor a repository to make for it. */
    public static void requireOne(List<RawName> paths) throws SourceException {
        if (paths.stream().noneMatch(PathLists::exists)) {
            String which = paths.size() == 1 ? "" : " (nor do the other " + (paths.size() - 1) + " paths exist)";
            throw new SourceException(paths.get(0).toString(), "no such file or directory" + which);
        }
    }

    private static boolean exists(RawName path) {
        try {
            Files.readAttributes(RawText.path(path), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return true; // It is there, or may be: the snapshot will say why it can't be read.
        }
    }
}
