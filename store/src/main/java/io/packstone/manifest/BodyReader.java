package io.packstone.manifest;

import io.packstone.id.ChunkId;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lists the data chunks of one file in order, from its start or from any offset, reading the recipes on the way and no
 * others. For one thread.
 */
public final class BodyReader {
    private final ChunkSource source;
    private final FileBody body;
    private final Deque<Position> positions = new ArrayDeque<>();
    private ChunkId id = ChunkId.of(new byte[ChunkId.LENGTH]);
    private int length;
    private long offset;
    private long nextOffset;

    private static final class Position {
        private final FileBody list;
        private int index;

        Position(FileBody list, int index) {
            this.list = list;
            this.index = index;
        }
    }

    /** Stands before the first chunk of {@code body}; reads recipes from {@code source}. */
    public BodyReader(ChunkSource source, FileBody body) {
        this.source = source;
        this.body = body;
        positions.addLast(new Position(body, 0));
    }

    /** Goes to the next chunk; false when there is none. */
    public boolean next() throws IOException {
        while (!positions.isEmpty()) {
            Position top = positions.getLast();
            if (top.index == top.list.count()) {
                positions.removeLast();
            } else if (top.list.depth() > 0) {
                positions.addLast(new Position(recipe(top.list, top.index++), 0));
            } else {
                id = top.list.id(top.index);
                length = (int) top.list.length(top.index++);
                offset = nextOffset;
                nextOffset += length;
                return true;
            }
        }
        return false;
    }

    /**
     * Stands before the chunk that holds the byte at {@code position}, which {@link #next} then goes to; behind the
     * last chunk when the file is not longer than that.
     */
    public void seek(long position) throws IOException {
        if (position < 0) {
            throw new IllegalArgumentException("no position " + position);
        }
        positions.clear();
        nextOffset = 0;
        FileBody list = body;
        while (true) {
            int index = 0;
            while (index < list.count() && position - nextOffset >= list.length(index)) {
                nextOffset += list.length(index++);
            }
            if (list.depth() == 0 || index == list.count()) {
                positions.addLast(new Position(list, index));
                return;
            }
            positions.addLast(new Position(list, index + 1));
            list = recipe(list, index);
        }
    }

    private FileBody recipe(FileBody list, int index) throws IOException {
        return NodeReader.recipe(source, list.id(index), list.depth(), list.length(index));
    }

    /** The id of the current data chunk. */
    public ChunkId id() {
        return id;
    }

    /** How many of the file's bytes the current chunk holds. */
    public int length() {
        return length;
    }

    /** Where in the file the current chunk starts. */
    public long offset() {
        return offset;
    }
}
