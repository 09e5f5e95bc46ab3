package io.packstone.repository;

import io.packstone.crypto.ChunkHasher;
import io.packstone.crypto.KeyRing;
import io.packstone.error.CorruptionException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.index.ChunkIndex;
import io.packstone.index.ChunkLocation;
import io.packstone.manifest.ChunkSource;
import io.packstone.manifest.ChunkSource.StoredChunk;
import io.packstone.pack.PackTable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Chunks by id: looked up, opened, and given out only when the id computed from what was opened is the one asked for.
 * A copy that is damaged or can't be read is passed over for the next one. Thread-safe.
 */
public final class ChunkStore implements ChunkSource {
    private final ChunkIndex index;
    private final IndexLoader loader;
    private final BlockStore blocks;
    private final KeyRing keys;
    private final Set<PackId> lookedFor = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<ChunkHasher> hashers = new ConcurrentLinkedQueue<>();

    ChunkStore(ChunkIndex index, IndexLoader loader, BlockStore blocks, KeyRing keys) {
        this.index = index;
        this.loader = loader;
        this.blocks = blocks;
        this.keys = keys;
    }

    /**
     * Where a chunk that a snapshot needs is stored; null when it is nowhere. One that the index does not know is looked
     * for in the packs themselves: the segment that spoke of it may be lost.
     */
    public @Nullable ChunkLocation locate(ChunkId id, ChunkType type) throws IOException {
        ChunkLocation location = index.find(id, type);
        if (location == null) {
            loader.loadRest();
            location = index.find(id, type);
        }
        return location;
    }

    @Override
    public StoredChunk get(ChunkId id, ChunkType type) throws IOException {
        ChunkLocation first = locate(id, type);
        if (first == null) {
            throw new MissingObjectException("chunk " + id.toShortHex(), "a manifest");
        }
        try {
            return read(id, first);
        } catch (StoreException e) {
            loader.loadRest();
            StoredChunk other = readAnother(id, type, first);
            if (other == null && e instanceof MissingObjectException && lookedFor.add(first.pack())) {
                loader.loadRestAgain(); // A prune may have put what the pack held elsewhere.
                other = readAnother(id, type, first);
            }
            if (other == null) {
                throw e;
            }
            return other;
        }
    }

    private @Nullable StoredChunk readAnother(ChunkId id, ChunkType type, ChunkLocation tried) throws IOException {
        for (ChunkLocation location : index.findAll(id, type)) {
            if (location.pack().equals(tried.pack()) && location.row() == tried.row()) {
                continue;
            }
            try {
                return read(id, location);
            } catch (StoreException e) {
                continue;
            }
        }
        return null;
    }

    private StoredChunk read(ChunkId id, ChunkLocation location) throws IOException {
        PackTable table = location.table();
        int row = location.row();
        byte[] plain = blocks.plain(location.pack(), table, table.rowBlock(row));
        byte[] refs = table.rowRefs(row);
        int from = table.rowPlainOffset(row);
        int to = from + table.rowPayloadLength(row);
        if (!idOf(table.rowType(row), refs, plain, from, to - from).equals(id)) {
            throw new CorruptionException(
                    "chunk " + id.toShortHex() + " in packs/" + location.pack(), "its bytes do not have its id");
        }
        return new StoredChunk(Arrays.copyOfRange(plain, from, to), refs);
    }

    private ChunkId idOf(ChunkType type, byte[] refs, byte[] plain, int offset, int length) {
        ChunkHasher hasher = hashers.poll();
        if (hasher == null) {
            hasher = new ChunkHasher(keys.idKey());
        }
        try {
            return hasher.id(type, refs, refs.length / ChunkId.LENGTH, plain, offset, length);
        } finally {
            hashers.add(hasher);
        }
    }
}
