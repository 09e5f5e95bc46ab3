package io.packstone.segment;

import io.packstone.bytes.ByteSink;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.crypto.Sealer;
import io.packstone.format.Footer;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.pack.PackTable;
import java.util.ArrayList;
import java.util.List;

/** Writes an index segment from the tables of packs. For one thread. */
public final class SegmentBuilder {
    /** With this much sealed, one more table and the entries still fit an object. */
    private static final int LENGTH_ENOUGH = 256 << 20;

    private final KeyRing keys;
    private final Sealer sealer;
    private final List<PackTable> tables = new ArrayList<>();
    private final List<SegmentId> superseded = new ArrayList<>();
    private final ByteSink output = new ByteSink(1 << 12);
    private final ByteSink runs = new ByteSink(1 << 10);
    private int entryCount;

    /** An empty segment, sealed with the operating system's randomness. */
    public SegmentBuilder(KeyRing keys) {
        this(keys, Randomness.secure());
    }

    /** An empty segment; salts are drawn from {@code randomness}. */
    public SegmentBuilder(KeyRing keys, Randomness randomness) {
        this.keys = keys;
        this.sealer = new Sealer(randomness);
        output.putBytes(Frame.header(FrameKind.INDEX_SEGMENT, keys.repository()));
    }

    /** The count of tables added. */
    public int tableCount() {
        return tables.size();
    }

    /** True when the next table might not fit any more. */
    public boolean isFull() {
        return tables.size() >= SegmentFormat.TABLES_MAX
                || entryCount > SegmentFormat.ENTRIES_MAX / 2
                || output.length() > LENGTH_ENOUGH;
    }

    /** Says that this segment has all that another one has, so that readers may leave that one out. */
    public void supersede(SegmentId id) {
        if (superseded.size() == SegmentFormat.SUPERSEDED_MAX) {
            throw new IllegalStateException("a segment supersedes at most " + superseded.size() + " others");
        }
        superseded.add(id);
    }

    /**
     * Adds the table of a pack of {@code length} bytes; the table is borrowed until {@link #toBytes}.
     *
     * @throws IllegalStateException when it does not fit any more; {@link #isFull} tells long before
     */
    public void add(PackId id, long length, PackTable table) {
        if (tables.size() == SegmentFormat.TABLES_MAX || table.rowCount() > SegmentFormat.ENTRIES_MAX - entryCount) {
            throw new IllegalStateException(
                    "the segment is full: " + tables.size() + " tables, " + entryCount + " rows");
        }
        ByteSink run = new ByteSink(SegmentFormat.RUN_HEAD_LENGTH + table.plainBytes().length);
        run.putBytes(id.toBytes()).putLong(length).putBytes(table.plainBytes());
        runs.putVarint(seal(SegmentFormat.RUN, tables.size(), run)).putVarint(run.length());
        tables.add(table);
        entryCount += table.rowCount();
    }

    private int seal(int part, int ordinal, ByteSink plain) {
        int length = Math.toIntExact(Sealer.sealedLength(plain.length()));
        int start = output.skip(length);
        byte[] associatedData = SegmentFormat.associatedData(keys.repository(), part, ordinal);
        return sealer.seal(keys.segmentKey(), associatedData, plain.array(), 0, plain.length(), output.array(), start);
    }

    /** The whole object. The builder is not to be used again. */
    public byte[] toBytes() {
        ByteSink directory = new ByteSink(runs.length() + 1024);
        directory.putByte(SegmentFormat.VERSION).putVarint(tables.size()).putBytes(runs.array(), 0, runs.length());
        putEntries(directory, SortedRows.of(tables));
        putFilter(directory);
        directory.putVarint(superseded.size());
        superseded.forEach(id -> directory.putBytes(id.toBytes()));
        long tableOffset = output.length();
        int stored = seal(SegmentFormat.DIRECTORY, 0, directory);
        long total = (long) output.length() + Footer.LENGTH;
        output.putBytes(new Footer(tableOffset, stored, directory.length(), total, keys.repository()).encode());
        return output.toBytes();
    }

    private void putEntries(ByteSink directory, SortedRows rows) {
        int pieces = (rows.count() + SegmentFormat.ENTRIES_PER_PIECE - 1) / SegmentFormat.ENTRIES_PER_PIECE;
        directory.putVarint(rows.count()).putVarint(pieces);
        ByteSink piece = new ByteSink(16 << 10);
        for (int i = 0; i < pieces; i++) {
            piece.clear();
            int from = i * SegmentFormat.ENTRIES_PER_PIECE;
            int to = Math.min(rows.count(), from + SegmentFormat.ENTRIES_PER_PIECE);
            for (int entry = from; entry < to; entry++) {
                piece.putLong(Long.reverseBytes(rows.prefix(entry)));
                piece.putShort(rows.table(entry)).putInt(rows.row(entry));
            }
            directory.putLong(Long.reverseBytes(rows.prefix(from)));
            directory.putVarint(seal(SegmentFormat.ENTRIES, i, piece)).putVarint(piece.length());
        }
    }

    private void putFilter(ByteSink directory) {
        ChunkFilter filter = ChunkFilter.forChunks(entryCount);
        for (PackTable table : tables) {
            for (int row = 0; row < table.rowCount(); row++) {
                if (!table.rowDead(row)) {
                    filter.add(table.rowId(row));
                }
            }
        }
        byte[] bytes = filter.array();
        ByteSink plain = new ByteSink(bytes.length).putBytes(bytes);
        directory
                .putVarint(seal(SegmentFormat.FILTER, 0, plain))
                .putVarint(bytes.length)
                .putByte(ChunkFilter.HASHES);
    }
}
