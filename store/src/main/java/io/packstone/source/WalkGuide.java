package io.packstone.source;

import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Says which names of a directory a walk looks at, and is told of the directories that it enters. */
public interface WalkGuide {
    /** Every name, everywhere. */
    WalkGuide ALL = new WalkGuide() {};

    /** The names to look for in a directory, whether they are there or not; null for all that are. */
    default @Nullable Collection<RawName> names(RawName directory) {
        return null;
    }

    /**
     * A directory whose names belong to the walk is about to be listed. What it holds is not looked at before this
     * returns. On the walk's thread.
     *
     * @param handle borrowed
     */
    default void entering(RawName directory, DirectoryHandle handle) {}
}
