package io.packstone.maintenance.healing;

import io.packstone.crypto.ChunkHasher;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.ChunkSource.StoredChunk;
import io.packstone.manifest.FileBody;
import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileType;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the bytes of lost chunks elsewhere: by id where the other repository has our keys, by the length and checksum
 * of the file they stand in where it has not, in the files themselves. Nothing is believed but what has the chunk's id
 * under our key. For one thread.
 */
final class ChunkRemedies {
    private final RepairOptions options;
    private final ChunkHasher hasher;
    private final boolean sameKeys;
    private final Map<LostChunk.FileContent, FileBody> otherFiles = new HashMap<>();
    private final Map<String, Long> found = new TreeMap<>();
    private final Set<ChunkId> counted = new HashSet<>();

    ChunkRemedies(Repository repository, RepairOptions options) {
        this.options = options;
        this.hasher = new ChunkHasher(repository.keys().idKey());
        Repository other = options.other();
        this.sameKeys = other != null && other.id().equals(repository.id());
    }

    /** A chunk from the mirror, of any type; null when it has none that is right. */
    @Nullable
    StoredChunk byId(ChunkId id, ChunkType type) throws IOException {
        Repository other = options.other();
        if (other == null || !sameKeys) {
            return null;
        }
        try {
            StoredChunk chunk = other.chunks().get(id, type);
            byte[] payload = chunk.payload();
            boolean right = hasher.id(type, chunk.refs(), chunk.refCount(), payload, 0, payload.length)
                    .equals(id);
            return right ? count("mirror", id, chunk) : null;
        } catch (StoreException e) {
            return null; // Lost there as well.
        }
    }

    private <T> T count(String means, ChunkId id, T value) {
        if (counted.add(id)) {
            found.merge(means, 1L, Long::sum);
        }
        return value;
    }

    /** How many chunks were found, by where. */
    Map<String, Long> found() {
        return found;
    }

    /** Looks through the other repository for the files that these chunks stand in, so that {@link #data} finds them. */
    void seek(Collection<LostChunk> lost) throws IOException {
        Repository other = options.other();
        if (other == null || sameKeys) {
            return;
        }
        Set<LostChunk.FileContent> wanted = new HashSet<>();
        lost.forEach(chunk -> chunk.places().forEach(place -> wanted.add(place.file())));
        List<StoredSnapshot> newestFirst =
                new ArrayList<>(other.snapshots().list().snapshots());
        Collections.reverse(newestFirst);
        for (StoredSnapshot snapshot : newestFirst) {
            if (wanted.size() == otherFiles.size()) {
                return;
            }
            ManifestCursor cursor = other.manifests().walk(snapshot.record().root());
            try {
                for (ManifestEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
                    LostChunk.FileContent content = LostChunk.FileContent.of(entry.body());
                    if (entry.metadata().type() == FileType.FILE && wanted.contains(content)) {
                        otherFiles.putIfAbsent(content, entry.body());
                    }
                }
            } catch (StoreException e) {
                continue; // What that snapshot no longer tells another may.
            }
        }
    }

    /** The bytes of a data chunk; null when nobody has them. */
    byte @Nullable [] data(LostChunk chunk) throws IOException {
        StoredChunk mirrored = byId(chunk.id(), ChunkType.DATA);
        if (mirrored != null) {
            return mirrored.payload();
        }
        for (LostChunk.Place place : chunk.places()) {
            byte[] bytes = fromOther(place, chunk.length());
            if (isRight(chunk, bytes)) {
                return count("other", chunk.id(), bytes);
            }
        }
        for (LostChunk.Place place : chunk.places()) {
            byte[] bytes = options.files().read(place.path().absolute(), place.offset(), chunk.length());
            if (isRight(chunk, bytes)) {
                return count("files", chunk.id(), bytes);
            }
        }
        return null;
    }

    private boolean isRight(LostChunk chunk, byte @Nullable [] bytes) {
        return bytes != null
                && bytes.length == chunk.length()
                && hasher.id(ChunkType.DATA, new byte[0], 0, bytes, 0, bytes.length)
                        .equals(chunk.id());
    }

    private byte @Nullable [] fromOther(LostChunk.Place place, int length) throws IOException {
        Repository other = options.other();
        FileBody body = otherFiles.get(place.file());
        if (other == null || body == null) {
            return null;
        }
        byte[] bytes = new byte[length];
        try {
            BodyReader reader = new BodyReader(other.chunks(), body);
            reader.seek(place.offset());
            int filled = 0;
            while (filled < length && reader.next()) {
                byte[] payload = other.chunks().get(reader.id(), ChunkType.DATA).payload();
                int from = (int) (place.offset() + filled - reader.offset());
                int count = Math.min(length - filled, payload.length - from);
                System.arraycopy(payload, from, bytes, filled, count);
                filled += count;
            }
            return filled == length ? bytes : null;
        } catch (StoreException e) {
            return null; // Lost there as well.
        }
    }
}
