package io.packstone.browse;

import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileType;
import io.packstone.metadata.TreePath;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;

/** Lists folders of snapshots. */
public final class Listing {
    private final Repository repository;

    /** Of snapshots in {@code repository}, whose index must be loaded. */
    public Listing(Repository repository) {
        this.repository = repository;
    }

    /** Told of each entry, in the manifest's order. */
    public interface Visitor {
        /** One entry. */
        void entry(ManifestEntry entry) throws IOException;
    }

    /** Lists what is in the folder {@code path}, or everything below it; of anything but a folder, itself. */
    public void list(StoredSnapshot snapshot, TreePath path, boolean recursive, Visitor visitor) throws IOException {
        ManifestEntry top = path.isRoot()
                ? null
                : repository.manifests().find(snapshot.record().root(), path);
        if (top != null && top.metadata().type() != FileType.DIRECTORY) {
            visitor.entry(top);
            return;
        }
        ManifestCursor cursor = repository.manifests().below(snapshot.record().root(), path.asDirectory(), recursive);
        for (ManifestEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
            visitor.entry(entry);
        }
    }
}
