package io.packstone.maintenance;

import io.packstone.backend.ObjectNames;
import io.packstone.id.PackId;
import io.packstone.pack.PackTable;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.util.List;

/** Counts what a repository holds. */
public final class Stats {
    private final Repository repository;

    /** Of {@code repository}, whose index must be loaded. */
    public Stats(Repository repository) {
        this.repository = repository;
    }

    /**
     * The counts.
     *
     * @param files in all snapshots together, each as often as it stands in one
     * @param bytes of those files
     * @param bytesUnique plain bytes of all chunks
     * @param bytesStored length of all objects
     * @param unreadable snapshots that could not be counted
     */
    public record Report(
            long snapshots,
            long files,
            long bytes,
            long chunks,
            long bytesUnique,
            long bytesStored,
            long packs,
            List<SnapshotLog.Unreadable> unreadable) {}

    /** Counts. */
    public Report run() throws IOException {
        SnapshotLog.View view = repository.snapshots().list();
        List<StoredSnapshot> snapshots = view.snapshots();
        long files = 0;
        long bytes = 0;
        for (StoredSnapshot snapshot : snapshots) {
            files += snapshot.record().counts().files();
            bytes += snapshot.record().counts().bytes();
        }
        long[] counts = new long[3];
        repository.index().forEachPack((PackId id, long length) -> {
            PackTable table = repository.index().table(id);
            counts[0]++;
            counts[1] += table.rowCount();
            for (int block = 0; block < table.blockCount(); block++) {
                counts[2] += table.blockPlainLength(block);
            }
        });
        long[] stored = new long[1];
        for (String folder : List.of(
                ObjectNames.CONFIG,
                ObjectNames.KEYS,
                ObjectNames.PACKS,
                ObjectNames.INDEX,
                ObjectNames.SNAPSHOTS,
                ObjectNames.PARITY)) {
            repository.backend().list(folder, (name, length) -> stored[0] += length);
        }
        return new Report(
                snapshots.size(), files, bytes, counts[1], counts[2], stored[0], counts[0], view.unreadable());
    }
}
