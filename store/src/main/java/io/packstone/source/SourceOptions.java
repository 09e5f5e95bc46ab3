package io.packstone.source;

import io.packstone.metadata.RawName;
import java.nio.file.Path;
import java.util.List;

/**
 * What a walk covers.
 *
 * @param paths absolute and normalised; one that lies below another adds nothing
 * @param excludes what is left out, with all below it; never a given path itself or a directory above one
 * @param oneFileSystem whether directories on another device than their given path are listed but not entered
 * @param excludeLargerThan regular files of more bytes are left out; -1 for no limit
 * @param excludeCaches whether of a directory with a valid CACHEDIR.TAG nothing but that tag is listed
 * @param leftOut absolute paths that are left out wherever they are met, by device and inode
 * @param temporaryDirectory where the names of a directory are sorted when there are more than {@code namesInMemory}
 * @param namesInMemory how many names of one directory are sorted in memory
 */
public record SourceOptions(
        List<RawName> paths,
        GlobFilter excludes,
        boolean oneFileSystem,
        long excludeLargerThan,
        boolean excludeCaches,
        List<RawName> leftOut,
        Path temporaryDirectory,
        int namesInMemory) {
    /** How many names stay in memory unless said otherwise. */
    public static final int NAMES_IN_MEMORY = 100_000;

    /** Checks that every path is absolute. */
    public SourceOptions {
        paths = List.copyOf(paths);
        leftOut = List.copyOf(leftOut);
        for (RawName path : paths) {
            if (path.length() == 0 || path.at(0) != '/') {
                throw new IllegalArgumentException("not an absolute path: " + path);
            }
        }
        if (namesInMemory < 1) {
            throw new IllegalArgumentException("names in memory: " + namesInMemory);
        }
    }

    /** Everything below {@code paths}. */
    public static SourceOptions of(List<RawName> paths, Path temporaryDirectory) {
        return new SourceOptions(
                paths, GlobFilter.NONE, false, -1, false, List.of(), temporaryDirectory, NAMES_IN_MEMORY);
    }

    /** With other patterns. */
    public SourceOptions withExcludes(GlobFilter filter) {
        return new SourceOptions(
                paths,
                filter,
                oneFileSystem,
                excludeLargerThan,
                excludeCaches,
                leftOut,
                temporaryDirectory,
                namesInMemory);
    }

    /** Staying on one file system, or not. */
    public SourceOptions withOneFileSystem(boolean one) {
        return new SourceOptions(
                paths, excludes, one, excludeLargerThan, excludeCaches, leftOut, temporaryDirectory, namesInMemory);
    }

    /** With another limit on files' lengths. */
    public SourceOptions withExcludeLargerThan(long length) {
        return new SourceOptions(
                paths, excludes, oneFileSystem, length, excludeCaches, leftOut, temporaryDirectory, namesInMemory);
    }

    /** Leaving out what caches hold, or not. */
    public SourceOptions withExcludeCaches(boolean exclude) {
        return new SourceOptions(
                paths, excludes, oneFileSystem, excludeLargerThan, exclude, leftOut, temporaryDirectory, namesInMemory);
    }

    /** With other paths left out. */
    public SourceOptions withLeftOut(List<RawName> left) {
        return new SourceOptions(
                paths,
                excludes,
                oneFileSystem,
                excludeLargerThan,
                excludeCaches,
                left,
                temporaryDirectory,
                namesInMemory);
    }

    /** With another bound on names in memory. */
    public SourceOptions withNamesInMemory(int names) {
        return new SourceOptions(
                paths, excludes, oneFileSystem, excludeLargerThan, excludeCaches, leftOut, temporaryDirectory, names);
    }
}
