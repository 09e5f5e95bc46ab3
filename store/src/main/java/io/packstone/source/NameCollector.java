package io.packstone.source;

import io.packstone.bytes.ByteSink;
import io.packstone.bytes.LittleEndian;
import io.packstone.posix.NameVisitor;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Takes names in any order and gives them back sorted. Up to a number of names they stay in memory; beyond it sorted
 * runs go to a temporary file, which is merged while it is read (Knuth, TAOCP volume 3, 5.4).
 */
final class NameCollector implements NameVisitor, Closeable {
    private static final int RUN_BUFFER_LENGTH = 16 << 10;
    private static final int SLICE_LENGTH = 1 << 20;

    private final Path temporaryDirectory;
    private final int namesInMemory;
    private final PackedNames names = new PackedNames();
    private final List<Long> runEnds = new ArrayList<>();
    private @Nullable FileChannel spill;

    /** {@code namesInMemory}: how many names are held before a run is written to {@code temporaryDirectory}. */
    NameCollector(Path temporaryDirectory, int namesInMemory) {
        this.temporaryDirectory = temporaryDirectory;
        this.namesInMemory = namesInMemory;
    }

    @Override
    public void visit(byte[] bytes, int offset, int length) throws IOException {
        if (names.count() >= namesInMemory) {
            spill();
        }
        names.add(bytes, offset, length);
    }

    /** The names in order; the collector's memory and file belong to the cursor from now on. */
    NameCursor finish() throws IOException {
        if (spill == null) {
            names.sort();
            return names.cursor();
        }
        FileChannel channel = spill();
        spill = null;
        return new MergeCursor(channel, runEnds);
    }

    private FileChannel spill() throws IOException {
        FileChannel channel = spill;
        if (channel == null) {
            Path file = Files.createTempFile(temporaryDirectory, "names", ".run");
            channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            spill = channel;
        }
        names.sort();
        ByteSink sink = new ByteSink(SLICE_LENGTH);
        names.writeTo(sink);
        names.clear();
        ByteBuffer bytes = ByteBuffer.wrap(sink.array(), 0, sink.length());
        while (bytes.hasRemaining()) {
            ByteBuffer slice = bytes.slice(bytes.position(), Math.min(bytes.remaining(), SLICE_LENGTH));
            bytes.position(bytes.position() + channel.write(slice));
        }
        runEnds.add(channel.position());
        return channel;
    }

    /** Drops what was collected and not finished. */
    @Override
    public void close() throws IOException {
        if (spill != null) {
            spill.close();
        }
    }

    /** One sorted run of the file. */
    private static final class Run implements Comparable<Run> {
        private final FileChannel channel;
        private final byte[] buffer = new byte[RUN_BUFFER_LENGTH];
        private long position;
        private final long end;
        private int at;
        private int filled;
        private int length;

        Run(FileChannel channel, long position, long end) {
            this.channel = channel;
            this.position = position;
            this.end = end;
        }

        boolean next() throws IOException {
            at += length;
            length = 0;
            if (at == filled && position == end) {
                return false;
            }
            require(2);
            int nameLength = LittleEndian.getShort(buffer, at);
            at += 2;
            require(nameLength);
            length = nameLength;
            return true;
        }

        private void require(int count) throws IOException {
            if (filled - at >= count) {
                return;
            }
            System.arraycopy(buffer, at, buffer, 0, filled - at);
            filled -= at;
            at = 0;
            while (filled < count) {
                int wanted = (int) Math.min(buffer.length - filled, end - position);
                int got = wanted == 0 ? -1 : channel.read(ByteBuffer.wrap(buffer, filled, wanted), position);
                if (got < 0) {
                    throw new EOFException("a temporary file of names is shorter than it was written");
                }
                filled += got;
                position += got;
            }
        }

        @Override
        public int compareTo(Run other) {
            return Arrays.compareUnsigned(buffer, at, at + length, other.buffer, other.at, other.at + other.length);
        }
    }

    private static final class MergeCursor implements NameCursor {
        private final FileChannel channel;
        private final PriorityQueue<Run> runs = new PriorityQueue<>();
        private byte[] current = new byte[256];
        private int currentLength = -1;

        MergeCursor(FileChannel channel, List<Long> runEnds) throws IOException {
            this.channel = channel;
            long start = 0;
            for (long end : runEnds) {
                push(new Run(channel, start, end));
                start = end;
            }
        }

        private void push(Run run) throws IOException {
            if (run.next()) {
                runs.add(run);
            }
        }

        @Override
        public boolean next() throws IOException {
            while (true) {
                Run first = runs.poll();
                if (first == null) {
                    return false;
                }
                boolean same = Arrays.equals(
                        current, 0, Math.max(0, currentLength), first.buffer, first.at, first.at + first.length);
                if (!same) {
                    if (first.length > current.length) {
                        current = new byte[first.length];
                    }
                    System.arraycopy(first.buffer, first.at, current, 0, first.length);
                    currentLength = first.length;
                }
                push(first);
                if (!same) {
                    return true;
                }
            }
        }

        @Override
        public byte[] bytes() {
            return current;
        }

        @Override
        public int offset() {
            return 0;
        }

        @Override
        public int length() {
            return currentLength;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
