package io.packstone.source;

import io.packstone.metadata.RawName;
import java.util.List;

/**
 * What to walk.
 *
 * @param paths absolute, without symbolic links above the last component
 * @param excludes patterns of {@link GlobFilter}
 * @param excludeLargerThan leaves out regular files of more bytes; negative for none
 * @param excludeCaches leaves out what is in folders tagged as caches (bford.info/cachedir), but for the tag
 * @param leftOut absolute paths that are never read
 */
public record SourceOptions(
        List<RawName> paths,
        List<String> excludes,
        boolean oneFileSystem,
        long excludeLargerThan,
        boolean excludeCaches,
        List<RawName> leftOut) {}
