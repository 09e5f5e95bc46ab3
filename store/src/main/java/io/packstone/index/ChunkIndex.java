package io.packstone.index;

import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.pack.PackTable;
import io.packstone.segment.SegmentReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds chunks by id. A cache: all it knows was taken in from index segments and pack tables, and may be again.
 *
 * <p>Thread-safe. Memory is bounded whatever the repository's size, unless an implementation says otherwise. What goes
 * wrong in the index itself is a {@link StoreException} that names the local index.
 */
public interface ChunkIndex extends Closeable {
    /**
     * A place where the chunk of that id and type is stored, null when none is known. Dead rows, removed and excluded
     * packs don't count.
     */
    @Nullable
    ChunkLocation find(ChunkId id, ChunkType type) throws IOException;

    /** Every known place of a chunk, under the rules of {@link #find}; empty when there is none. */
    List<ChunkLocation> findAll(ChunkId id, ChunkType type) throws IOException;

    /** A copy of the ids of the segments that were taken in. */
    Set<SegmentId> segments();

    /** True when the segment was taken in. */
    boolean hasSegment(SegmentId id);

    /**
     * Takes in a segment; packs that are known already are passed over.
     *
     * @throws StoreException when the segment is damaged; the packs before the damage are taken in, the segment isn't
     */
    void addSegment(SegmentId id, SegmentReader segment) throws IOException;

    /**
     * Takes in many segments, opening one after the other: the fast way to load an index. Segments known already are
     * passed over; damaged or missing ones are told of and left out, the others are taken in all the same.
     *
     * @throws IOException when {@code source} fails otherwise; what was read until then is taken in
     */
    void addSegments(Collection<SegmentId> ids, SegmentSource source, DamageListener damages) throws IOException;

    /**
     * Forgets that a segment was taken in; the packs it spoke of stay known. For whoever has just put another in its
     * place, which is to be taken in first.
     */
    void forgetSegment(SegmentId id) throws IOException;

    /**
     * Takes in a pack of {@code length} bytes; one known already is passed over. Until a segment that speaks of it is
     * taken in too, it is known to this open index only: others can't find what no segment tells them of, so nothing
     * must come to rest on it.
     */
    void addPack(PackId id, long length, PackTable table) throws IOException;

    /** A copy of the ids of packs that were added and that no segment taken in speaks of: others can't find what is in them. */
    Set<PackId> lonePacks() throws IOException;

    /** True when the pack was taken in and not removed since. */
    boolean hasPack(PackId id) throws IOException;

    /** The length of a pack in bytes, as it was taken in; -1 when it is not known. */
    long packLength(PackId id) throws IOException;

    /**
     * The table of a pack that was taken in.
     *
     * @throws io.packstone.error.MissingObjectException when the pack is not known
     */
    PackTable table(PackId id) throws IOException;

    /** Forgets a pack; one that is not known is passed over. It may be taken in again. */
    void removePack(PackId id) throws IOException;

    /** Tells of every pack, in no particular order. The visitor must not clear or close the index. */
    void forEachPack(PackVisitor visitor) throws IOException;

    /** The count of live rows in all packs: a chunk that is stored twice counts twice. */
    long chunkCount() throws IOException;

    /**
     * Begins to put what was added lately to where the next open finds it without ado, and returns at once. Worth it after
     * many chunks; nothing is lost without it.
     */
    void settle() throws IOException;

    /** Answers no more with what is in this pack, as long as this is open; the pack stays known. */
    void exclude(PackId id);

    /** Forgets everything but what is excluded. */
    void clear() throws IOException;

    /** True when an index was found at open and thrown away, as it was damaged, of another layout or not loaded to the end. */
    boolean rebuilt();

    /** Told of packs. */
    interface PackVisitor {
        /** {@code length} in bytes. */
        void visit(PackId id, long length) throws IOException;
    }

    /** Opens segments when their turn comes, so that no more than one is held. */
    interface SegmentSource {
        /** The segment of that id. */
        SegmentReader open(SegmentId id) throws IOException;
    }

    /** Told of segments that could not be read. */
    interface DamageListener {
        /** This one is left out for that cause. */
        void damaged(SegmentId id, StoreException cause);
    }
}
