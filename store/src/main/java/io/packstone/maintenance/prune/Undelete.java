package io.packstone.maintenance.prune;

import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.id.ChunkId;
import io.packstone.id.SnapshotId;
import io.packstone.repository.Protocol;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.snapshot.SnapshotState;
import java.io.IOException;
import java.util.List;

/**
 * Brings a forgotten snapshot back, as a new one with the same root and in its place: it is claimed, then all that it leads
 * to is looked for, then it is confirmed. A prune may have been faster.
 */
public final class Undelete {
    private final Repository repository;

    /** In {@code repository}. */
    public Undelete(Repository repository) {
        this.repository = repository;
    }

    /**
     * The new snapshot.
     *
     * @param forgotten one that {@link SnapshotLog.View#forgotten} lists
     * @throws RepositoryException when something that it needs is gone ({@link ErrorKind#MISSING})
     */
    public SnapshotId run(StoredSnapshot forgotten) throws IOException {
        var job = repository.jobs().announce("undelete", repository.randomness());
        try {
            Protocol protocol = repository.protocol();
            SnapshotLog.View view = repository.snapshots().list();
            SnapshotRecord record =
                    forgotten.record().madeFrom(forgotten.id()).linked(view.heads(), view.nextOrder(), job);
            while (true) {
                SnapshotId claim = protocol.claim(record, repository.randomness());
                List<ChunkId> gone = Liveness.missing(repository, record.root());
                if (!gone.isEmpty()) {
                    protocol.refuse(claim);
                    throw gone(forgotten, gone);
                }
                if (protocol.decide(claim, SnapshotState.CONFIRMED)) {
                    protocol.copyState(claim, SnapshotState.CONFIRMED);
                    return claim;
                }
            }
        } finally {
            repository.jobs().end(job);
        }
    }

    private static RepositoryException gone(StoredSnapshot forgotten, List<ChunkId> gone) {
        return new RepositoryException(
                ErrorKind.MISSING,
                null,
                "snapshot " + forgotten.id().toShortHex()
                        + " can't be brought back: a prune has deleted some of what it" + " needs, such as chunk "
                        + gone.get(0).toShortHex());
    }
}
