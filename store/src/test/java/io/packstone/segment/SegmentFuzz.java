package io.packstone.segment;

import io.packstone.bytes.ByteSink;
import io.packstone.bytes.LittleEndian;
import io.packstone.crypto.Sealer;
import io.packstone.format.Footer;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.pack.SamplePacks;
import io.packstone.testkit.FuzzTarget;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Parsers of index segments: their directories, and whole ones. */
public final class SegmentFuzz {
    private SegmentFuzz() {}

    /** By name. */
    public static Map<String, FuzzTarget> targets() {
        return Map.of(
                "segment", SegmentFuzz::segment,
                "segment-pieces", SegmentFuzz::pieces,
                "segment-directory", SegmentFuzz::directory);
    }

    /** A valid input for some of them. */
    public static Map<String, byte[]> seeds() throws IOException {
        byte[] segment = SamplePacks.golden(SegmentFuzz.class, "segment.hex");
        Footer footer = Footer.decode(segment, segment.length - Footer.LENGTH, segment.length, "a sample");
        byte[] directory = new byte[8 + (int) footer.tablePlainLength()];
        LittleEndian.putLong(directory, 0, footer.tableOffset());
        byte[] aad = SegmentFormat.associatedData(SamplePacks.REPOSITORY, SegmentFormat.DIRECTORY, 0);
        new Sealer()
                .open(
                        SamplePacks.keys().segmentKey(),
                        aad,
                        segment,
                        (int) footer.tableOffset(),
                        (int) footer.tableStoredLength(),
                        directory,
                        8,
                        "a sample");
        SegmentReader.Run run = SegmentReader.open(RandomBytes.of(segment), SamplePacks.keys(), "a sample")
                .run(0);
        ByteSink table = new ByteSink(4096).putBytes(run.pack().toBytes()).putLong(run.packLength());
        byte[] first = table.putBytes(run.table().plainBytes()).toBytes();
        TreeMap<ChunkId, Integer> rows = new TreeMap<>();
        for (int row = 0; row < run.table().rowCount(); row++) {
            if (!run.table().rowDead(row)) {
                rows.put(run.table().rowId(row), row);
            }
        }
        ByteSink entries = new ByteSink(4096);
        rows.forEach(
                (id, row) -> entries.putBytes(id.toBytes(), 0, 8).putShort(0).putInt(row));
        byte[] entry = Arrays.copyOf(entries.toBytes(), 2 * entries.length());
        Arrays.fill(entry, entries.length(), entry.length, (byte) 0xff);
        return Map.of(
                "segment", segment, "segment-directory", directory, "segment-pieces", FuzzTarget.joined(first, entry));
    }

    private static void directory(byte[] input) throws IOException {
        if (input.length < 8) {
            return;
        }
        SegmentDirectory directory = SegmentDirectory.decode(
                Arrays.copyOfRange(input, 8, input.length), LittleEndian.getLong(input, 0), "input");
        for (int i = 0; i < directory.runCount(); i++) {
            if (directory.runOffset(i) < 0 || directory.runPlainLength(i) < 0) {
                throw new AssertionError("run " + i);
            }
        }
        directory.firstPieceFor(1L << 63);
        directory.superseded();
    }

    private static void segment(byte[] input) throws IOException {
        read(input);
    }

    private static void read(byte[] input) throws IOException {
        SegmentReader reader = SegmentReader.open(RandomBytes.of(input), SamplePacks.keys(), "input");
        for (ChunkType type : ChunkType.values()) {
            reader.find(ChunkId.of(new byte[32]), type);
        }
        reader.verifyAll();
    }

    /**
     * Any table, entries and filter behind seals that fit: the first part is the table (32 bytes of a pack's id, its length
     * and more), the rest is cut into entries and the filter.
     */
    private static void pieces(byte[] input) throws IOException {
        byte[] run = FuzzTarget.first(input);
        byte[] rest = FuzzTarget.rest(input);
        int entriesLength = rest.length / SegmentFormat.ENTRY_LENGTH / 2 * SegmentFormat.ENTRY_LENGTH;
        byte[] entries = Arrays.copyOf(rest, entriesLength);
        byte[] filter = Arrays.copyOfRange(rest, entriesLength, Math.max(entriesLength + 8, rest.length / 8 * 8));
        filter = Arrays.copyOf(filter, Math.max(8, filter.length / 8 * 8));
        ByteSink object = new ByteSink(4096).putBytes(Frame.header(FrameKind.INDEX_SEGMENT, SamplePacks.REPOSITORY));
        ByteSink directory = new ByteSink(256).putByte(SegmentFormat.VERSION).putVarint(1);
        lengths(directory, seal(object, SegmentFormat.RUN, run), run);
        int count = entriesLength / SegmentFormat.ENTRY_LENGTH;
        directory.putVarint(count).putVarint(count == 0 ? 0 : 1);
        if (count > 0) {
            directory.putBytes(entries, 0, 8);
            lengths(directory, seal(object, SegmentFormat.ENTRIES, entries), entries);
        }
        lengths(directory, seal(object, SegmentFormat.FILTER, filter), filter);
        directory.putByte(7).putVarint(0);
        long tableOffset = object.length();
        int stored = seal(object, SegmentFormat.DIRECTORY, directory.toBytes());
        long total = object.length() + (long) Footer.LENGTH;
        object.putBytes(new Footer(tableOffset, stored, directory.length(), total, SamplePacks.REPOSITORY).encode());
        read(object.toBytes());
    }

    private static void lengths(ByteSink directory, int stored, byte[] plain) {
        directory.putVarint(stored).putVarint(plain.length);
    }

    private static int seal(ByteSink object, int part, byte[] plain) {
        byte[] sealed = new byte[(int) Sealer.sealedLength(plain.length)];
        byte[] aad = SegmentFormat.associatedData(SamplePacks.REPOSITORY, part, 0);
        new Sealer(SamplePacks.seeded(part))
                .seal(SamplePacks.keys().segmentKey(), aad, plain, 0, plain.length, sealed, 0);
        object.putBytes(sealed);
        return sealed.length;
    }
}
