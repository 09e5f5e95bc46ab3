package io.packstone.manifest;

import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import java.io.IOException;
import java.util.Arrays;

/**
 * Gathers the chunks of one file; a list of more than {@value #INLINE_MAX} becomes recipes, cut after a chunk whose id ends
 * in a zero byte, so that a change lists only its surroundings anew (docs/format.md, Recipes). For one thread.
 */
public final class BodyBuilder {
    private static final int INLINE_MAX = 64;
    private static final int PIECE_MAX = 1024;

    private final NodeSink sink;
    private PartList parts = new PartList();
    private boolean[] segmentEnds = new boolean[16];

    /** Recipes go to {@code sink}. */
    public BodyBuilder(NodeSink sink) {
        this.sink = sink;
    }

    /** Ids and lengths. */
    private static final class PartList {
        private byte[] ids = new byte[ChunkId.LENGTH];
        private long[] lengths = new long[1];
        private int count;

        private void add(ChunkId id, long length) {
            if (count == lengths.length) {
                lengths = Arrays.copyOf(lengths, count * 2);
                ids = Arrays.copyOf(ids, count * 2 * ChunkId.LENGTH);
            }
            id.copyTo(ids, count * ChunkId.LENGTH);
            lengths[count++] = length;
        }
    }

    /** Adds the next data chunk. */
    public void add(ChunkId id, long length) {
        parts.add(id, length);
    }

    /** Marks the end of a 256 MiB segment: a piece ends here too. */
    public void endSegment() {
        if (segmentEnds.length <= parts.count) {
            segmentEnds = Arrays.copyOf(segmentEnds, parts.count * 2 + 1);
        }
        segmentEnds[parts.count] = true;
    }

    /** The body; {@code crc32c} is that of all bytes. */
    public FileBody finish(int crc32c) throws IOException {
        int depth = 0;
        while (parts.count > INLINE_MAX) {
            depth++;
            parts = fold(parts, depth);
        }
        return new FileBody(
                crc32c,
                depth,
                Arrays.copyOf(parts.ids, parts.count * ChunkId.LENGTH),
                Arrays.copyOf(parts.lengths, parts.count));
    }

    private PartList fold(PartList list, int depth) throws IOException {
        PartList folded = new PartList();
        int start = 0;
        for (int i = 0; i < list.count; i++) {
            boolean segmentEnd = depth == 1 && i + 1 < segmentEnds.length && segmentEnds[i + 1];
            boolean zero = list.ids[(i + 1) * ChunkId.LENGTH - 1] == 0;
            if (zero || segmentEnd || i - start + 1 == PIECE_MAX || i == list.count - 1) {
                int count = i + 1 - start;
                long[] lengths = Arrays.copyOfRange(list.lengths, start, i + 1);
                byte[] refs = Arrays.copyOfRange(list.ids, start * ChunkId.LENGTH, (i + 1) * ChunkId.LENGTH);
                byte[] payload = RecipeFormat.encode(depth, lengths, count);
                ChunkId id = sink.put(ChunkType.RECIPE, refs, count, payload, payload.length);
                folded.add(id, Arrays.stream(lengths).sum());
                start = i + 1;
            }
        }
        return folded;
    }
}
