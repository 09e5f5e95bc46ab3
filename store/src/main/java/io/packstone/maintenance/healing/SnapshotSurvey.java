package io.packstone.maintenance.healing;

import io.packstone.error.ErrorKind;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.index.ChunkLocation;
import io.packstone.maintenance.Survey;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.ChunkSource;
import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.ManifestReader;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.snapshot.RepairRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks snapshots and finds what they need and nothing gives: data chunks with the files they stand in, and parts of
 * manifests. Memory grows with what is lost, not with what there is. For one thread.
 */
final class SnapshotSurvey {
    /** Failures in a row after which the rest of a manifest is given up. */
    private static final int FAILURES_MAX = 1000;

    private static final int PATHS_MAX = 1000;

    private final Repository repository;
    private final Survey survey;
    private final Set<PackId> mended;
    private final ChunkSource source;
    private final Map<ChunkId, LostChunk> lost = new HashMap<>();
    private final List<RepairRecord.Loss> losses = new ArrayList<>();
    private final List<RepairReport.LostPart> lostParts = new ArrayList<>();

    /**
     * Of a repository whose damaged packs are out of use or among {@code mended}.
     *
     * @param source of manifest nodes and recipes
     */
    SnapshotSurvey(Repository repository, Survey survey, Set<PackId> mended, ChunkSource source) {
        this.repository = repository;
        this.survey = survey;
        this.mended = mended;
        this.source = source;
    }

    void run(ProgressListener progress) throws IOException {
        for (StoredSnapshot snapshot : repository.snapshots().list().snapshots()) {
            progress.stage(
                    "look at snapshot " + snapshot.id().toShortHex(),
                    snapshot.record().counts().files(),
                    0);
            walk(snapshot, progress);
        }
    }

    /** Data chunks that are lost, by id. */
    Map<ChunkId, LostChunk> lost() {
        return lost;
    }

    /** The files that are not whole, by snapshot; a lost part of a manifest counts as one, at the folder it begins in. */
    List<RepairRecord.Loss> losses() {
        return losses;
    }

    List<RepairReport.LostPart> lostParts() {
        return lostParts;
    }

    private void walk(StoredSnapshot snapshot, ProgressListener progress) throws IOException {
        ManifestCursor cursor =
                new ManifestReader(source).walk(snapshot.record().root());
        List<RawName> paths = new ArrayList<>();
        long files = 0;
        TreePath last = TreePath.ROOT;
        StoreException failure = null;
        for (int failures = 0; failures < FAILURES_MAX; ) {
            ManifestEntry entry;
            try {
                entry = cursor.next();
            } catch (StoreException e) {
                expectLoss(e);
                failure = failure == null ? e : failure;
                failures++;
                continue;
            }
            if (failure != null) {
                addLostPart(snapshot, last, entry, failure);
                failure = null;
                files++;
                add(paths, TreePath.parse(last.directory()));
            }
            if (entry == null) {
                break;
            }
            failures = 0;
            last = entry.path();
            if (entry.metadata().type() == FileType.FILE) {
                if (!isWhole(entry)) {
                    files++;
                    add(paths, last);
                }
                progress.advance(1, 0);
            }
        }
        if (failure != null) {
            addLostPart(snapshot, last, null, failure);
            files++;
            add(paths, TreePath.parse(last.directory()));
        }
        if (files > 0) {
            losses.add(new RepairRecord.Loss(snapshot.id(), files, paths));
        }
    }

    private static void add(List<RawName> paths, TreePath path) {
        if (paths.size() < PATHS_MAX) {
            paths.add(path.asDirectory());
        }
    }

    /** What is no loss of bytes ends the walk: a format too new, or a key that is not there. */
    private static void expectLoss(StoreException failure) throws StoreException {
        if (failure.kind() == ErrorKind.UNSUPPORTED_FORMAT || failure.kind() == ErrorKind.UNLOCK) {
            throw failure;
        }
    }

    private void addLostPart(
            StoredSnapshot snapshot, TreePath after, @Nullable ManifestEntry before, StoreException failure) {
        lostParts.add(new RepairReport.LostPart(
                snapshot.id(),
                after.toString(),
                before == null ? "the end" : before.path().toString(),
                String.valueOf(failure.getMessage())));
    }

    private boolean isWhole(ManifestEntry entry) throws IOException {
        boolean whole = true;
        BodyReader body = new BodyReader(source, entry.body());
        try {
            while (body.next()) {
                if (!isReadable(body.id())) {
                    whole = false;
                    lost.computeIfAbsent(body.id(), id -> new LostChunk(id, body.length()))
                            .addPlace(new LostChunk.Place(
                                    entry.path(), LostChunk.FileContent.of(entry.body()), body.offset()));
                }
            }
        } catch (StoreException e) {
            expectLoss(e);
            return false; // A list of chunks is lost, and with it where the rest of the file is.
        }
        return whole;
    }

    private boolean isReadable(ChunkId id) throws IOException {
        ChunkLocation first = repository.index().find(id, ChunkType.DATA);
        if (first == null) {
            return false;
        }
        if (isReadable(first, id)) {
            return true;
        }
        for (ChunkLocation location : repository.index().findAll(id, ChunkType.DATA)) {
            if (isReadable(location, id)) {
                return true;
            }
        }
        return false;
    }

    private boolean isReadable(ChunkLocation location, ChunkId id) {
        return mended.contains(location.pack()) || !survey.isLost(location.pack(), id);
    }

    /** A source that asks {@code remedies} for what is lost, and keeps what they have. */
    static ChunkSource healing(Repository repository, ChunkRemedies remedies, RepairOutput output) {
        return (id, type) -> {
            try {
                return repository.chunks().get(id, type);
            } catch (StoreException e) {
                expectLoss(e);
                var found = remedies.byId(id, type);
                if (found == null) {
                    throw e;
                }
                output.store(id, type, found.refs(), found.payload());
                return found;
            }
        };
    }
}
