package io.packstone.repository;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Sealer;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.StoreException;
import io.packstone.format.Footer;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.index.ChunkIndex;
import io.packstone.pack.PackTable;
import io.packstone.pack.PackTableFormat;
import io.packstone.repository.objects.BackendBytes;
import io.packstone.segment.RandomBytes;
import io.packstone.segment.SegmentReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings the index up to what the repository holds: from index segments, and from the tables of packs for what no
 * readable segment speaks of.
 */
public final class IndexLoader {
    private static final int ATTEMPTS = 4;
    private static final int READ_WHOLE_MAX = 4 << 20;

    private final Backend backend;
    private final KeyRing keys;
    private final ChunkIndex index;
    private final DamageListener damages;
    private volatile boolean restLoaded;
    private final Set<PackId> retired = ConcurrentHashMap.newKeySet();

    /** {@code damages} is told of what {@link #loadRest} can't read. */
    IndexLoader(Backend backend, KeyRing keys, ChunkIndex index, DamageListener damages) {
        this.backend = backend;
        this.keys = keys;
        this.index = index;
        this.damages = damages;
    }

    /** From now on answers nothing from this pack: a repair has stored elsewhere what could be read of it. */
    public void retire(PackId pack) {
        retired.add(pack);
        index.exclude(pack);
    }

    /** True for a pack that a repair has taken out of use. */
    public boolean isRetired(PackId pack) {
        return retired.contains(pack);
    }

    /** Told of what could not be read; loading goes on without it. */
    public interface DamageListener {
        /** One damaged or missing object. */
        void damaged(StoreException cause);
    }

    /**
     * Adds the segments the index does not know. When one is damaged, the tables of all packs that are not indexed are
     * read instead.
     */
    public void loadSegments(DamageListener listener) throws IOException {
        int attempt = 1;
        while (!tryLoadSegments(listener, attempt == ATTEMPTS)) {
            attempt++;
        }
    }

    /** The segments there are, with their lengths. */
    public Map<SegmentId, Long> listSegments() throws IOException {
        Map<SegmentId, Long> present = new LinkedHashMap<>();
        backend.list(ObjectNames.INDEX, (name, length) -> {
            SegmentId id = ObjectNames.segmentId(name);
            if (id != null) {
                present.put(id, length);
            }
        });
        return present;
    }

    /** False when a segment was gone before it was read, and it is not the {@code last} time: others took its place. */
    private boolean tryLoadSegments(DamageListener listener, boolean last) throws IOException {
        restLoaded = false;
        Map<SegmentId, Long> present = listSegments();
        if (!present.keySet().containsAll(index.segments())) {
            index.clear();
        }
        List<SegmentId> missing = new ArrayList<>(present.keySet());
        missing.removeAll(index.segments());
        Map<SegmentId, StoreException> damaged = new LinkedHashMap<>();
        boolean[] loaded = new boolean[1];
        index.addSegments(missing, id -> open(id, present.get(id)), (id, cause) -> {
            if (loaded[0]) {
                restLoaded = false; // An index that reads segments when it is asked meets damage as late as that.
                listener.damaged(cause);
            } else {
                damaged.put(id, cause);
            }
        });
        loaded[0] = true;
        if (damaged.isEmpty()) {
            return true;
        }
        if (!last && damaged.values().stream().anyMatch(cause -> cause.kind() == ErrorKind.MISSING)) {
            return false;
        }
        damaged.keySet().removeAll(superseded(present));
        damaged.values().forEach(listener::damaged);
        if (!damaged.isEmpty()) {
            restLoaded = false;
            loadPacks(listener);
        }
        return true;
    }

    /**
     * Reads the tables of all packs that are not indexed, once after each {@link #loadSegments}: for a reader who misses a
     * chunk, since a segment may be lost that spoke of it.
     */
    public synchronized void loadRest() throws IOException {
        if (!restLoaded) {
            loadRestAgain();
        }
    }

    /** Those of which a segment that can be read says that it has all they have. */
    private Set<SegmentId> superseded(Map<SegmentId, Long> present) throws IOException {
        Set<SegmentId> superseded = new HashSet<>();
        for (Map.Entry<SegmentId, Long> segment : present.entrySet()) {
            if (index.hasSegment(segment.getKey())) {
                try {
                    superseded.addAll(open(segment.getKey(), segment.getValue()).superseded());
                } catch (StoreException e) {
                    continue; // It was read before; what is wrong with it now is found by a check.
                }
            }
        }
        return superseded;
    }

    /** As {@link #loadRest}, even if that was done: for a reader who misses a pack. */
    public synchronized void loadRestAgain() throws IOException {
        loadPacks(damages);
        restLoaded = true;
    }

    /** Opens a segment; a short one is read whole, so that it can be used even when another takes its place meanwhile. */
    public SegmentReader open(SegmentId id, long length) throws IOException {
        String name = ObjectNames.segment(id);
        if (length <= READ_WHOLE_MAX) {
            return SegmentReader.open(RandomBytes.of(backend.get(name, READ_WHOLE_MAX)), keys, name);
        }
        return SegmentReader.open(new BackendBytes(backend, name, length), keys, name);
    }

    /** Adds every pack that the index does not know, from its own table; returns those added. */
    public List<PackId> loadPacks(DamageListener listener) throws IOException {
        Map<PackId, Long> unknown = new LinkedHashMap<>();
        backend.list(ObjectNames.PACKS, (name, length) -> {
            PackId id = ObjectNames.packId(name);
            if (id != null && !index.hasPack(id) && !isRetired(id)) {
                unknown.put(id, length);
            }
        });
        List<PackId> added = new ArrayList<>();
        for (Map.Entry<PackId, Long> pack : unknown.entrySet()) {
            try {
                index.addPack(pack.getKey(), pack.getValue(), table(pack.getKey(), pack.getValue()));
                added.add(pack.getKey());
            } catch (StoreException e) {
                listener.damaged(e);
            }
        }
        return added;
    }

    /** Reads a pack's own table. */
    public PackTable table(PackId id, long length) throws IOException {
        String name = ObjectNames.pack(id);
        if (length < PackTableFormat.BLOCKS_OFFSET + Footer.LENGTH) {
            throw new CorruptionException(name, length, "a whole pack", length + " bytes");
        }
        byte[] header = new byte[Frame.HEADER_LENGTH];
        backend.read(name, 0, header, 0, header.length);
        Frame.expectRepository(keys.repository(), Frame.checkHeader(FrameKind.PACK, header, 0, name), name);
        byte[] end = new byte[Footer.LENGTH];
        backend.read(name, length - end.length, end, 0, end.length);
        Footer footer = Footer.decode(end, 0, length, name);
        Frame.expectRepository(keys.repository(), footer.repository(), name);
        byte[] sealed = new byte[Math.toIntExact(footer.tableStoredLength())];
        backend.read(name, footer.tableOffset(), sealed, 0, sealed.length);
        byte[] plain = new byte[Math.toIntExact(footer.tablePlainLength())];
        new Sealer()
                .open(
                        keys.packTableKey(),
                        PackTableFormat.associatedData(keys.repository()),
                        sealed,
                        0,
                        sealed.length,
                        plain,
                        0,
                        "the table of " + name);
        return PackTableFormat.decode(plain, "the table of " + name, footer.tableOffset());
    }
}
