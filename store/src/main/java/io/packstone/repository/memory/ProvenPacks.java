package io.packstone.repository.memory;

import io.packstone.bytes.LittleEndian;
import io.packstone.id.PackId;
import io.packstone.id.RepositoryId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** When this client last read each pack whole and found it as it was written. For one thread at a time. */
public final class ProvenPacks {
    private static final byte[] MAGIC = "PKSTPRO1".getBytes(StandardCharsets.US_ASCII);
    private static final int ENTRY_LENGTH = PackId.LENGTH + 8;

    private final MemoryFile file;

    /** Below the client's folder for {@code repository} in {@code cache}. */
    public ProvenPacks(Path cache, RepositoryId repository) {
        file = new MemoryFile(cache.resolve(repository.toString()).resolve("proven"), MAGIC, repository, ENTRY_LENGTH);
    }

    /** Seconds since 1970 by pack: a fresh map. */
    public Map<PackId, Long> read() {
        byte[] entries = file.read();
        Map<PackId, Long> proven = new HashMap<>();
        for (int at = 0; at < entries.length; at += ENTRY_LENGTH) {
            proven.put(PackId.of(entries, at), LittleEndian.getLong(entries, at + PackId.LENGTH));
        }
        return proven;
    }

    /** Remembers these and no others. */
    public void write(Map<PackId, Long> proven) throws IOException {
        byte[] entries = new byte[proven.size() * ENTRY_LENGTH];
        int at = 0;
        for (Map.Entry<PackId, Long> each : proven.entrySet()) {
            each.getKey().copyTo(entries, at);
            LittleEndian.putLong(entries, at + PackId.LENGTH, each.getValue());
            at += ENTRY_LENGTH;
        }
        file.write(entries);
    }
}
