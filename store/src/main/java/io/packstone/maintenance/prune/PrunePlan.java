package io.packstone.maintenance.prune;

import io.packstone.id.PackId;
import io.packstone.id.SnapshotId;
import java.util.List;
import java.util.Set;

/**
 * What a prune would do.
 *
 * @param packsLive packs that stay as they are
 * @param packsDead packs without anything of use, which go unread
 * @param packsRepacked packs whose used blocks move elsewhere
 * @param packsPending packs of jobs that have not ended, which are left alone
 * @param packsWaiting packs that would go but for the grace
 * @param bytesLive stored bytes of use
 * @param bytesDead stored bytes of no use, pending ones left out
 * @param bytesFreed so many of them go
 * @param bytesRewritten stored bytes that are written anew
 * @param bytesSealed of no use, in blocks that are of use in part: to free them blocks must be opened
 * @param snapshotsRemoved forgotten snapshots whose records go for good
 * @param requests about so many requests to the storage it takes
 * @param problems what keeps it from deleting anything
 */
public record PrunePlan(
        long packsLive,
        long packsDead,
        long packsRepacked,
        long packsPending,
        long packsWaiting,
        long bytesLive,
        long bytesDead,
        long bytesFreed,
        long bytesRewritten,
        long bytesSealed,
        long snapshotsRemoved,
        long requests,
        List<String> problems,
        Choice choice) {

    /** Copies the list. */
    public PrunePlan {
        problems = List.copyOf(problems);
    }

    /** What was chosen, by name. */
    record Choice(
            Set<PackId> dead,
            List<PackId> repacked,
            List<PackId> verified,
            Set<PackId> waiting,
            Set<SnapshotId> forgotten) {
        Choice {
            dead = Set.copyOf(dead);
            repacked = List.copyOf(repacked);
            verified = List.copyOf(verified);
            waiting = Set.copyOf(waiting);
            forgotten = Set.copyOf(forgotten);
        }
    }

    /** True when there is nothing to delete, to note or to remove. */
    public boolean isEmpty() {
        return choice.dead.isEmpty()
                && choice.repacked.isEmpty()
                && choice.waiting.isEmpty()
                && choice.forgotten.isEmpty();
    }
}
