package io.packstone.maintenance.prune;

import io.packstone.id.Id256;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Records that begin with an id, kept apart by the first bits of it: any number of them, a part at a time in memory.
 * What does not fit the buffers goes to files. For one thread.
 */
final class Spool implements Closeable {
    private static final int BUFFERS_BYTES = 16 << 20;
    private static final int BUFFER_BYTES_MIN = 16 << 10;

    private final WorkFolder folder;
    private final String name;
    private final int recordLength;
    private final byte[][] buffers;
    private final int[] lengths;
    private final boolean[] onDisk;
    private final int bufferMax;

    /** Told of records. */
    interface Visitor {
        /** {@code buffer} is borrowed; the record starts at {@code offset}. */
        void visit(byte[] buffer, int offset) throws IOException;
    }

    Spool(WorkFolder folder, String name, int recordLength, int parts) {
        this.folder = folder;
        this.name = name;
        this.recordLength = recordLength;
        buffers = new byte[parts][];
        Arrays.fill(buffers, new byte[0]);
        lengths = new int[parts];
        onDisk = new boolean[parts];
        int share = Math.max(BUFFER_BYTES_MIN, BUFFERS_BYTES / parts);
        bufferMax = Math.max(1, share / recordLength) * recordLength;
    }

    /** So many parts that each holds about {@code perPart} of {@code records}. */
    static int parts(long records, int perPart) {
        return (int) Math.max(1, Math.min(1 << 14, (records + perPart - 1) / perPart));
    }

    private static int part(byte[] record, int offset, int parts) {
        int start = (record[offset] & 0xff) << 16 | (record[offset + 1] & 0xff) << 8 | record[offset + 2] & 0xff;
        return (int) ((long) start * parts >>> 24);
    }

    /** Copies a record. */
    void add(byte[] record, int offset) throws IOException {
        int part = part(record, offset, buffers.length);
        if (lengths[part] + recordLength > buffers[part].length) {
            makeRoom(part);
        }
        System.arraycopy(record, offset, buffers[part], lengths[part], recordLength);
        lengths[part] += recordLength;
    }

    private void makeRoom(int part) throws IOException {
        if (lengths[part] + recordLength > bufferMax) {
            try (OutputStream file =
                    Files.newOutputStream(file(part), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                file.write(buffers[part], 0, lengths[part]);
            }
            onDisk[part] = true;
            lengths[part] = 0;
        } else {
            int wanted = Math.max(16 * recordLength, lengths[part] * 2);
            buffers[part] = Arrays.copyOf(buffers[part], Math.min(bufferMax, wanted));
        }
    }

    private Path file(int part) throws IOException {
        return folder.path().resolve(name + "-" + part);
    }

    int parts() {
        return buffers.length;
    }

    /** Shows the records of one part, in the order in which they came. */
    void forEach(int part, Visitor visitor) throws IOException {
        if (onDisk[part]) {
            byte[] buffer = new byte[Math.max(1, (256 << 10) / recordLength) * recordLength];
            try (InputStream file = Files.newInputStream(file(part))) {
                int read = file.readNBytes(buffer, 0, buffer.length);
                while (read > 0) {
                    show(buffer, read, visitor);
                    read = file.readNBytes(buffer, 0, buffer.length);
                }
            }
        }
        show(buffers[part], lengths[part], visitor);
    }

    private void show(byte[] buffer, int length, Visitor visitor) throws IOException {
        if (length % recordLength != 0) {
            throw new IOException("the temporary file " + name + " ends within a record");
        }
        for (int at = 0; at < length; at += recordLength) {
            visitor.visit(buffer, at);
        }
    }

    @Override
    public void close() throws IOException {
        for (int part = 0; part < buffers.length; part++) {
            if (onDisk[part]) {
                Files.deleteIfExists(file(part));
            }
        }
        Arrays.fill(buffers, new byte[0]);
    }

    /** The length of a record that is an id and a place. */
    static final int PLACED = Id256.LENGTH + 8;
}
