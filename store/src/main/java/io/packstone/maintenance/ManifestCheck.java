package io.packstone.maintenance;

import io.packstone.backend.ObjectNames;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.SnapshotId;
import io.packstone.index.ChunkLocation;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.ChunkSource;
import io.packstone.manifest.ChunkSource.StoredChunk;
import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.ManifestReader;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks manifests and follows every reference to a pack that is there. What snapshots share is walked for the first of them
 * only, unless something is amiss below it: then for each, since each is to be named. For one thread.
 */
final class ManifestCheck implements ChunkSource, ManifestCursor.Passage {
    /** Failures in a row after which the rest of a manifest is given up. */
    private static final int FAILURES_MAX = 1000;

    private final Repository repository;
    private final PackCheck packs;
    private final DamageList damage;
    private final Set<PackId> unspoken;
    private @Nullable SnapshotId snapshot;
    private RawName path = RawName.EMPTY;
    private final CheckedNodes checked = new CheckedNodes();
    private final Deque<Before> entered = new ArrayDeque<>();
    private ProgressListener progress = ProgressListener.NONE;
    private long chunks;
    private long amiss;

    /** How much there was when a node was entered. */
    private record Before(long chunks, long amiss) {}

    ManifestCheck(Repository repository, PackCheck packs, DamageList damage) throws IOException {
        this.repository = repository;
        this.packs = packs;
        this.damage = damage;
        unspoken = packs.unspoken();
    }

    /** Checks one snapshot; how many chunks of files it has. */
    long run(StoredSnapshot stored, ProgressListener listener) throws IOException {
        listener.stage(
                "check snapshot " + stored.id().toShortHex(),
                stored.record().counts().files(),
                0);
        snapshot = stored.id();
        progress = listener;
        path = RawName.EMPTY;
        chunks = 0;
        entered.clear();
        ManifestCursor cursor = new ManifestReader(this).walk(stored.record().root(), this);
        StoreException lost = null;
        for (int failures = 0; failures < FAILURES_MAX; ) {
            try {
                ManifestEntry entry = cursor.next();
                RawName here = entry == null ? RawName.EMPTY : entry.path().asDirectory();
                tellLost(lost, here);
                lost = null;
                failures = 0;
                if (entry == null) {
                    return chunks;
                }
                path = here;
                if (entry.metadata().type() == FileType.FILE) {
                    file(entry);
                    progress.advance(1, 0);
                }
            } catch (StoreException e) {
                lost = lost == null ? e : lost;
                failures++;
                amiss++;
            }
        }
        tellLost(lost, RawName.EMPTY);
        return chunks;
    }

    @Override
    public boolean isKnown(ManifestCursor.Place place) {
        long known = checked.find(place);
        if (known >= 0) {
            path = place.last() == null ? path : place.last().asDirectory();
            chunks += known;
            progress.advance(place.totals().files(), 0);
        }
        return known >= 0;
    }

    @Override
    public void entered(ManifestCursor.Place place) {
        entered.addLast(new Before(chunks, amiss));
    }

    @Override
    public void left(ManifestCursor.Place place) {
        Before before = entered.removeLast();
        if (before.amiss() == amiss) {
            checked.add(place, chunks - before.chunks());
        }
    }

    /** A part of the manifest between the last entry and {@code next} can't be read: something below the folder of both. */
    private void tellLost(@Nullable StoreException cause, RawName next) {
        if (cause != null) {
            damage.add(cause);
            touches(DamageList.objectOf(cause), commonFolder(path, next));
        }
    }

    private static RawName commonFolder(RawName before, RawName after) {
        int common = 0;
        int length = Math.min(before.length(), after.length());
        for (int i = 0; i < length && before.at(i) == after.at(i); i++) {
            common = before.at(i) == '/' ? i : common;
        }
        return RawName.of(before.array(), 0, common);
    }

    private void touches(String object, RawName where) {
        amiss++;
        if (snapshot != null) {
            damage.touches(object, snapshot, TreePath.parse(where).toString());
        }
    }

    private void file(ManifestEntry entry) throws IOException {
        try {
            BodyReader body = new BodyReader(this, entry.body());
            while (body.next()) {
                chunks++;
                chunk(body.id());
            }
        } catch (StoreException e) {
            damage.add(e);
            touches(DamageList.objectOf(e), path);
        }
    }

    private void chunk(ChunkId id) throws IOException {
        ChunkLocation location = repository.chunks().locate(id, ChunkType.DATA);
        if (location == null) {
            String object = "chunk " + id;
            damage.add(object, "missing", object + " is in no pack that is known");
            touches(object, path);
        } else if (packs.isLost(location.pack(), id) && !another(id)) {
            touches(ObjectNames.pack(location.pack()), path);
        }
        spokenOf(id, ChunkType.DATA, location);
    }

    private boolean another(ChunkId id) throws IOException {
        for (ChunkLocation location : repository.index().findAll(id, ChunkType.DATA)) {
            if (!packs.isLost(location.pack(), id)) {
                return true;
            }
        }
        return false;
    }

    /** Nodes and recipes come through here. */
    @Override
    public StoredChunk get(ChunkId id, ChunkType type) throws IOException {
        StoredChunk chunk = repository.chunks().get(id, type);
        if (!unspoken.isEmpty()) {
            spokenOf(id, type, repository.index().find(id, type));
        }
        return chunk;
    }

    /** A killed prune leaves packs no segment speaks of, with copies of what others have: nothing is amiss then. */
    private boolean isSpokenOf(ChunkId id, ChunkType type) throws IOException {
        for (ChunkLocation location : repository.index().findAll(id, type)) {
            if (!unspoken.contains(location.pack()) && !packs.isLost(location.pack(), id)) {
                return true;
            }
        }
        return false;
    }

    private void spokenOf(ChunkId id, ChunkType type, @Nullable ChunkLocation location) throws IOException {
        if (location != null && unspoken.contains(location.pack()) && !isSpokenOf(id, type)) {
            String object = ObjectNames.pack(location.pack());
            damage.add(
                    object,
                    "unindexed",
                    "no index segment speaks of " + object
                            + ", though snapshots need it: a segment was lost; nothing else"
                            + " is, but each command takes longer until the next snapshot of the same paths");
            touches(object, path);
        }
    }
}
