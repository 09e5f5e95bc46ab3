package io.packstone.segment;

import io.packstone.bytes.ByteCursor;
import io.packstone.bytes.LittleEndian;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Sealer;
import io.packstone.error.CorruptionException;
import io.packstone.format.Footer;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.pack.PackTable;
import io.packstone.pack.PackTableFormat;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks chunks up in an index segment: plain Java, with a few pieces and tables in memory at a time. Thread-safe; one
 * read at a time.
 *
 * <p>What a segment says is a hint until the pack confirms it; it is sealed, so nobody without the structure key wrote it.
 * A look-up of a chunk that is not there reads nothing but the filter, once; one that is there reads a piece and a table
 * unless they were read lately.
 */
public final class SegmentReader {
    private static final int PIECES_KEPT = 16;
    private static final int TABLES_KEPT = 8;

    private final RandomBytes object;
    private final KeyRing keys;
    private final String name;
    private final SegmentDirectory directory;
    private final Sealer sealer;
    private final Map<Integer, byte[]> pieces = lru(PIECES_KEPT);
    private final Map<Integer, Run> runs = lru(TABLES_KEPT);
    private @Nullable ChunkFilter filter;

    private SegmentReader(RandomBytes object, KeyRing keys, String name) throws IOException {
        this.object = object;
        this.keys = keys;
        this.name = name;
        this.sealer = new Sealer();
        this.directory = readDirectory();
    }

    /** A pack and its table. */
    public record Run(PackId pack, long packLength, PackTable table) {}

    /** Where a chunk was found. */
    public record Hit(PackId pack, PackTable table, int row) {}

