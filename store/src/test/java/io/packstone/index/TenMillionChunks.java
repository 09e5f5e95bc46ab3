package io.packstone.index;

import static io.packstone.testkit.MeasuredChild.peakKib;
import static io.packstone.testkit.MeasuredChild.say;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.packstone.bytes.LittleEndian;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.SegmentId;
import io.packstone.segment.RandomBytes;
import io.packstone.segment.SegmentReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;

/** Segments that speak of ten million chunks, and a program that loads them, asks, and says how it went in lines. */
final class TenMillionChunks {
    private static final int SEGMENT_COUNT = 160;
    private static final int PACKS_PER_SEGMENT = 64;
    private static final int ROWS_PER_PACK = 1000;
    static final int COUNT = SEGMENT_COUNT * PACKS_PER_SEGMENT * ROWS_PER_PACK;

    private final ChunkIndex index;
    private final MessageDigest answers = sha256();

    private TenMillionChunks(ChunkIndex index) {
        this.index = index;
    }

    static void write(Path folder) throws IOException {
        for (int segment = 0; segment < SEGMENT_COUNT; segment++) {
            SyntheticPacks make = new SyntheticPacks(1);
            List<SyntheticPacks.Pack> packs = new ArrayList<>();
            for (int pack = 0; pack < PACKS_PER_SEGMENT; pack++) {
                List<SyntheticPacks.Row> rows = new ArrayList<>(ROWS_PER_PACK);
                SplittableRandom ids = new SplittableRandom(segment * PACKS_PER_SEGMENT + pack);
                for (int row = 0; row < ROWS_PER_PACK; row++) {
                    rows.add(new SyntheticPacks.Row(drawn(ids), ChunkType.DATA, false));
                }
                packs.add(make.pack(rows, packNumber(segment, pack)));
            }
            SyntheticPacks.Segment made = make.segment(packs);
            Files.write(folder.resolve(made.id().toHex()), made.bytes());
        }
    }

    private static byte[] packNumber(int segment, int pack) {
        byte[] number = new byte[32];
        LittleEndian.putInt(number, 0, segment);
        LittleEndian.putInt(number, 4, pack);
        return number;
    }

    private static ChunkId drawn(SplittableRandom random) {
        byte[] bytes = new byte[ChunkId.LENGTH];
        random.nextBytes(bytes);
        return ChunkId.of(bytes);
    }

    /** {@code stored} or {@code plain}, the segments' folder, a cache. */
    public static void main(String[] arguments) throws IOException {
        boolean plain = arguments[0].equals("plain");
        SyntheticPacks make = new SyntheticPacks(1);
        Path segments = Path.of(arguments[1]);
        List<SegmentId> ids = new ArrayList<>();
        try (Stream<Path> files = Files.list(segments)) {
            files.sorted()
                    .forEach(file -> ids.add(SegmentId.parse(file.getFileName().toString())));
        }
        say("rocksdb", rocksIsThere() ? "there" : "absent");
        Path cache = Path.of(arguments[2]);
        long start = System.nanoTime();
        try (ChunkIndex index = plain ? new SegmentIndex() : IndexFolder.open(cache, SyntheticPacks.repository(1))) {
            index.addSegments(ids, id -> open(segments.resolve(id.toHex()), make), (id, cause) -> {
                throw new AssertionError(cause);
            });
            say("load-seconds", (System.nanoTime() - start) / 1e9);
            say("load-cpu-seconds", cpu().toMillis() / 1e3);
            say("load-peak-kib", peakKib());
            TenMillionChunks asking = new TenMillionChunks(index);
            asking.ask(plain ? 1 : 3);
            say("chunks", index.chunkCount());
            say("peak-kib", peakKib());
        }
        say("bytes-on-disk", plain ? 0 : diskBytes(cache));
    }

    private static boolean rocksIsThere() {
        try {
            return Class.forName("org.rocksdb.RocksDB", false, TenMillionChunks.class.getClassLoader()) != null;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Asks for chunks nobody knows, for all of some packs, and for single ones; {@code times} for the measurement. */
    private void ask(int times) throws IOException {
        for (int time = 0; time < times; time++) {
            SplittableRandom random = new SplittableRandom(-1);
            measure("misses", 100_000, () -> assertNull(index.find(drawn(random), ChunkType.DATA)));
            SplittableRandom[] ids = {null};
            int[] row = {0};
            measure("hits-in-runs", 100 * ROWS_PER_PACK, () -> {
                if (row[0]++ % ROWS_PER_PACK == 0) {
                    ids[0] = somePack(random);
                }
                find(ids[0]);
            });
            measure("scattered-hits", 5000, () -> find(somePack(random)));
            say("answers", HexFormat.of().formatHex(answers.digest()));
        }
    }

    private static SplittableRandom somePack(SplittableRandom random) {
        return new SplittableRandom(random.nextInt(SEGMENT_COUNT * PACKS_PER_SEGMENT));
    }

    private void find(SplittableRandom ids) throws IOException {
        ChunkLocation found = index.find(drawn(ids), ChunkType.DATA);
        assertNotNull(found);
        answers.update((found.pack() + " " + found.row()).getBytes(StandardCharsets.UTF_8));
    }

    private interface Question {
        void ask() throws IOException;
    }

    private static void measure(String what, int count, Question question) throws IOException {
        long start = System.nanoTime();
        Duration before = cpu();
        for (int i = 0; i < count; i++) {
            question.ask();
        }
        double perSecond = count * 1e9 / (System.nanoTime() - start);
        double perCpuSecond = count * 1e9 / cpu().minus(before).toNanos();
        say(what + "-per-second", String.format("%.0f, %.0f of processor time", perSecond, perCpuSecond));
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    private static SegmentReader open(Path file, SyntheticPacks make) throws IOException {
        long length = Files.size(file);
        RandomBytes bytes = new RandomBytes() {
            @Override
            public void read(long offset, byte[] target, int targetOffset, int count) throws IOException {
                try (FileChannel channel = FileChannel.open(file)) {
                    ByteBuffer buffer = ByteBuffer.wrap(target, targetOffset, count);
                    while (buffer.hasRemaining()
                            && channel.read(buffer, offset + buffer.position() - targetOffset) > 0) {
                        assert buffer.position() <= targetOffset + count;
                    }
                    Assertions.assertEquals(0, buffer.remaining());
                }
            }

            @Override
            public long length() {
                return length;
            }
        };
        return SegmentReader.open(bytes, make.keys(), file.getFileName().toString());
    }

    private static long diskBytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(
                            file -> file.toFile().isFile() ? file.toFile().length() : 0)
                    .sum();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
