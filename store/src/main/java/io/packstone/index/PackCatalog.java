package io.packstone.index;

import io.packstone.bytes.ByteSink;
import io.packstone.bytes.LittleEndian;
import io.packstone.crypto.Sealer;
import io.packstone.format.Footer;
import io.packstone.id.PackId;
import io.packstone.pack.PackTable;
import io.packstone.pack.PackTableFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** The stored form of packs in the index, and the decoded tables of the packs used last, up to a bound in bytes. */
final class PackCatalog {
    private static final int TABLE_BYTES_MAX = 24 << 20;
    private static final int HEAD_LENGTH = PackId.LENGTH + 8;

    private final Map<Integer, Known> recent = new LinkedHashMap<>(64, 0.75f, true);
    private int bytesHeld;

    /** A pack as the index holds it. */
    record Known(PackId id, long length, PackTable table) {}

    static byte[] encode(PackId id, long length, PackTable table) {
        return new ByteSink(HEAD_LENGTH + table.plainBytes().length)
                .putBytes(id.toBytes())
                .putLong(length)
                .putBytes(table.plainBytes())
                .toBytes();
    }

    static long length(byte[] stored) {
        return LittleEndian.getLong(stored, PackId.LENGTH);
    }

    static PackId id(byte[] stored) {
        return PackId.of(stored, 0);
    }

    static Known decode(byte[] stored) throws io.packstone.error.CorruptionException {
        byte[] plain = java.util.Arrays.copyOfRange(stored, HEAD_LENGTH, stored.length);
        long tableOffset = length(stored) - Footer.LENGTH - Sealer.sealedLength(plain.length);
        return new Known(
                id(stored), length(stored), PackTableFormat.decode(plain, "a table in the index", tableOffset));
    }

    synchronized @org.jspecify.annotations.Nullable Known recent(int number) {
        return recent.get(number);
    }

    synchronized void keep(int number, Known known) {
        if (recent.put(number, known) == null) {
            bytesHeld += known.table().footprint();
            var eldest = recent.entrySet().iterator();
            while (bytesHeld > TABLE_BYTES_MAX && recent.size() > 1) {
                bytesHeld -= eldest.next().getValue().table().footprint();
                eldest.remove();
            }
        }
    }

    synchronized void clear() {
        recent.clear();
        bytesHeld = 0;
    }
}
