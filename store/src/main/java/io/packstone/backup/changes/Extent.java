package io.packstone.backup.changes;

import io.packstone.source.WalkGuide;
import org.jspecify.annotations.Nullable;

/**
 * How much of a source a snapshot looks at.
 *
 * @param changes what alone is looked at, all else being as the parent has it; null for everything
 * @param told of the directories that the walk enters
 * @param onlyIfChanged takes no snapshot that would have what its parent has
 */
public record Extent(@Nullable Changes changes, WalkGuide told, boolean onlyIfChanged) {
    /** Everything, without a word. */
    public static final Extent ALL = new Extent(null, WalkGuide.ALL, false);

    /** What leads a walk through all of it. */
    public WalkGuide guide() {
        return changes == null ? told : told.lookingFor(changes::names);
    }
}
