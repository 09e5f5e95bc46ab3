package io.packstone.source;

import io.packstone.metadata.RawName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What a walk leaves out on purpose, and how snapshots keep that as text (docs/format.md, Snapshots).
 *
 * @param excludes what is left out, with all below it; never a given path itself or a directory above one
 * @param leftOut absolute paths that are left out wherever they are met, by device and inode
 * @param oneFileSystem whether directories on another device than their given path are listed but not entered
 * @param largerThan regular files of more bytes are left out; negative for no limit
 * @param caches whether of a directory with a valid CACHEDIR.TAG nothing but that tag is listed
 * @param dropped what was dropped afterwards, by one rewrite after the other; a walk does not heed it
 */
public record Rules(
        GlobFilter excludes,
        List<RawName> leftOut,
        boolean oneFileSystem,
        long largerThan,
        boolean caches,
        List<GlobFilter> dropped) {
    /** Leaves out nothing. */
    public static final Rules NONE = new Rules(GlobFilter.NONE, List.of(), false, -1, false, List.of());

    private static final String EXCLUDE = "exclude=";
    private static final String EXCLUDE_BYTES = "exclude-bytes=";
    private static final String LEFT_OUT = "left-out=";
    private static final String ONE_FILE_SYSTEM = "one-file-system";
    private static final String LARGER_THAN = "exclude-larger-than=";
    private static final String CACHES = "exclude-caches";
    private static final String REWRITTEN = "rewritten";

    /** Copies the lists. */
    public Rules {
        leftOut = List.copyOf(leftOut);
        dropped = List.copyOf(dropped);
    }

    /** The same with other patterns. */
    public Rules withExcludes(GlobFilter other) {
        return new Rules(other, leftOut, oneFileSystem, largerThan, caches, dropped);
    }

    /** The same with other paths left out. */
    public Rules withLeftOut(List<RawName> other) {
        return new Rules(excludes, other, oneFileSystem, largerThan, caches, dropped);
    }

    /** The same staying on one file system, or not. */
    public Rules withOneFileSystem(boolean other) {
        return new Rules(excludes, leftOut, other, largerThan, caches, dropped);
    }

    /** The same with another limit on files' lengths. */
    public Rules withLargerThan(long other) {
        return new Rules(excludes, leftOut, oneFileSystem, other, caches, dropped);
    }

    /** The same leaving out what caches hold, or not. */
    public Rules withCaches(boolean other) {
        return new Rules(excludes, leftOut, oneFileSystem, largerThan, other, dropped);
    }

    /** The same after one more rewrite dropped what {@code filter} picks. */
    public Rules withDropped(GlobFilter filter) {
        List<GlobFilter> all = new ArrayList<>(dropped);
        all.add(filter);
        return new Rules(excludes, leftOut, oneFileSystem, largerThan, caches, all);
    }

    /** One text for each rule, in the order in which they apply. */
    public List<String> format() {
        List<String> texts = new ArrayList<>();
        format(excludes, texts);
        leftOut.forEach(path -> texts.add(LEFT_OUT + hex(path)));
        if (oneFileSystem) {
            texts.add(ONE_FILE_SYSTEM);
        }
        if (largerThan >= 0) {
            texts.add(LARGER_THAN + largerThan);
        }
        if (caches) {
            texts.add(CACHES);
        }
        for (GlobFilter filter : dropped) {
            texts.add(REWRITTEN);
            format(filter, texts);
        }
        return texts;
    }

    private static void format(GlobFilter filter, List<String> texts) {
        for (RawName pattern : filter.patterns()) {
            texts.add(pattern.isUtf8() ? EXCLUDE + pattern.toText() : EXCLUDE_BYTES + hex(pattern));
        }
    }

    private static String hex(RawName name) {
        return HexFormat.of().formatHex(name.array());
    }

    /**
     * The rules that {@code texts} speak of.
     *
     * @throws IllegalArgumentException when one of them is not known to this version; its message names it
     */
    public static Rules parse(List<String> texts) {
        List<List<RawName>> filters = new ArrayList<>();
        List<RawName> patterns = new ArrayList<>();
        filters.add(patterns);
        List<RawName> places = new ArrayList<>();
        boolean one = false;
        boolean cacheRule = false;
        long limit = -1;
        for (String text : texts) {
            String value = text.substring(text.indexOf('=') + 1);
            if (text.startsWith(EXCLUDE)) {
                patterns.add(RawName.takeOver(value.getBytes(StandardCharsets.UTF_8)));
            } else if (text.startsWith(EXCLUDE_BYTES)) {
                patterns.add(RawName.takeOver(HexFormat.of().parseHex(value)));
            } else if (text.startsWith(LEFT_OUT)) {
                places.add(RawName.takeOver(HexFormat.of().parseHex(value)));
            } else if (text.equals(ONE_FILE_SYSTEM)) {
                one = true;
            } else if (text.startsWith(LARGER_THAN)) {
                limit = Long.parseLong(value);
            } else if (text.equals(CACHES)) {
                cacheRule = true;
            } else if (text.equals(REWRITTEN)) {
                patterns = new ArrayList<>();
                filters.add(patterns);
            } else {
                throw new IllegalArgumentException("an unknown rule, " + text);
            }
        }
        List<GlobFilter> all = filters.stream().map(GlobFilter::of).toList();
        return new Rules(all.get(0), places, one, limit, cacheRule, all.subList(1, all.size()));
    }
}
