package io.packstone.backend.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps the files read last open, so that many small reads of one pack cost one open. Thread-safe. */
final class OpenFiles implements Closeable {
    private static final int SLICE_LENGTH = 1 << 20;

    private final int capacity;
    private final Map<Path, Entry> idle = new LinkedHashMap<>();
    private final Map<Path, Entry> busy = new HashMap<>();

    /** {@code capacity}: how many files that nobody reads just now stay open. */
    OpenFiles(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Reads up to {@code length} bytes from {@code position}; fewer only at the end of the file.
     *
     * @throws java.nio.file.NoSuchFileException when there is no such file
     */
    int read(Path file, long position, byte[] target, int offset, int length) throws IOException {
        while (true) {
            Entry entry = acquire(file);
            try {
                return readFully(entry.channel, position, target, offset, length);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (ClosedChannelException e) {
                entry.stale = true; // another thread was interrupted in its read, which closes the channel for all
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            } finally {
                release(file, entry);
            }
        }
    }

    private static int readFully(FileChannel channel, long position, byte[] target, int offset, int length)
            throws IOException {
        int done = 0;
        while (done < length) {
            ByteBuffer slice = ByteBuffer.wrap(target, offset + done, Math.min(length - done, SLICE_LENGTH));
            int count = channel.read(slice, position + done);
            if (count < 0) {
                break;
            }
            done += count;
        }
        return done;
    }

    private Entry acquire(Path file) throws IOException {
        synchronized (this) {
            Entry entry = busy.get(file);
            if (entry == null) {
                entry = idle.remove(file);
            }
            if (entry != null && entry.channel.isOpen() && !entry.stale) {
                entry.users++;
                busy.put(file, entry);
                return entry;
            }
        }
        Entry fresh = new Entry(FileChannel.open(file, StandardOpenOption.READ));
        fresh.users = 1;
        synchronized (this) {
            Entry other = busy.get(file);
            if (other == null || other.stale || !other.channel.isOpen()) {
                busy.put(file, fresh);
            }
        }
        return fresh;
    }

    private void release(Path file, Entry entry) throws IOException {
        List<FileChannel> closing = new ArrayList<>();
        synchronized (this) {
            entry.users--;
            if (entry.users > 0) {
                return;
            }
            boolean current = busy.remove(file, entry);
            if (current && !entry.stale && entry.channel.isOpen() && capacity > 0) {
                Entry before = idle.put(file, entry);
                if (before != null) {
                    closing.add(before.channel);
                }
            } else {
                closing.add(entry.channel);
            }
            var oldest = idle.entrySet().iterator();
            while (idle.size() > capacity) {
                closing.add(oldest.next().getValue().channel);
                oldest.remove();
            }
        }
        for (FileChannel channel : closing) {
            channel.close();
        }
    }

    /** Forgets a file, for one that is being deleted. */
    void forget(Path file) throws IOException {
        @Nullable Entry entry;
        synchronized (this) {
            entry = idle.remove(file);
            Entry reading = busy.get(file);
            if (reading != null) {
                reading.stale = true;
            }
        }
        if (entry != null) {
            entry.channel.close();
        }
    }

    /** Closes what is idle; a file being read is closed by its reader. */
    @Override
    public void close() throws IOException {
        List<Entry> closing;
        synchronized (this) {
            closing = new ArrayList<>(idle.values());
            idle.clear();
            busy.values().forEach(entry -> entry.stale = true);
        }
        for (Entry entry : closing) {
            entry.channel.close();
        }
    }

    private static final class Entry {
        private final FileChannel channel;
        private int users;
        private volatile boolean stale;

        Entry(FileChannel channel) {
            this.channel = channel;
        }
    }
}
