package io.packstone.segment;

import io.packstone.bytes.ByteCursor;
import io.packstone.crypto.Sealer;
import io.packstone.error.CorruptionException;
import io.packstone.format.Frame;
import io.packstone.id.SegmentId;
import java.util.ArrayList;
import java.util.List;

/** Where the pieces of a segment stand. Validated whole, immutable; arrays, no object per piece. */
final class SegmentDirectory {
    private final String name;
    private long[] runOffsets = new long[0];
    private int[] runPlainLengths = new int[0];
    private int entryCount;
    private long[] pieceOffsets = new long[0];
    private int[] piecePlainLengths = new int[0];
    private long[] firstPrefixes = new long[0];
    private long filterOffset;
    private int filterPlainLength;
    private int filterHashes;
    private List<SegmentId> superseded = List.of();

    private SegmentDirectory(String name) {
        this.name = name;
    }

    /**
     * Reads a directory; {@code plain} is borrowed.
     *
     * @param tableOffset where the sealed directory starts: the pieces must end there
     */
    static SegmentDirectory decode(byte[] plain, long tableOffset, String name) throws CorruptionException {
        SegmentDirectory directory = new SegmentDirectory(name);
        ByteCursor cursor = new ByteCursor(plain, 0, plain.length, name + " (directory)");
        int version = cursor.getByte();
        if (version != SegmentFormat.VERSION) {
            throw cursor.corrupt("version " + SegmentFormat.VERSION, Integer.toString(version));
        }
        long offset = directory.readRuns(cursor, Frame.HEADER_LENGTH);
        offset = directory.readPieces(cursor, offset);
        offset = directory.readFilter(cursor, offset);
        directory.readSuperseded(cursor);
        cursor.expectEnd();
        if (offset != tableOffset) {
            throw cursor.corrupt("pieces up to offset " + tableOffset, "offset " + offset);
        }
        return directory;
    }

    private long readRuns(ByteCursor cursor, long start) throws CorruptionException {
        int count = cursor.getCount(Math.min(SegmentFormat.TABLES_MAX, cursor.remaining()));
        runOffsets = new long[count];
        runPlainLengths = new int[count];
        long offset = start;
        for (int i = 0; i < count; i++) {
            runOffsets[i] = offset;
            int stored = cursor.getCount(SegmentFormat.PIECE_LENGTH_MAX);
            runPlainLengths[i] = plainLength(cursor, stored);
            offset += stored;
        }
        return offset;
    }

    private long readPieces(ByteCursor cursor, long start) throws CorruptionException {
        entryCount = cursor.getCount(SegmentFormat.ENTRIES_MAX);
        int count = cursor.getCount(Math.min(entryCount, cursor.remaining()));
        pieceOffsets = new long[count];
        piecePlainLengths = new int[count];
        firstPrefixes = new long[count];
        long offset = start;
        long entries = 0;
        for (int i = 0; i < count; i++) {
            firstPrefixes[i] = Long.reverseBytes(cursor.getLong());
            pieceOffsets[i] = offset;
            int stored = cursor.getCount(SegmentFormat.PIECE_LENGTH_MAX);
            int plain = plainLength(cursor, stored);
            boolean ascending = i == 0 || Long.compareUnsigned(firstPrefixes[i - 1], firstPrefixes[i]) <= 0;
            if (!ascending || plain == 0 || plain % SegmentFormat.ENTRY_LENGTH != 0) {
                throw cursor.corrupt("a piece of sorted entries", plain + " bytes");
            }
            piecePlainLengths[i] = plain;
            entries += plain / SegmentFormat.ENTRY_LENGTH;
            offset += stored;
        }
        if (entries != entryCount) {
            throw cursor.corrupt("pieces of " + entryCount + " entries", Long.toString(entries));
        }
        return offset;
    }

    private long readFilter(ByteCursor cursor, long start) throws CorruptionException {
        filterOffset = start;
        int stored = cursor.getCount(SegmentFormat.PIECE_LENGTH_MAX);
        filterPlainLength = plainLength(cursor, stored);
        filterHashes = cursor.getByte();
        boolean fits = filterPlainLength > 0
                && filterPlainLength % 8 == 0
                && filterPlainLength <= ChunkFilter.LENGTH_MAX
                && filterHashes > 0
                && filterHashes <= ChunkFilter.HASHES_MAX;
        if (!fits) {
            throw cursor.corrupt("a filter", filterPlainLength + " bytes, " + filterHashes + " hashes");
        }
        return start + stored;
    }

    private void readSuperseded(ByteCursor cursor) throws CorruptionException {
        int count = cursor.getCount(Math.min(SegmentFormat.SUPERSEDED_MAX, cursor.remaining() / SegmentId.LENGTH));
        List<SegmentId> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(SegmentId.of(cursor.getBytes(SegmentId.LENGTH)));
        }
        superseded = List.copyOf(names);
    }

    private static int plainLength(ByteCursor cursor, int storedLength) throws CorruptionException {
        int plain = cursor.getCount(SegmentFormat.PIECE_LENGTH_MAX);
        if (Sealer.plainLength(storedLength) != plain) {
            throw cursor.corrupt("the plain length of " + storedLength + " sealed bytes", Integer.toString(plain));
        }
        return plain;
    }

    int runCount() {
        return runOffsets.length;
    }

    long runOffset(int run) {
        return runOffsets[run];
    }

    int runPlainLength(int run) {
        return runPlainLengths[run];
    }

    int entryCount() {
        return entryCount;
    }

    int pieceCount() {
        return pieceOffsets.length;
    }

    long pieceOffset(int piece) {
        return pieceOffsets[piece];
    }

    int piecePlainLength(int piece) {
        return piecePlainLengths[piece];
    }

    long firstPrefix(int piece) {
        return firstPrefixes[piece];
    }

    long filterOffset() {
        return filterOffset;
    }

    int filterPlainLength() {
        return filterPlainLength;
    }

    int filterHashes() {
        return filterHashes;
    }

    List<SegmentId> superseded() {
        return superseded;
    }

    /** The first piece that can hold the prefix: the last one that begins below it, or the very first. */
    int firstPieceFor(long prefix) {
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

    CorruptionException contradiction(String what) {
        return new CorruptionException(name, what);
    }
}
