package io.packstone.index;

import io.packstone.bytes.ByteSink;
import io.packstone.bytes.LittleEndian;
import io.packstone.crypto.Sealer;
import io.packstone.error.CorruptionException;
import io.packstone.format.Footer;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.pack.PackTable;
import io.packstone.pack.PackTableFormat;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The table of a known pack and a hash table over its live rows, so that the neighbours of a chunk that was found are
 * found without the database. Thread-safe.
 *
 * <p>Format of the stored form: pack id 32, pack length u64, table.
 */
final class KnownTable {
    private static final int HEAD_LENGTH = PackId.LENGTH + 8;

    /** 2^64 divided by the golden ratio: spreads ids that are not random (Knuth, volume 3, section 6.4). */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final PackId pack;
    private final PackTable table;
    private volatile int @Nullable [] slots;
    private volatile boolean answered;

    KnownTable(PackId pack, PackTable table) {
        this.pack = pack;
        this.table = table;
    }

    /** Made at the first search: chunks that are scattered over many packs never need it. */
    private int[] slots() {
        int[] made = slots;
        if (made == null) {
            made = new int[slotCount()];
            for (int row = 0; row < table.rowCount(); row++) {
                if (!table.rowDead(row)) {
                    int slot = slot(table.rowId(row), made.length);
                    while (made[slot] != 0) {
                        slot = slot + 1 & made.length - 1;
                    }
                    made[slot] = row + 1;
                }
            }
            slots = made;
        }
        return made;
    }

    /** A power of two, more than the rows and at most four times as many. */
    private int slotCount() {
        return 1 << 33 - Integer.numberOfLeadingZeros(Math.max(1, table.rowCount()));
    }

    static byte[] encode(PackId pack, long packLength, PackTable table) {
        byte[] plain = table.plainBytes();
        ByteSink stored = new ByteSink(HEAD_LENGTH + plain.length);
        return stored.putBytes(pack.toBytes())
                .putLong(packLength)
                .putBytes(plain)
                .toBytes();
    }

    static KnownTable decode(byte[] stored) throws CorruptionException {
        String name = "a pack table in the local index";
        if (stored.length < HEAD_LENGTH) {
            throw new CorruptionException(name, stored.length, "a whole table", "its end");
        }
        byte[] plain = Arrays.copyOfRange(stored, HEAD_LENGTH, stored.length);
        long packLength = LittleEndian.getLong(stored, PackId.LENGTH);
        long tableOffset = packLength - Footer.LENGTH - Sealer.sealedLength(plain.length);
        return new KnownTable(PackId.of(stored, 0), PackTableFormat.decode(plain, name, tableOffset));
    }

    private static int slot(ChunkId id, int slotCount) {
        return (int) (id.prefix() * SPREAD >>> Integer.numberOfLeadingZeros(slotCount - 1) + 32);
    }

    PackId pack() {
        return pack;
    }

    PackTable table() {
        return table;
    }

    /** The count of rows that are not dead. */
    static int liveCount(PackTable table) {
        int live = 0;
        for (int row = 0; row < table.rowCount(); row++) {
            live += table.rowDead(row) ? 0 : 1;
        }
        return live;
    }

    /** About how much memory this takes, in bytes. */
    int footprint() {
        return table.footprint() + slotCount() * 4;
    }

    /** Notes an answer; true when it is not the first: a run of neighbours may have begun. */
    boolean answersAgain() {
        boolean again = answered;
        answered = true;
        return again;
    }

    /** The first live row of that chunk, -1 when there is none. */
    int find(ChunkId id, ChunkType type) {
        int[] among = slots();
        for (int slot = slot(id, among.length); among[slot] != 0; slot = slot + 1 & among.length - 1) {
            if (holds(among[slot] - 1, id, type)) {
                return among[slot] - 1;
            }
        }
        return -1;
    }

    /** True when {@code row} exists, is not dead and is that chunk's. */
    boolean holds(int row, ChunkId id, ChunkType type) {
        return row >= 0
                && row < table.rowCount()
                && table.isRow(row, id)
                && table.rowType(row) == type
                && !table.rowDead(row);
    }

    ChunkLocation location(int row) {
        return new ChunkLocation(pack, table, row);
    }
}
