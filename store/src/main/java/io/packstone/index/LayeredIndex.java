package io.packstone.index;

import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.pack.PackTable;
import io.packstone.segment.SegmentReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The index of whoever did not get the lasting one: a view of that as it was at open, when there is one, and over it an
 * index of its own for all that the view does not know. What is its own is deleted at close. No view ever changes.
 */
final class LayeredIndex implements ChunkIndex {
    private final PrivateFolder folder;
    private final RocksIndex own;
    private final Set<PackId> removed = ConcurrentHashMap.newKeySet();
    private final Set<SegmentId> forgotten = ConcurrentHashMap.newKeySet();
    private volatile @Nullable RocksIndex view;
    private final @Nullable RocksIndex opened;

    /** Takes over all three. Packs of the view that no segment speaks of are its owner's alone: they are not seen. */
    LayeredIndex(@Nullable RocksIndex view, RocksIndex own, PrivateFolder folder) throws IOException {
        if (view != null) {
            for (PackId lone : view.lonePacks()) {
                removed.add(lone);
                view.exclude(lone);
            }
        }
        this.view = view;
        this.opened = view;
        this.own = own;
        this.folder = folder;
    }

    @Override
    public @Nullable ChunkLocation find(ChunkId id, ChunkType type) throws IOException {
        RocksIndex below = view;
        ChunkLocation location = own.findNear(id, type);
        if (location == null && below != null) {
            location = below.findNear(id, type);
        }
        if (location == null) {
            location = own.findStored(id, type);
        }
        if (location == null && below != null) {
            location = below.findStored(id, type);
        }
        return location;
    }

    @Override
    public List<ChunkLocation> findAll(ChunkId id, ChunkType type) throws IOException {
        RocksIndex below = view;
        List<ChunkLocation> locations = new ArrayList<>(own.findAll(id, type));
        if (below != null) {
            locations.addAll(below.findAll(id, type));
        }
        return locations;
    }

    @Override
    public Set<SegmentId> segments() {
        RocksIndex below = view;
        Set<SegmentId> segments = below == null ? new HashSet<>() : below.segments();
        segments.removeAll(forgotten);
        segments.addAll(own.segments());
        return segments;
    }

    @Override
    public boolean hasSegment(SegmentId id) {
        RocksIndex below = view;
        return own.hasSegment(id) || below != null && below.hasSegment(id) && !forgotten.contains(id);
    }

    @Override
    public void forgetSegment(SegmentId id) throws IOException {
        forgotten.add(id);
        own.forgetSegment(id);
    }

    @Override
    public void addSegment(SegmentId id, SegmentReader segment) throws IOException {
        if (!hasSegment(id)) {
            own.addSegment(id, segment, this::viewHasPack);
        }
    }

    @Override
    public void addSegments(Collection<SegmentId> ids, SegmentSource source, DamageListener damages)
            throws IOException {
        List<SegmentId> missing = ids.stream().filter(id -> !hasSegment(id)).toList();
        own.addSegments(missing, source, damages, this::viewHasPack);
    }

    @Override
    public void addPack(PackId id, long length, PackTable table) throws IOException {
        if (!viewHasPack(id)) {
            own.addPack(id, length, table);
        }
    }

    @Override
    public Set<PackId> lonePacks() throws IOException {
        return own.lonePacks();
    }

    private boolean viewHasPack(PackId id) throws IOException {
        RocksIndex below = view;
        return below != null && !removed.contains(id) && below.hasPack(id);
    }

    @Override
    public boolean hasPack(PackId id) throws IOException {
        return own.hasPack(id) || viewHasPack(id);
    }

    @Override
    public long packLength(PackId id) throws IOException {
        RocksIndex below = view;
        return below != null && viewHasPack(id) ? below.packLength(id) : own.packLength(id);
    }

    @Override
    public PackTable table(PackId id) throws IOException {
        RocksIndex below = view;
        return below != null && viewHasPack(id) ? below.table(id) : own.table(id);
    }

    @Override
    public void removePack(PackId id) throws IOException {
        own.removePack(id);
        RocksIndex below = view;
        if (below != null && below.hasPack(id)) {
            removed.add(id);
            below.exclude(id);
        }
    }

    @Override
    public void forEachPack(PackVisitor visitor) throws IOException {
        RocksIndex below = view;
        if (below != null) {
            below.forEachPack((pack, length) -> {
                if (!removed.contains(pack)) {
                    visitor.visit(pack, length);
                }
            });
        }
        own.forEachPack(visitor);
    }

    @Override
    public long chunkCount() throws IOException {
        RocksIndex below = view;
        long count = own.chunkCount();
        if (below != null) {
            count += below.chunkCount();
            for (PackId pack : removed) {
                count -= below.chunkCount(pack);
            }
        }
        return count;
    }

    @Override
    public void exclude(PackId id) {
        own.exclude(id);
        RocksIndex below = view;
        if (below != null) {
            below.exclude(id);
        }
    }

    @Override
    public void clear() throws IOException {
        view = null;
        removed.clear();
        forgotten.clear();
        own.clear();
    }

    @Override
    public boolean rebuilt() {
        return false;
    }

    @Override
    public void settle() throws IOException {
        own.settle();
    }

    @Override
    public void close() throws IOException {
        if (opened != null) {
            opened.close();
        }
        own.close();
        folder.close();
    }
}
