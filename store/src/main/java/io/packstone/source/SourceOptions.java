package io.packstone.source;

import io.packstone.metadata.RawName;
import io.packstone.source.rules.PathMap;
import io.packstone.source.rules.Rules;
import java.nio.file.Path;
import java.util.List;

/**
 * What a walk covers.
 *
 * @param paths absolute and normalised; one that lies below another adds nothing
 * @param rules what is left out
 * @param map what is read from another place than where it is
 * @param temporaryDirectory where the names of a directory are sorted when there are more than {@code namesInMemory}
 * @param namesInMemory how many names of one directory are sorted in memory
 * @param guide which names are looked at
 */
public record SourceOptions(
        List<RawName> paths, Rules rules, PathMap map, Path temporaryDirectory, int namesInMemory, WalkGuide guide) {
    /** How many names stay in memory unless said otherwise. */
    public static final int NAMES_IN_MEMORY = 100_000;

    /** Checks that every path is absolute. */
    public SourceOptions {
        paths = List.copyOf(paths);
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
        return new SourceOptions(paths, Rules.NONE, PathMap.NONE, temporaryDirectory, NAMES_IN_MEMORY, WalkGuide.ALL);
    }

    /** With other rules. */
    public SourceOptions withRules(Rules other) {
        return new SourceOptions(paths, other, map, temporaryDirectory, namesInMemory, guide);
    }

    /** With folders that are read elsewhere. */
    public SourceOptions withMap(PathMap other) {
        return new SourceOptions(paths, rules, other, temporaryDirectory, namesInMemory, guide);
    }

    /** With another bound on names in memory. */
    public SourceOptions withNamesInMemory(int names) {
        return new SourceOptions(paths, rules, map, temporaryDirectory, names, guide);
    }

    /** With another guide. */
    public SourceOptions withGuide(WalkGuide other) {
        return new SourceOptions(paths, rules, map, temporaryDirectory, namesInMemory, other);
    }
}
