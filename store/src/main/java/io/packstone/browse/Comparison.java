package io.packstone.browse;

import io.packstone.manifest.ManifestDiff;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.TreePath;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Compares two snapshots; costs what differs. */
public final class Comparison {
    private final Repository repository;

    /** Of snapshots in {@code repository}, whose index must be loaded. */
    public Comparison(Repository repository) {
        this.repository = repository;
    }

    /** Told of each difference, in the manifest's order. */
    public interface Visitor {
        /** One path. */
        void differs(TreePath path, Change change) throws IOException;
    }

    /** Tells what changed from {@code before} to {@code after}. Inodes and change times don't count. */
    public void diff(StoredSnapshot before, StoredSnapshot after, Visitor visitor) throws IOException {
        new ManifestDiff(repository.chunks())
                .diff(before.record().root(), after.record().root(), (a, b) -> {
                    Change change = change(a, b);
                    ManifestEntry entry = b == null ? a : b;
                    if (change != null && entry != null) {
                        visitor.differs(entry.path(), change);
                    }
                });
    }

    private static @Nullable Change change(@Nullable ManifestEntry a, @Nullable ManifestEntry b) {
        if (a == null || b == null) {
            return a == null ? Change.ADDED : Change.REMOVED;
        }
        FileMetadata x = a.metadata();
        FileMetadata y = b.metadata();
        if (x.type() != y.type()) {
            return Change.TYPE;
        }
        if (!a.body().equals(b.body()) || !x.linkTarget().equals(y.linkTarget())) {
            return Change.CONTENT;
        }
        return a.looksLike(b) ? null : Change.METADATA;
    }
}
