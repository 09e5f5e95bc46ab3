package io.packstone.bundle;

import io.packstone.id.SnapshotId;
import io.packstone.repository.StoredSnapshot;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a bundle holds of its snapshot; the number is the stored one. */
public enum BundleKind {
    /** Everything that it needs. */
    FULL,
    /** What it needs and another snapshot does not. */
    DIFFERENTIAL,
    /** The same, where the other one is the snapshot that it was taken after. */
    INCREMENTAL;

    private static final BundleKind[] ALL = values();

    int number() {
        return ordinal();
    }

    /** Null for a number that is none. */
    static @Nullable BundleKind of(int number) {
        return number < 0 || number >= ALL.length ? null : ALL[number];
    }

    /** The kind of a bundle of {@code snapshot} for those who have {@code base}. */
    static BundleKind of(StoredSnapshot snapshot, @Nullable StoredSnapshot base) {
        if (base == null) {
            return FULL;
        }
        SnapshotId parent = snapshot.record().parent();
        return base.id().equals(parent) ? INCREMENTAL : DIFFERENTIAL;
    }

    /** As people write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
