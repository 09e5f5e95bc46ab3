package io.packstone.manifest;

import io.packstone.bytes.ByteSink;
import io.packstone.id.ChunkId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the body of one file after another from their chunks. Up to {@link FileBody#MAX_INLINE} chunks stand in the
 * entry; a longer list is cut where the ids say so, its pieces put as recipes, and the list of those treated alike.
 * Memory: one piece for each depth. For one thread.
 */
public final class BodyBuilder {
    private static final int MIN_RECIPE = 2;

    private final NodeSink sink;
    private final ByteSink scratch = new ByteSink(4096);
    private final List<Pieces> depths = new ArrayList<>();

    /** Puts recipes to {@code sink}. */
    public BodyBuilder(NodeSink sink) {
        this.sink = sink;
        depths.add(new Pieces(0));
    }

    /** Adds the next data chunk of the file, which has {@code length} bytes, 1 to {@link FileBody#MAX_CHUNK}. */
    public void add(ChunkId chunk, long length) throws IOException {
        if (length < 1 || length > FileBody.MAX_CHUNK) {
            throw new IllegalArgumentException("a chunk of " + length + " bytes");
        }
        depths.get(0).add(chunk, length);
    }

    /** Says that a segment of the file ends here: no recipe lists chunks of two segments. */
    public void endSegment() throws IOException {
        depths.get(0).end();
    }

    /** The body of what was added; begins the next file. {@code crc32c} is that of all the file's bytes. */
    public FileBody finish(int crc32c) throws IOException {
        int depth = 0;
        while (depths.get(depth).isLong) {
            depths.get(depth).end();
            depth++;
        }
        FileBody body = depths.get(depth).toBody(crc32c);
        clear();
        return body;
    }

    /** Forgets what was added since the last {@link #finish}, such as of a file that could not be read to its end. */
    public void clear() {
        for (Pieces pieces : depths) {
            pieces.isLong = false;
            pieces.count = 0;
        }
    }

    private Pieces above(int depth) {
        if (depth == depths.size()) {
            if (depth > FileBody.MAX_DEPTH) {
                throw new IllegalStateException("recipes nested more than " + FileBody.MAX_DEPTH + " deep");
            }
            depths.add(new Pieces(depth));
        }
        return depths.get(depth);
    }

    /** The list at one depth: whole while it is short, else the pieces since its last cut. */
    private final class Pieces {
        private final int depth;
        private byte[] refs = new byte[FileBody.MAX_INLINE * ChunkId.LENGTH];
        private long[] lengths = new long[FileBody.MAX_INLINE];
        private final boolean[] ends = new boolean[FileBody.MAX_INLINE];
        private int count;
        private boolean isLong;

        Pieces(int depth) {
            this.depth = depth;
        }

        void add(ChunkId id, long length) throws IOException {
            if (!isLong && count == FileBody.MAX_INLINE) {
                becomeLong();
            }
            if (count == lengths.length) {
                lengths = Arrays.copyOf(lengths, 2 * count);
                refs = Arrays.copyOf(refs, 2 * refs.length);
            }
            if (!isLong) {
                ends[count] = false;
            }
            id.copyTo(refs, count * ChunkId.LENGTH);
            lengths[count++] = length;
            if (isLong && (count == FileBody.MAX_RECIPE || count >= MIN_RECIPE && id.lastByte() == 0)) {
                put();
            }
        }

        /** Ends a piece after what was added last. */
        void end() throws IOException {
            if (isLong && count > 0) {
                put();
            } else if (count > 0) {
                ends[count - 1] = true;
            }
        }

        /** Cuts what was kept whole so far. */
        private void becomeLong() throws IOException {
            FileBody kept = toBody(0);
            count = 0;
            isLong = true;
            for (int i = 0; i < kept.count(); i++) {
                add(kept.id(i), kept.length(i));
                if (ends[i]) {
                    end();
                }
            }
        }

        private void put() throws IOException {
            FileBody pieces = toBody(0);
            count = 0;
            above(depth + 1).add(NodeWriter.putRecipe(sink, scratch, pieces), pieces.plainLength());
        }

        FileBody toBody(int crc32c) {
            return FileBody.of(
                    crc32c, depth, Arrays.copyOf(lengths, count), Arrays.copyOf(refs, count * ChunkId.LENGTH));
        }
    }
}
