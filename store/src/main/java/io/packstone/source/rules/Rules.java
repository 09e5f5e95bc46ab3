package io.packstone.source.rules;

import io.packstone.metadata.RawName;
import java.util.ArrayList;
import java.util.List;

/**
 * What a walk leaves out on purpose. How snapshots keep that, and what became of it, is in {@link RecordedRules}.
 *
 * @param excludes what is left out, with all below it; never a given path itself or a directory above one
 * @param leftOut absolute paths that are left out wherever they are met, by device and inode
 * @param oneFileSystem whether directories on another device than their given path are listed but not entered
 * @param largerThan regular files of more bytes are left out; negative for no limit
 * @param caches whether of a directory with a valid CACHEDIR.TAG nothing but that tag is listed
 * @param ifPresent names: of a directory that holds one of them nothing else is listed; of a given path everything is
 * @param ignoreFiles whether the patterns in ignore files of given directories and those below them count
 * @param dropped what was dropped afterwards, by one rewrite after the other; a walk does not heed it
 */
public record Rules(
        GlobFilter excludes,
        List<RawName> leftOut,
        boolean oneFileSystem,
        long largerThan,
        boolean caches,
        List<RawName> ifPresent,
        boolean ignoreFiles,
        List<GlobFilter> dropped) {
    /** Leaves out nothing. */
    public static final Rules NONE =
            new Rules(GlobFilter.NONE, List.of(), false, -1, false, List.of(), false, List.of());

    /** Copies the lists. */
    public Rules {
        leftOut = List.copyOf(leftOut);
        ifPresent = List.copyOf(ifPresent);
        dropped = List.copyOf(dropped);
        for (RawName name : ifPresent) {
            if (!isName(name)) {
                throw new IllegalArgumentException("'" + name + "' is no name of a file");
            }
        }
    }

    /** Whether those bytes may be the name of a file. */
    public static boolean isName(RawName name) {
        boolean dots = name.equals(RawName.of(".")) || name.equals(RawName.of(".."));
        boolean isName = name.length() > 0 && !dots;
        for (int i = 0; i < name.length(); i++) {
            isName &= name.at(i) != '/' && name.at(i) != 0;
        }
        return isName;
    }

    /** The same with other patterns. */
    public Rules withExcludes(GlobFilter other) {
        return new Rules(other, leftOut, oneFileSystem, largerThan, caches, ifPresent, ignoreFiles, dropped);
    }

    /** The same with other paths left out. */
    public Rules withLeftOut(List<RawName> other) {
        return new Rules(excludes, other, oneFileSystem, largerThan, caches, ifPresent, ignoreFiles, dropped);
    }

    /** The same staying on one file system, or not. */
    public Rules withOneFileSystem(boolean other) {
        return new Rules(excludes, leftOut, other, largerThan, caches, ifPresent, ignoreFiles, dropped);
    }

    /** The same with another limit on files' lengths. */
    public Rules withLargerThan(long other) {
        return new Rules(excludes, leftOut, oneFileSystem, other, caches, ifPresent, ignoreFiles, dropped);
    }

    /** The same leaving out what caches hold, or not. */
    public Rules withCaches(boolean other) {
        return new Rules(excludes, leftOut, oneFileSystem, largerThan, other, ifPresent, ignoreFiles, dropped);
    }

    /** The same with other names that make a directory left out. */
    public Rules withIfPresent(List<RawName> other) {
        return new Rules(excludes, leftOut, oneFileSystem, largerThan, caches, other, ignoreFiles, dropped);
    }

    /** The same heeding ignore files, or not. */
    public Rules withIgnoreFiles(boolean other) {
        return new Rules(excludes, leftOut, oneFileSystem, largerThan, caches, ifPresent, other, dropped);
    }

    /** The same after one more rewrite dropped what {@code filter} picks. */
    public Rules withDropped(GlobFilter filter) {
        List<GlobFilter> all = new ArrayList<>(dropped);
        all.add(filter);
        return new Rules(excludes, leftOut, oneFileSystem, largerThan, caches, ifPresent, ignoreFiles, all);
    }
}
