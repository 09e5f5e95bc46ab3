package io.packstone.cli.setup;

import io.packstone.error.SourceException;
import io.packstone.metadata.RawName;
import io.packstone.source.GlobFilter;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Lists of paths and patterns in files, one a line, as bytes. */
public final class PathLists {
    private PathLists() {}

    /** {@code given} and then the patterns in {@code files}, where blank lines and comments are none. */
    public static List<RawName> patterns(Surroundings surroundings, List<String> given, List<String> files)
            throws IOException {
        List<RawName> patterns = new ArrayList<>();
        given.forEach(pattern -> patterns.add(RawText.encode(pattern)));
        for (String file : files) {
            patterns.addAll(GlobFilter.patternsOf(lines(surroundings, file)));
        }
        return patterns;
    }

    /** The paths in {@code file}, absolute; {@code -} is standard input. */
    public static List<RawName> paths(Surroundings surroundings, String file) throws IOException {
        boolean standardInput = file.equals("-");
        List<RawName> lines = standardInput ? lines(surroundings.console().input()) : lines(surroundings, file);
        List<RawName> paths = new ArrayList<>();
        for (RawName line : lines) {
            if (line.length() > 0) {
                paths.add(surroundings.absolute(line));
            }
        }
        return paths;
    }

    private static List<RawName> lines(Surroundings surroundings, String file) throws IOException {
        Path path = surroundings.path(file);
        try (InputStream input = new BufferedInputStream(Files.newInputStream(path))) {
            return lines(input);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new FileSystemException(path.toString(), null, e.getMessage());
        }
    }

    private static List<RawName> lines(InputStream input) throws IOException {
        List<RawName> lines = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int value = input.read(); value >= 0; value = input.read()) {
            if (value == '\n') {
                lines.add(RawName.takeOver(line.toByteArray()));
                line.reset();
            } else {
                line.write(value);
            }
        }
        if (line.size() > 0) {
            lines.add(RawName.takeOver(line.toByteArray()));
        }
        return lines;
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