    private static <T> Map<Integer, T> lru(int kept) {
        return new LinkedHashMap<>(kept * 2, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, T> eldest) {
                return size() > kept;
            }
        };
    }

    /**
     * Reads header, footer and directory. Memory is bounded by the length of the directory, whatever it says.
     *
     * @throws CorruptionException when they are not what {@link SegmentBuilder} wrote with these keys
     */
    public static SegmentReader open(RandomBytes object, KeyRing keys, String name) throws IOException {
        return new SegmentReader(object, keys, name);
    }

    private SegmentDirectory readDirectory() throws IOException {
        long length = object.length();
        if (length < Frame.HEADER_LENGTH + Footer.LENGTH) {
            throw new CorruptionException(name, length, "a whole index segment", length + " bytes");
        }
        byte[] ends = new byte[Footer.LENGTH];
        object.read(0, ends, 0, Frame.HEADER_LENGTH);
        Frame.expectRepository(keys.repository(), Frame.checkHeader(FrameKind.INDEX_SEGMENT, ends, 0, name), name);
        object.read(length - Footer.LENGTH, ends, 0, Footer.LENGTH);
        Footer footer = Footer.decode(ends, 0, length, name);
        Frame.expectRepository(keys.repository(), footer.repository(), name);
        byte[] plain =
                open(SegmentFormat.DIRECTORY, 0, footer.tableOffset(), Math.toIntExact(footer.tablePlainLength()));
        return SegmentDirectory.decode(plain, footer.tableOffset(), name);
    }

    private byte[] open(int part, int ordinal, long offset, int plainLength) throws IOException {
        byte[] sealed = new byte[Math.toIntExact(Sealer.sealedLength(plainLength))];
        object.read(offset, sealed, 0, sealed.length);
        byte[] plain = new byte[plainLength];
        byte[] associatedData = SegmentFormat.associatedData(keys.repository(), part, ordinal);
        sealer.open(keys.segmentKey(), associatedData, sealed, 0, sealed.length, plain, 0, name);
        return plain;
    }

    /** The count of tables. */
    public int tableCount() {
        return directory.runCount();
    }

    /** The count of entries: rows that are not dead. */
    public int entryCount() {
        return directory.entryCount();
    }

    /** The segments that this one says all of. */
    public List<SegmentId> superseded() {
        return directory.superseded();
    }

    /** One pack and its table. */
    public synchronized Run run(int index) throws IOException {
        Run run = runs.get(index);
        if (run == null) {
            byte[] plain = open(SegmentFormat.RUN, index, directory.runOffset(index), directory.runPlainLength(index));
            ByteCursor cursor = new ByteCursor(plain, 0, plain.length, name);
            PackId pack = PackId.of(cursor.getBytes(PackId.LENGTH));
            long packLength = cursor.getLong();
            byte[] table = cursor.getBytes(cursor.remaining());
            long tableOffset = packLength - Footer.LENGTH - Sealer.sealedLength(table.length);
            run = new Run(
                    pack, packLength, PackTableFormat.decode(table, name + " (table " + index + ")", tableOffset));
            runs.put(index, run);
        }
        return run;
    }

    /** Where a live chunk of that id and type stands, null when this segment does not know it. */
    public @Nullable Hit find(ChunkId id, ChunkType type) throws IOException {
        if (!filter().mayHold(id)) {
            return null;
        }
        long prefix = id.prefix();
        for (int piece = directory.firstPieceFor(prefix); piece < directory.pieceCount(); piece++) {
            if (Long.compareUnsigned(directory.firstPrefix(piece), prefix) > 0) {
                return null;
            }
            Hit hit = find(piece(piece), id, type);
            if (hit != null) {
                return hit;
            }
        }
        return null;
    }

    private @Nullable Hit find(byte[] entries, ChunkId id, ChunkType type) throws IOException {
        int count = entries.length / SegmentFormat.ENTRY_LENGTH;
        for (int i = lowerBound(entries, count, id.prefix()); i < count && prefix(entries, i) == id.prefix(); i++) {
            Run run = run(tableOf(entries, i));
            int row = row(entries, i);
            if (row < 0 || row >= run.table().rowCount()) {
                throw directory.contradiction("an entry names row " + row + ", the table has none");
            }
            if (run.table().isRow(row, id)
                    && run.table().rowType(row) == type
                    && !run.table().rowDead(row)) {
                return new Hit(run.pack(), run.table(), row);
            }
        }
        return null;
    }

    private static int lowerBound(byte[] entries, int count, long prefix) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(prefix(entries, middle), prefix) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static long prefix(byte[] entries, int entry) {
        return Long.reverseBytes(LittleEndian.getLong(entries, entry * SegmentFormat.ENTRY_LENGTH));
    }

    private int tableOf(byte[] entries, int entry) throws CorruptionException {
        int table = LittleEndian.getShort(entries, entry * SegmentFormat.ENTRY_LENGTH + 8);
        if (table >= tableCount()) {
            throw directory.contradiction("an entry names table " + table + ", there are " + tableCount());
        }
        return table;
    }

    private static int row(byte[] entries, int entry) {
        return LittleEndian.getInt(entries, entry * SegmentFormat.ENTRY_LENGTH + 10);
    }

    private synchronized byte[] piece(int index) throws IOException {
        byte[] piece = pieces.get(index);
        if (piece == null) {
            piece = open(SegmentFormat.ENTRIES, index, directory.pieceOffset(index), directory.piecePlainLength(index));
            pieces.put(index, piece);
        }
        return piece;
    }

    private synchronized ChunkFilter filter() throws IOException {
        if (filter == null) {
            byte[] plain = open(SegmentFormat.FILTER, 0, directory.filterOffset(), directory.filterPlainLength());
            filter = new ChunkFilter(plain, directory.filterHashes());
        }
        return filter;
    }

    /** Shows every entry, sorted by prefix (unsigned), table and row; damage on the way is thrown. */
    public void forEachEntry(EntryVisitor visitor) throws IOException {
        for (int i = 0; i < directory.pieceCount(); i++) {
            byte[] entries = piece(i);
            if (prefix(entries, 0) != directory.firstPrefix(i)) {
                throw directory.contradiction("piece " + i + " does not begin as the directory says");
            }
            for (int entry = 0; entry < entries.length / SegmentFormat.ENTRY_LENGTH; entry++) {
                visitor.entry(prefix(entries, entry), tableOf(entries, entry), row(entries, entry));
            }
        }
    }

    /** Opens and decodes everything, and compares entries and filter with the rows of the tables: damage is thrown. */
    public void verifyAll() throws IOException {
        EntryTally rows = new EntryTally();
        for (int i = 0; i < tableCount(); i++) {
            PackTable table = run(i).table();
            for (int row = 0; row < table.rowCount(); row++) {
                if (!table.rowDead(row)) {
                    rows.entry(table.rowId(row).prefix(), i, row);
                    if (!filter().mayHold(table.rowId(row))) {
                        throw directory.contradiction("its filter does not know chunk " + table.rowId(row));
                    }
                }
            }
        }
        EntryTally entries = new EntryTally();
        forEachEntry(entries);
        if (!entries.isSorted() || !entries.equalsInAnyOrder(rows)) {
            throw directory.contradiction("its entries are not the rows of its tables, sorted");
        }
    }
}
