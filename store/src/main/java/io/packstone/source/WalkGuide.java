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
     * A directory is about to be listed, or is passed through on the way to a given path. What it holds is not looked at
     * before this returns. On the walk's thread.
     *
     * @param handle borrowed
     */
    default void entering(RawName directory, DirectoryHandle handle) {}

    /** A guide to names that are told in the same places. */
    default WalkGuide lookingFor(NamesOf names) {
        WalkGuide told = this;
        return new WalkGuide() {
            @Override
            public @Nullable Collection<RawName> names(RawName directory) {
                return names.in(directory);
            }

            @Override
            public void entering(RawName directory, DirectoryHandle handle) {
                told.entering(directory, handle);
            }
        };
    }

    /** As {@link #names}. */
    @FunctionalInterface
    interface NamesOf {
        /** The names to look for in a directory; null for all that are there. */
        @Nullable
        Collection<RawName> in(RawName directory);
    }
}
