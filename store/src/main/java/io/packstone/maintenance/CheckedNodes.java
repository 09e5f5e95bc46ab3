package io.packstone.maintenance;

import io.packstone.bytes.ByteSink;
import io.packstone.bytes.LittleEndian;
import io.packstone.crypto.Hmac;
import io.packstone.manifest.ManifestCursor.Place;
import io.packstone.metadata.TreePath;
import org.jspecify.annotations.Nullable;

/**
 * Nodes below which all was found right, so that what many snapshots share is walked once. Keeps about {@value #BUCKETS} x
 * {@value #WAYS} of them in 6 MiB; what it loses is walked again. For one thread.
 */
final class CheckedNodes {
    private static final int BUCKETS = 1 << 16;
    private static final int WAYS = 4;

    /** Sixteen bytes of the hash of a place, and how many chunks its files have. */
    private static final int WORDS = 3;

    private final long[] table = new long[BUCKETS * WAYS * WORDS];
    private final ByteSink text = new ByteSink(512);

    /** How many chunks the files below that node have; -1 when it is not known to be right. */
    long find(Place place) {
        byte[] hash = hash(place);
        for (int way = 0; way < WAYS; way++) {
            int at = at(hash, way);
            if (table[at] == LittleEndian.getLong(hash, 8) && table[at + 1] == LittleEndian.getLong(hash, 16)) {
                return table[at + 2];
            }
        }
        return -1;
    }

    /** All below that node is right, and its files have so many chunks. */
    void add(Place place, long chunks) {
        byte[] hash = hash(place);
        int at = at(hash, hash[31] & WAYS - 1);
        table[at] = LittleEndian.getLong(hash, 8);
        table[at + 1] = LittleEndian.getLong(hash, 16);
        table[at + 2] = chunks;
    }

    private static int at(byte[] hash, int way) {
        return ((LittleEndian.getInt(hash, 0) & BUCKETS - 1) * WAYS + way) * WORDS;
    }

    private byte[] hash(Place place) {
        text.clear();
        text.putInt(place.level()).putBytes(place.node().toBytes());
        putKey(place.after());
        putKey(place.last());
        text.putLong(place.totals().entries())
                .putLong(place.totals().files())
                .putLong(place.totals().directories())
                .putLong(place.totals().bytes())
                .putLong(place.totals().newest());
        return Hmac.sha256(text.array(), 0, text.length());
    }

    private void putKey(@Nullable TreePath key) {
        if (key == null) {
            text.putInt(-1);
        } else {
            text.putInt(key.directory().length()).putBytes(key.directory().array());
            text.putInt(key.name().length()).putBytes(key.name().array());
        }
    }
}
