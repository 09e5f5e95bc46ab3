package io.packstone.maintenance.prune;

import io.packstone.maintenance.retention.TimeSpan;

/**
 * How far a prune goes.
 *
 * @param maxUnused of what is left, this share of bytes may be of no use, from 0 to 1: more than that is not repacked
 * @param maxRepack no more bytes than this are written anew
 * @param grace packs wait so long between the prune that plans to delete them and one that does
 * @param staleAfter a job of another machine that began longer ago is taken for dead
 * @param rewritesBlocks blocks that are used in part are opened and made anew, which takes the content key
 */
public record PruneOptions(
        double maxUnused, long maxRepack, TimeSpan grace, TimeSpan staleAfter, boolean rewritesBlocks) {
    /** A tenth may be of no use; nothing waits. */
    public static PruneOptions defaults() {
        return new PruneOptions(0.1, Long.MAX_VALUE, TimeSpan.NONE, TimeSpan.parse("30d"), true);
    }

    /** Checks the ranges. */
    public PruneOptions {
        if (!(maxUnused >= 0 && maxUnused <= 1) || maxRepack < 0) {
            throw new IllegalArgumentException("a share goes from 0 to 1, a size from 0");
        }
    }

    /** The same with another share. */
    public PruneOptions withMaxUnused(double share) {
        return new PruneOptions(share, maxRepack, grace, staleAfter, rewritesBlocks);
    }

    /** The same with another limit. */
    public PruneOptions withMaxRepack(long bytes) {
        return new PruneOptions(maxUnused, bytes, grace, staleAfter, rewritesBlocks);
    }

    /** The same with another wait. */
    public PruneOptions withGrace(TimeSpan span) {
        return new PruneOptions(maxUnused, maxRepack, span, staleAfter, rewritesBlocks);
    }

    /** The same with another age. */
    public PruneOptions withStaleAfter(TimeSpan span) {
        return new PruneOptions(maxUnused, maxRepack, grace, span, rewritesBlocks);
    }

    /** The same, moving sealed blocks only. */
    public PruneOptions withSealedBlocksOnly() {
        return new PruneOptions(maxUnused, maxRepack, grace, staleAfter, false);
    }
}
