package io.packstone.maintenance.healing;

import io.packstone.id.SnapshotId;
import io.packstone.snapshot.RepairRecord;
import java.util.List;
import java.util.Map;

/**
 * What a repair did, or would do.
 *
 * @param mended objects that have their own bytes again
 * @param rewritten packs taken out of use
 * @param indexed packs that snapshots need and no index segment spoke of
 * @param found chunks got from elsewhere, by where from: {@code mirror}, {@code other}, {@code files}
 * @param unmended objects that stay damaged and are nothing that packs could tell again
 * @param losses what snapshots lack now
 * @param lostParts parts of manifests that can't be read
 */
public record RepairReport(
        List<Mended> mended,
        List<Rewritten> rewritten,
        List<String> indexed,
        Map<String, Long> found,
        List<Scrub.Fault> unmended,
        List<RepairRecord.Loss> losses,
        List<LostPart> lostParts,
        double seconds) {
    /** Copies the lists. */
    public RepairReport {
        mended = List.copyOf(mended);
        rewritten = List.copyOf(rewritten);
        indexed = List.copyOf(indexed);
        found = Map.copyOf(found);
        unmended = List.copyOf(unmended);
        losses = List.copyOf(losses);
        lostParts = List.copyOf(lostParts);
    }

    /**
     * An object that was made whole.
     *
     * @param means {@code parity}, {@code copy}, {@code mirror}, or {@code object} for parity that was made again
     */
    public record Mended(String object, String means) {}

    /**
     * A pack that nothing is read from any more.
     *
     * @param kept chunks of it that are in other packs now
     * @param unreadable chunks that could not be read from it
     */
    public record Rewritten(String object, long kept, long unreadable) {}

    /** A part of a snapshot's manifest that can't be read: all entries from one path to another, both quoted. */
    public record LostPart(SnapshotId snapshot, String after, String before, String message) {}

    /** True when there was nothing to do. */
    public boolean isWhole() {
        return mended.isEmpty() && rewritten.isEmpty() && indexed.isEmpty() && found.isEmpty() && isHealed();
    }

    /** True when nothing is lost. */
    public boolean isHealed() {
        return unmended.isEmpty() && losses.isEmpty() && lostParts.isEmpty();
    }
}
