package io.packstone.segment;

import io.packstone.bytes.ByteSink;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Sealer;
import io.packstone.format.Footer;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.PackId;
import io.packstone.pack.PackTable;
import java.util.ArrayList;
import java.util.List;

/** Writes an index segment from the tables of packs. For one thread. */
public final class SegmentBuilder {
    private final KeyRing keys;
    private final Sealer sealer = new Sealer();
    private final List<PackTable> tables = new ArrayList<>();
    private final ByteSink output = new ByteSink(1 << 20);
    private final ByteSink runs = new ByteSink(1 << 10);
    private int entryCount;

    /** An empty segment. */
    public SegmentBuilder(KeyRing keys) {
        this.keys = keys;
        output.putBytes(Frame.header(FrameKind.INDEX_SEGMENT, keys.repository()));
    }

    /** The count of tables added. */
    public int tableCount() {
        return tables.size();
    }

    /** True when the next table might not fit any more. */
    public boolean isFull() {
        return tables.size() >= SegmentFormat.TABLES_MAX || entryCount > SegmentFormat.ENTRIES_MAX / 2;
    }

    /** Adds the table of a pack of {@code length} bytes. */
    public void add(PackId id, long length, PackTable table) {
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
        SortedRows rows = SortedRows.of(tables);
        ByteSink directory = new ByteSink(runs.length() + 1024);
        directory.putByte(SegmentFormat.VERSION).putVarint(tables.size()).putBytes(runs.array(), 0, runs.length());
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
        directory.putVarint(0);
        long tableOffset = output.length();
        int stored = seal(SegmentFormat.DIRECTORY, 0, directory);
        long total = output.length() + Footer.LENGTH;
        output.putBytes(new Footer(tableOffset, stored, directory.length(), total, keys.repository()).encode());
        return output.toBytes();
    }
}
