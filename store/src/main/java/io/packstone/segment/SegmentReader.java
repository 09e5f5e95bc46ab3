package io.packstone.segment;

import io.packstone.bytes.ByteCursor;
import io.packstone.bytes.LittleEndian;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Sealer;
import io.packstone.error.CorruptionException;
import io.packstone.error.LimitExceededException;
import io.packstone.format.Footer;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.pack.PackTable;
import io.packstone.pack.PackTableFormat;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks chunks up in an index segment: plain Java, with a few pieces and tables in memory at a time. Thread-safe.
 *
 * <p>What a segment says is a hint until the pack confirms it; it is sealed, so nobody without the structure key wrote it.
 */
public final class SegmentReader {
    private static final int PIECES_KEPT = 16;
    private static final int TABLES_KEPT = 8;

    private final RandomBytes object;
    private final KeyRing keys;
    private final String name;
    private final Sealer sealer = new Sealer();
    private final Map<Integer, byte[]> pieces = lru(PIECES_KEPT);
    private final Map<Integer, Run> runs = lru(TABLES_KEPT);
    private long[] runOffsets = new long[0];
    private int[] runPlainLengths = new int[0];
    private long[] pieceOffsets = new long[0];
    private int[] piecePlainLengths = new int[0];
    private long[] firstPrefixes = new long[0];
    private int entryCount;

