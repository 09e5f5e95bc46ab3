package io.packstone.manifest;

import io.packstone.error.CorruptionException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Walks the data chunks of a file in order, reading recipes as it meets them. For one thread. */
public final class BodyReader {
    private final ChunkSource chunks;
    private final Deque<Frame> stack = new ArrayDeque<>();
    private ChunkId id = ChunkId.of(new byte[ChunkId.LENGTH]);
    private int length;
    private long offset;
    private long nextOffset;

    /** A list of parts and how far it was walked. */
    private static final class Frame {
        private final FileBody body;
        private int next;

        private Frame(FileBody body) {
            this.body = body;
        }
    }

    /** Stands before the first chunk. */
    public BodyReader(ChunkSource chunks, FileBody body) {
        this.chunks = chunks;
        stack.push(new Frame(body));
    }

    /** Steps to the next chunk; false after the last. */
    public boolean next() throws IOException {
        while (!stack.isEmpty()) {
            Frame frame = stack.peek();
            if (frame.next == frame.body.count()) {
                stack.pop();
                continue;
            }
            int part = frame.next++;
            ChunkId partId = frame.body.id(part);
            long partLength = frame.body.length(part);
            if (frame.body.depth() == 0) {
                id = partId;
                length = Math.toIntExact(partLength);
                offset = nextOffset;
                nextOffset += partLength;
                return true;
            }
            FileBody below = RecipeFormat.decode(chunks.get(partId, ChunkType.RECIPE), partId, frame.body.depth());
            if (below.plainLength() != partLength) {
                throw new CorruptionException(
                        "recipe " + partId.toShortHex(), "it lists " + below.plainLength() + " bytes, not " + partLength);
            }
            stack.push(new Frame(below));
        }
        return false;
    }

    /** The id of the current chunk. */
    public ChunkId id() {
        return id;
    }

    /** The length of the current chunk, in bytes. */
    public int length() {
        return length;
    }

    /** Where in the file the current chunk starts. */
    public long offset() {
        return offset;
    }
}
