package io.packstone.maintenance.retention;

import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.repository.StoredSnapshot;
import java.util.List;

/**
 * What would be forgotten, and why the rest stays.
 *
 * @param groups in the order of their first snapshots
 * @param unreadable chosen by name and to be forgotten, though they can't be read
 * @param emptied how many groups would have no snapshot left
 * @param snapshots how many there are in the repository
 * @param remarks what a person should know, such as a rule that names what does not exist
 */
public record ForgetPlan(
        List<Group> groups, List<SnapshotId> unreadable, int emptied, int snapshots, List<String> remarks) {
    /** Copies the lists. */
    public ForgetPlan {
        groups = List.copyOf(groups);
        unreadable = List.copyOf(unreadable);
        remarks = List.copyOf(remarks);
    }

    /** Snapshots that the rules were applied to together; {@code host} and {@code paths} empty when not grouped by. */
    public record Group(String host, List<RawName> paths, List<Verdict> verdicts) {
        /** Copies the lists. */
        public Group {
            paths = List.copyOf(paths);
            verdicts = List.copyOf(verdicts);
        }
    }

    /** What becomes of one snapshot: it stays when there are reasons. */
    public record Verdict(StoredSnapshot snapshot, List<String> reasons) {
        /** Copies the list. */
        public Verdict {
            reasons = List.copyOf(reasons);
        }

        /** True when it stays. */
        public boolean isKept() {
            return !reasons.isEmpty();
        }
    }

    /** What would be forgotten, in the order of the groups. */
    public List<SnapshotId> forgotten() {
        List<SnapshotId> ids = new java.util.ArrayList<>(unreadable);
        for (Group group : groups) {
            for (Verdict verdict : group.verdicts()) {
                if (!verdict.isKept()) {
                    ids.add(verdict.snapshot().id());
                }
            }
        }
        return ids;
    }

    /**
     * True when a group would be emptied, or more than half of the repository forgotten: a person must say how many. Partial
     * snapshots count for nothing there.
     */
    public boolean needsConfirmation() {
        long partial = 0;
        long partialForgotten = 0;
        for (Group group : groups) {
            for (Verdict verdict : group.verdicts()) {
                if (verdict.snapshot().record().isPartial()) {
                    partial++;
                    partialForgotten += verdict.isKept() ? 0 : 1;
                }
            }
        }
        return emptied > 0 || (forgotten().size() - partialForgotten) * 2 > snapshots - partial;
    }
}
