package io.packstone.maintenance.healing;

import io.packstone.id.RepositoryId;
import io.packstone.id.SnapshotId;
import io.packstone.repository.HistoryWatch;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A hash over all that a repository's history says, to be written down and compared later or elsewhere. Records name the
 * ones before them by their hash, so the newest ones stand for all.
 */
public final class Fingerprint {
    /** So many bytes of the hash are shown and compared: nobody finds another history with the same. */
    public static final int LENGTH = 16;

    private final RepositoryId repository;
    private final List<StoredSnapshot> records = new ArrayList<>();

    /** Of a repository as it was listed. */
    public Fingerprint(RepositoryId repository, SnapshotLog.View view) {
        this.repository = repository;
        records.addAll(view.snapshots());
        records.addAll(view.forgotten());
        records.sort(
                Comparator.comparingLong((StoredSnapshot each) -> each.record().order())
                        .thenComparing(each -> each.record().time())
                        .thenComparing(StoredSnapshot::id));
    }

    /** That of the present state: {@link #LENGTH} bytes. */
    public byte[] now() {
        Set<SnapshotId> heads = new HashSet<>();
        records.forEach(record -> follow(heads, record));
        return of(List.copyOf(heads));
    }

    private static void follow(Set<SnapshotId> heads, StoredSnapshot record) {
        heads.add(record.id());
        record.record().links().forEach(heads::remove);
    }

    private byte[] of(List<SnapshotId> heads) {
        return Arrays.copyOf(HistoryWatch.fingerprint(repository, heads), LENGTH);
    }

    /** How many snapshots came since the state that {@code written} is of; -1 when there was no such state. */
    public int snapshotsSince(byte[] written) {
        if (Arrays.equals(now(), written)) {
            return 0;
        }
        Set<SnapshotId> heads = new HashSet<>();
        int since = -1;
        for (int i = 0; i <= records.size(); i++) {
            if (Arrays.equals(of(List.copyOf(heads)), written)) {
                since = records.size() - i;
            }
            if (i < records.size()) {
                follow(heads, records.get(i));
                if (Arrays.equals(of(List.of(records.get(i).id())), written)) {
                    since = records.size() - i - 1;
                }
            }
        }
        return since;
    }
}
