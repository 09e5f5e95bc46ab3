package io.packstone.repository.memory;

import io.packstone.bytes.LittleEndian;
import io.packstone.id.RepositoryId;
import io.packstone.id.SnapshotId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The snapshots that this client has seen confirmed. For one thread at a time. */
public final class SeenSnapshots {
    private static final byte[] MAGIC = "PKSTSEE1".getBytes(StandardCharsets.US_ASCII);
    private static final int ENTRY_LENGTH = SnapshotId.LENGTH + 8 + 1;
    private static final int FORGOTTEN = 1;
    private static final int FORKED = 2;

    private final MemoryFile file;

    /** Below the client's folder for {@code repository} in {@code cache}. */
    public SeenSnapshots(Path cache, RepositoryId repository) {
        file = new MemoryFile(cache.resolve(repository.toString()).resolve("seen"), MAGIC, repository, ENTRY_LENGTH);
    }

    /**
     * What was seen of one.
     *
     * @param order its record's; negative while that could not be read, see {@link #unread}
     * @param forgotten it was seen with the word that it is forgotten: it may go
     * @param forked it came up later than its order allows
     */
    public record Seen(long order, boolean forgotten, boolean forked) {
        /** The order of one that could not be read when the highest order seen was {@code highestBefore}. */
        public static long unread(long highestBefore) {
            return -1 - highestBefore;
        }

        /** True when it could not be read yet. */
        public boolean isUnread() {
            return order < 0;
        }

        /** The highest order seen before this one came up; of one that could not be read. */
        public long highestBefore() {
            return -1 - order;
        }
    }

    /** All of them, by id: a fresh map. */
    public Map<SnapshotId, Seen> read() {
        byte[] entries = file.read();
        Map<SnapshotId, Seen> seen = new TreeMap<>();
        for (int at = 0; at < entries.length; at += ENTRY_LENGTH) {
            int flags = entries[at + ENTRY_LENGTH - 1];
            seen.put(
                    SnapshotId.of(entries, at),
                    new Seen(
                            LittleEndian.getLong(entries, at + SnapshotId.LENGTH),
                            (flags & FORGOTTEN) != 0,
                            (flags & FORKED) != 0));
        }
        return seen;
    }

    /** Remembers these and no others. */
    public void write(Map<SnapshotId, Seen> seen) throws IOException {
        byte[] entries = new byte[seen.size() * ENTRY_LENGTH];
        int at = 0;
        for (Map.Entry<SnapshotId, Seen> each : seen.entrySet()) {
            each.getKey().copyTo(entries, at);
            LittleEndian.putLong(
                    entries, at + SnapshotId.LENGTH, each.getValue().order());
            int forgotten = each.getValue().forgotten() ? FORGOTTEN : 0;
            entries[at + ENTRY_LENGTH - 1] =
                    (byte) (forgotten | (each.getValue().forked() ? FORKED : 0));
            at += ENTRY_LENGTH;
        }
        file.write(entries);
    }
}
