package io.packstone.backup.former;

import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.repository.StoredSnapshot;
import io.packstone.snapshot.Fidelity;
import io.packstone.source.Unread;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot before has at a path.
 *
 * @param snapshot the one that has it
 * @param isTakenOver whether it is used again, unread, when it is as it was
 */
public record FormerEntry(ManifestEntry entry, StoredSnapshot snapshot, boolean isTakenOver) {
    /** Null when there is no entry. */
    public static @Nullable FormerEntry of(
            @Nullable ManifestEntry entry, StoredSnapshot snapshot, boolean isTakenOver) {
        return entry == null ? null : new FormerEntry(entry, snapshot, isTakenOver);
    }

    /**
     * True for metadata as they were, whose inode was last changed well before the snapshot was begun: a change in the same
     * tick of the file system's clock could not be told apart.
     */
    public boolean isSettled(FileMetadata now) {
        FileMetadata before = entry.metadata();
        long begun = snapshot.record().time().seconds();
        return now.looksUnchangedSince(before) && before.fingerprint().changed().seconds() < begun - 1;
    }

    /** True for a file of which all but the bytes say that it is the same. */
    public boolean seemsUnchanged(FileMetadata now) {
        return !entry.changedWhileRead() && entry.metadata().type() == FileType.FILE && isSettled(now);
    }

    /** True when it has all attributes that would be read now; {@code trusted} is whether those of the superuser are seen. */
    public boolean knowsAttributes(boolean trusted) {
        Fidelity fidelity = snapshot.record().fidelity();
        return fidelity != null
                && fidelity.isWhole(Unread.Kind.ATTRIBUTES.word())
                && fidelity.isWhole(Unread.Kind.LONG_ATTRIBUTES.word())
                && (!trusted || fidelity.isWhole(Fidelity.TRUSTED));
    }
}