    private SegmentReader(RandomBytes object, KeyRing keys, String name) {
        this.object = object;
        this.keys = keys;
        this.name = name;
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

    /** Reads header, footer and directory. */
    public static SegmentReader open(RandomBytes object, KeyRing keys, String name) throws IOException {
        SegmentReader reader = new SegmentReader(object, keys, name);
        reader.readDirectory();
        return reader;
    }

    private void readDirectory() throws IOException {
        long length = object.length();
        if (length < Frame.HEADER_LENGTH + Footer.LENGTH) {
            throw new CorruptionException(name, length, "a whole index segment", length + " bytes");
        }
        byte[] ends = new byte[Footer.LENGTH];
        object.read(0, ends, 0, Frame.HEADER_LENGTH);
        Frame.expectRepository(keys.repository(), Frame.checkHeader(FrameKind.INDEX_SEGMENT, ends, 0, name), name);
        object.read(length - Footer.LENGTH, ends, 0, Footer.LENGTH);
        Footer footer = Footer.decode(ends, 0, length, name);
        byte[] plain =
                open(SegmentFormat.DIRECTORY, 0, footer.tableOffset(), Math.toIntExact(footer.tablePlainLength()));
        ByteCursor cursor = new ByteCursor(plain, 0, plain.length, name + " (directory)");
        if (cursor.getByte() != SegmentFormat.VERSION) {
            throw cursor.corrupt("version " + SegmentFormat.VERSION, "another");
        }
        long offset = readRuns(cursor);
        offset = readPieces(cursor, offset);
        cursor.advance(cursor.getCount(1 << 16) * ChunkId.LENGTH);
        cursor.expectEnd();
        if (offset != footer.tableOffset()) {
            throw cursor.corrupt("pieces up to offset " + footer.tableOffset(), "offset " + offset);
        }
    }

    private long readRuns(ByteCursor cursor) throws CorruptionException {
        int count = cursor.getCount(Math.min(SegmentFormat.TABLES_MAX, cursor.remaining()));
        runOffsets = new long[count];
        runPlainLengths = new int[count];
        long offset = Frame.HEADER_LENGTH;
        for (int i = 0; i < count; i++) {
            runOffsets[i] = offset;
            int stored = cursor.getCount(SegmentFormat.PIECE_LENGTH_MAX);
            offset += stored;
            runPlainLengths[i] = plainLength(cursor, stored);
        }
        return offset;
    }

    private long readPieces(ByteCursor cursor, long start) throws CorruptionException {
        entryCount = cursor.getCount(SegmentFormat.ENTRIES_MAX * 2);
        int count = cursor.getCount(cursor.remaining());
        pieceOffsets = new long[count];
        piecePlainLengths = new int[count];
        firstPrefixes = new long[count];
        long offset = start;
        for (int i = 0; i < count; i++) {
            firstPrefixes[i] = Long.reverseBytes(cursor.getLong());
            pieceOffsets[i] = offset;
            int stored = cursor.getCount(SegmentFormat.PIECE_LENGTH_MAX);
            offset += stored;
            piecePlainLengths[i] = plainLength(cursor, stored);
        }
        return offset;
    }

    private static int plainLength(ByteCursor cursor, int storedLength) throws CorruptionException {
        int plain = cursor.getCount(SegmentFormat.PIECE_LENGTH_MAX);
        if (Sealer.plainLength(storedLength) != plain) {
            throw cursor.corrupt("the plain length of " + storedLength + " sealed bytes", plain + "");
        }
        return plain;
    }

    private byte[] open(int part, int ordinal, long offset, int plainLength) throws IOException {
        if (plainLength > SegmentFormat.PIECE_LENGTH_MAX) {
            throw new LimitExceededException(
                    name, "the length of a piece", plainLength, SegmentFormat.PIECE_LENGTH_MAX);
        }
        byte[] sealed = new byte[Math.toIntExact(Sealer.sealedLength(plainLength))];
        object.read(offset, sealed, 0, sealed.length);
        byte[] plain = new byte[plainLength];
        byte[] associatedData = SegmentFormat.associatedData(keys.repository(), part, ordinal);
        synchronized (sealer) {
            sealer.open(keys.segmentKey(), associatedData, sealed, 0, sealed.length, plain, 0, name);
        }
        return plain;
    }

    /** The count of tables. */
    public int tableCount() {
        return runOffsets.length;
    }

    /** The count of entries: rows that are not dead. */
    public int entryCount() {
        return entryCount;
    }

    /** One pack and its table. */
    public synchronized Run run(int index) throws IOException {
        Run run = runs.get(index);
        if (run == null) {
            byte[] plain = open(SegmentFormat.RUN, index, runOffsets[index], runPlainLengths[index]);
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
        for (int piece = firstPiece(id.prefix()); piece < firstPrefixes.length; piece++) {
            if (Long.compareUnsigned(firstPrefixes[piece], id.prefix()) > 0) {
                return null;
            }
            byte[] entries = piece(piece);
            int count = entries.length / SegmentFormat.ENTRY_LENGTH;
            for (int i = lowerBound(entries, count, id.prefix()); i < count && prefix(entries, i) == id.prefix(); i++) {
                int at = i * SegmentFormat.ENTRY_LENGTH;
                Run run = run(LittleEndian.getShort(entries, at + 8));
                int row = LittleEndian.getInt(entries, at + 10);
                if (run.table().rowId(row).equals(id) && run.table().rowType(row) == type) {
                    return new Hit(run.pack(), run.table(), row);
                }
            }
        }
        return null;
    }

    /** The first piece that can hold the prefix: the last one that begins below it, or the very first. */
    private int firstPiece(long prefix) {
        int low = 0;
        int high = firstPrefixes.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(firstPrefixes[middle], prefix) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Math.max(0, low - 1);
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

    private synchronized byte[] piece(int index) throws IOException {
        byte[] piece = pieces.get(index);
        if (piece == null) {
            piece = open(SegmentFormat.ENTRIES, index, pieceOffsets[index], piecePlainLengths[index]);
            pieces.put(index, piece);
        }
        return piece;
    }

    /** Opens and decodes everything, and finds every entry: damage is thrown. */
    public void verifyAll() throws IOException {
        int rows = 0;
        for (int i = 0; i < tableCount(); i++) {
            PackTable table = run(i).table();
            for (int row = 0; row < table.rowCount(); row++) {
                rows += table.rowDead(row) ? 0 : 1;
            }
        }
        int entries = 0;
        long last = 0;
        for (int i = 0; i < firstPrefixes.length; i++) {
            byte[] piece = piece(i);
            for (int entry = 0; entry < piece.length / SegmentFormat.ENTRY_LENGTH; entry++, entries++) {
                if (Long.compareUnsigned(prefix(piece, entry), last) < 0) {
                    throw new CorruptionException(name, "its entries are not sorted");
                }
                last = prefix(piece, entry);
            }
        }
        if (rows != entries || entries != entryCount) {
            throw new CorruptionException(name, rows + " rows, but " + entries + " entries");
        }
    }
}
