package io.packstone.maintenance;

import io.packstone.bytes.ByteSink;
import io.packstone.bytes.LittleEndian;
import io.packstone.crypto.Hmac;
import io.packstone.manifest.ManifestCursor.Place;
import io.packstone.metadata.TreePath;
import org.jspecify.annotations.Nullable;

/**
 * Nodes below which all was found right, so that what many snapshots share is walked once. Keeps up to {@value #SLOTS} of them
 * in 6 MiB; one takes the place of another, which is walked again. For one thread.
 */
final class CheckedNodes {
    private static final int SLOTS = 1 << 18;

    /** Sixteen bytes of the hash of a place, and how many chunks its files have. */
    private static final int WORDS = 3;

    private final long[] table = new long[SLOTS * WORDS];
    private final ByteSink text = new ByteSink(512);

    /** How many chunks the files below that node have; -1 when it is not known to be right. */
    long find(Place place) {
        byte[] hash = hash(place);
        int at = at(hash);
        boolean found = table[at] == LittleEndian.getLong(hash, 8) && table[at + 1] == LittleEndian.getLong(hash, 16);
        return found ? table[at + 2] : -1;
    }

    /** All below that node is right, and its files have so many chunks. */
    void add(Place place, long chunks) {
        byte[] hash = hash(place);
        int at = at(hash);
        table[at] = LittleEndian.getLong(hash, 8);
        table[at + 1] = LittleEndian.getLong(hash, 16);
        table[at + 2] = chunks;
    }

    private static int at(byte[] hash) {
        return (LittleEndian.getInt(hash, 0) & SLOTS - 1) * WORDS;
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
