package io.packstone.maintenance.healing;

import io.packstone.error.ErrorKind;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.ChunkSource;
import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.ManifestReader;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.repository.Repository;
import io.packstone.repository.WriteSession;
import io.packstone.snapshot.SnapshotCounts;
import io.packstone.snapshot.SnapshotRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks a tree that is to become a snapshot again: counts what it holds, names what is lost, and has a session rely on
 * the packs of all the rest, so that its commit checks them. For one thread.
 */
final class RecoveredTree {
    private static final int PROBLEMS_MAX = 1000;

    /** Failures in a row after which the rest of a manifest is given up. */
    private static final int FAILURES_MAX = 1000;

    private final WriteSession session;
    private final ChunkSource source;
    private final List<SnapshotRecord.Problem> problems = new ArrayList<>();
    private long problemCount;
    private long files;
    private long directories;
    private long others;
    private long bytes;

    RecoveredTree(Repository repository, WriteSession session) {
        this.session = session;
        this.source = (id, type) -> {
            session.isStored(id, type);
            return repository.chunks().get(id, type);
        };
    }

    void walk(ChunkId root) throws IOException {
        ManifestCursor cursor = new ManifestReader(source).walk(root);
        TreePath last = TreePath.ROOT;
        int failures = 0;
        while (failures < FAILURES_MAX) {
            try {
                ManifestEntry entry = cursor.next();
                if (entry == null) {
                    return;
                }
                failures = 0;
                last = entry.path();
                add(entry);
            } catch (StoreException e) {
                expectLoss(e);
                failures++;
                problem(last, "what the manifest lists after this is lost: " + e.getMessage());
            }
        }
    }

    private static void expectLoss(StoreException failure) throws StoreException {
        if (failure.kind() == ErrorKind.UNSUPPORTED_FORMAT || failure.kind() == ErrorKind.UNLOCK) {
            throw failure;
        }
    }

    private void add(ManifestEntry entry) throws IOException {
        switch (entry.metadata().type()) {
            case FILE -> {
                files++;
                bytes += entry.body().plainLength();
                addFile(entry);
            }
            case DIRECTORY -> directories++;
            default -> others++;
        }
    }

    private void addFile(ManifestEntry entry) throws IOException {
        try {
            long lost = 0;
            BodyReader body = new BodyReader(source, entry.body());
            while (body.next()) {
                lost += session.isStored(body.id(), ChunkType.DATA) ? 0 : body.length();
            }
            if (lost > 0) {
                problem(entry.path(), lost + " bytes of it are lost");
            }
        } catch (StoreException e) {
            expectLoss(e);
            problem(entry.path(), "it is lost: " + e.getMessage());
        }
    }

    private void problem(TreePath path, String message) {
        problemCount++;
        if (problems.size() < PROBLEMS_MAX) {
            problems.add(new SnapshotRecord.Problem(path.absolute(), message));
        }
    }

    List<SnapshotRecord.Problem> problems() {
        return problems;
    }

    long problemCount() {
        return problemCount;
    }

    SnapshotCounts counts() {
        return new SnapshotCounts(files, directories, others, bytes, 0, 0, files, 0, 0, 0);
    }

    /** The longest path that all of a tree lies below, as it was probably given. */
    static RawName top(Repository repository, ChunkId root) throws IOException {
        TreePath path = TreePath.ROOT;
        while (true) {
            ManifestCursor cursor = repository.manifests().below(root, path.asDirectory(), false);
            ManifestEntry only = cursor.next();
            boolean single = only != null && only.metadata().type() == FileType.DIRECTORY && cursor.next() == null;
            if (!single) {
                return path.absolute();
            }
            path = only.path();
        }
    }
}
