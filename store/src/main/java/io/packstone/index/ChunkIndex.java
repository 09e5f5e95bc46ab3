package io.packstone.index;

import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.pack.PackTable;
import io.packstone.segment.SegmentReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds chunks by id. Thread-safe; memory is bounded. */
public interface ChunkIndex extends Closeable {
    /** A place where the live chunk of that id and type is stored, null when none is known. Excluded packs don't count. */
    @Nullable
    ChunkLocation find(ChunkId id, ChunkType type) throws IOException;

    /** Every known place of a chunk. */
    List<ChunkLocation> findAll(ChunkId id, ChunkType type) throws IOException;

    /** The segments that were taken in. */
    Set<SegmentId> segments();

    /** Takes in a segment; packs that are known already are passed over. */
    void addSegment(SegmentId id, SegmentReader segment) throws IOException;

    /** Takes in a pack that no segment speaks of yet. */
    void addPack(PackId id, long length, PackTable table) throws IOException;

    /** True when the pack was taken in. */
    boolean hasPack(PackId id) throws IOException;

    /** The length of a pack in bytes, as it was taken in; -1 when it is not known. */
    long packLength(PackId id) throws IOException;

    /** The table of a pack that was taken in. */
    PackTable table(PackId id) throws IOException;

    /** Tells of every pack. */
    void forEachPack(PackVisitor visitor) throws IOException;

    /** Answers no more with what is in this pack, as long as this is open. */
    void exclude(PackId id);

    /** Forgets everything. */
    void clear() throws IOException;

    /** Told of packs. */
    interface PackVisitor {
        /** {@code length} in bytes. */
        void visit(PackId id, long length) throws IOException;
    }
}
