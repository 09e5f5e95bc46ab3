package io.packstone.progress;

import io.packstone.id.SnapshotId;

/**
 * Told how far an operation is. Methods may be called from any thread, many times a second, and must not block.
 * Every method does nothing unless overridden.
 */
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener NONE = new ProgressListener() {};

    /** A stage begins; totals are what is known of it, 0 when nothing is. */
    default void stage(String name, long filesTotal, long bytesTotal) {}

    /** The totals of the stage are better known now. */
    default void totals(long filesTotal, long bytesTotal) {}

    /** True when totals are worth a walk over the source beside the work, if nothing else tells them. */
    default boolean wantsTotals() {
        return false;
    }

    /** Files or other things finished, and plain bytes read or written. */
    default void advance(long files, long bytes) {}

    /** Files that were as they should be, and their plain bytes, none of which had to be read or written. */
    default void unchanged(long files, long bytes) {}

    /** Plain bytes that were new, and bytes stored for them. */
    default void stored(long bytesNew, long bytesStored) {}

    /** What there is so far has been stored as a partial snapshot. */
    default void checkpoint(SnapshotId partial) {}

    /** Something a person should know while the work goes on; {@code message} is one line, quoted. */
    default void warn(String message) {}
}
