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
    private static final byte[] MAGIC = "PKSTSEE2".getBytes(StandardCharsets.US_ASCII);
    private static final int ENTRY_LENGTH = SnapshotId.LENGTH + 8 + 8 + 1;
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
     * @param order its record's; {@link #UNREAD} while that could not be read
     * @param since when it was first seen, seconds since 1970
     * @param forgotten it was seen with the word that it is forgotten: it may go
     * @param forked its writer did not know what was there before
     */
    public record Seen(long order, long since, boolean forgotten, boolean forked) {
        /** Below every order. */
        public static final long UNREAD = -1;

        /** True when it could not be read yet. */
        public boolean isUnread() {
            return order == UNREAD;
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
                            LittleEndian.getLong(entries, at + SnapshotId.LENGTH + 8),
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
            Seen one = each.getValue();
            LittleEndian.putLong(entries, at + SnapshotId.LENGTH, one.order());
            LittleEndian.putLong(entries, at + SnapshotId.LENGTH + 8, one.since());
            int forgotten = one.forgotten() ? FORGOTTEN : 0;
            entries[at + ENTRY_LENGTH - 1] = (byte) (forgotten | (one.forked() ? FORKED : 0));
            at += ENTRY_LENGTH;
        }
        file.write(entries);
    }
}
