package io.packstone.maintenance.healing;

import io.packstone.id.ChunkId;
import io.packstone.manifest.FileBody;
import io.packstone.metadata.TreePath;
import java.util.ArrayList;
import java.util.List;

/** A data chunk that snapshots need and no pack gives, and some places in files where it stood. */
final class LostChunk {
    private static final int PLACES_MAX = 8;

    private final ChunkId id;
    private final int length;
    private final List<Place> places = new ArrayList<>();

    /** In the file of that path and body, from that offset on. */
    record Place(TreePath path, FileContent file, long offset) {}

    /** What tells a file's bytes from others without knowing them. */
    record FileContent(long length, int crc32c) {
        static FileContent of(FileBody body) {
            return new FileContent(body.plainLength(), body.crc32c());
        }
    }

    LostChunk(ChunkId id, int length) {
        this.id = id;
        this.length = length;
    }

    ChunkId id() {
        return id;
    }

    int length() {
        return length;
    }

    List<Place> places() {
        return places;
    }

    void addPlace(Place place) {
        if (places.size() < PLACES_MAX && !places.contains(place)) {
            places.add(place);
        }
    }
}
