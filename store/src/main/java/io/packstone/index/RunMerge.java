package io.packstone.index;

import io.packstone.id.ChunkId;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/** Merges sorted runs into one ascending sequence of ids, each with all its places. For one thread. */
final class RunMerge implements Closeable {
    /** All read buffers together; each gets its share within the bounds. */
    private static final int BUFFER_BYTES = 16 << 20;

    private static final int BUFFER_BYTES_MIN = 8 << 10;
    private static final int BUFFER_BYTES_MAX = 256 << 10;

    private final PriorityQueue<Cursor> cursors;

    RunMerge(List<Path> runs) throws IOException {
        cursors = new PriorityQueue<>(Math.max(1, runs.size()));
        int share = BUFFER_BYTES / Math.max(1, runs.size());
        int bufferLength = Math.max(BUFFER_BYTES_MIN, Math.min(BUFFER_BYTES_MAX, share));
        try {
            for (int i = 0; i < runs.size(); i++) {
                add(new Cursor(new BufferedInputStream(Files.newInputStream(runs.get(i)), bufferLength), i));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void add(Cursor cursor) throws IOException {
        try {
            if (cursor.advance()) {
                cursors.add(cursor);
                return;
            }
        } catch (IOException e) {
            cursor.input.close();
            throw e;
        }
        cursor.input.close();
    }

    /** Told of ids in ascending order, each once. */
    interface Output {
        /** {@code id} and {@code places} are borrowed until this returns; the latter has exactly the places' bytes. */
        void put(byte[] id, byte[] places) throws IOException;
    }

    /** Merges everything into {@code output}. */
    void run(Output output) throws IOException {
        byte[] id = new byte[ChunkId.LENGTH];
        byte[] single = new byte[RowSorter.PLACE_LENGTH];
        while (!cursors.isEmpty()) {
            System.arraycopy(cursors.element().record, 0, id, 0, ChunkId.LENGTH);
            takePlace(single, 0);
            byte[] places = single;
            while (!cursors.isEmpty() && cursors.element().holds(id)) {
                places = Arrays.copyOf(places, places.length + RowSorter.PLACE_LENGTH);
                takePlace(places, places.length - RowSorter.PLACE_LENGTH);
            }
            output.put(id, places);
        }
    }

    private void takePlace(byte[] target, int offset) throws IOException {
        Cursor cursor = cursors.remove();
        System.arraycopy(cursor.record, ChunkId.LENGTH, target, offset, RowSorter.PLACE_LENGTH);
        add(cursor);
    }

    @Override
    public void close() throws IOException {
        for (Cursor cursor : cursors) {
            cursor.input.close();
        }
    }

    /** Where a run has been read to. Ordered by id, then by run, so that places keep the order of packs. */
    private static final class Cursor implements Comparable<Cursor> {
        private final InputStream input;
        private final int run;
        private final byte[] record = new byte[RowSorter.RECORD_LENGTH];

        Cursor(InputStream input, int run) {
            this.input = input;
            this.run = run;
        }

        boolean advance() throws IOException {
            int read = input.readNBytes(record, 0, record.length);
            if (read != 0 && read != record.length) {
                throw new IOException("a run ends within a record");
            }
            return read != 0;
        }

        boolean holds(byte[] id) {
            return compareId(id) == 0;
        }

        private int compareId(byte[] id) {
            return Arrays.compareUnsigned(record, 0, ChunkId.LENGTH, id, 0, ChunkId.LENGTH);
        }

        @Override
        public int compareTo(Cursor other) {
            int byId = compareId(other.record);
            return byId != 0 ? byId : Integer.compare(run, other.run);
        }
    }
}
