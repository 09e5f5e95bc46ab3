package io.packstone.browse;

import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileType;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.source.rules.GlobFilter;
import java.io.IOException;
import java.util.List;

/** Finds files by pattern in snapshots. */
public final class Finder {
    private final Repository repository;

    /** In {@code repository}, whose index must be loaded. */
    public Finder(Repository repository) {
        this.repository = repository;
    }

    /** Told of each entry that fits. */
    public interface Visitor {
        /** One entry of one snapshot. */
        void found(StoredSnapshot snapshot, ManifestEntry entry) throws IOException;
    }

    /** Tells of every entry that {@code filter} picks. */
    public void find(GlobFilter filter, List<StoredSnapshot> snapshots, Visitor visitor) throws IOException {
        for (StoredSnapshot snapshot : snapshots) {
            ManifestCursor cursor =
                    repository.manifests().walk(snapshot.record().root());
            for (ManifestEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
                boolean folder = entry.metadata().type() == FileType.DIRECTORY;
                if (filter.picks(entry.path(), folder)) {
                    visitor.found(snapshot, entry);
                }
            }
        }
    }
}
