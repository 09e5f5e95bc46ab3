package io.packstone.source.rules;

import io.packstone.metadata.RawName;
import java.util.List;
import java.util.Map;

/**
 * What became of the rules in one walk: what it found in the source that told it to leave something out, and how often each kind
 * of rule did.
 *
 * @param ignoreFiles the patterns of each ignore file that counted, in the order of the walk
 * @param holders directories of which nothing but a tag was listed, without a '/' in front
 * @param complete false when there were more of either than a snapshot keeps
 * @param counts of files and directories that were left out, and of directories of which what they hold was
 */
public record Heeded(
        List<InFolder> ignoreFiles, List<RawName> holders, boolean complete, Map<LeftOutKind, Long> counts) {
    /** Of a walk that met no rule. */
    public static final Heeded NOTHING = new Heeded(List.of(), List.of(), true, Map.of());

    /** The patterns in the ignore file of a folder. */
    public record InFolder(RawName folder, List<RawName> patterns) {}

    /** Copies. */
    public Heeded {
        ignoreFiles = List.copyOf(ignoreFiles);
        holders = List.copyOf(holders);
        counts = Map.copyOf(counts);
    }
}
