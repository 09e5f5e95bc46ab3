package io.packstone.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.bytes.LittleEndian;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.SegmentId;
import io.packstone.segment.RandomBytes;
import io.packstone.segment.SegmentReader;
import io.packstone.testkit.ClassPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An index of ten million chunks is made from segments in under a minute, in a JVM with a heap of 256 MiB, whose resident
 * memory stays under 400 MB. The child measures itself; the parent makes the segments.
 */
@Tag("soak")
class RebuildTest {
    private static final int SEGMENT_COUNT = 160;
    private static final int PACKS_PER_SEGMENT = 64;
    private static final int ROWS_PER_PACK = 1000;
    private static final long SECONDS_MAX = 60;
    private static final long RESIDENT_KIB_MAX = 400_000_000 / 1024;

    @TempDir
    Path folder;

    @Test
    void tenMillionChunks() throws Exception {
        Path segments = Files.createDirectory(folder.resolve("segments"));
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
            Files.write(segments.resolve(made.id().toHex()), made.bytes());
        }
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        ClassPath.option(),
                        RebuildTest.class.getName(),
                        segments.toString(),
                        folder.resolve("cache").toString())
                .inheritIO()
                .start();
        assertEquals(0, child.waitFor());
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

    /** The child: segments' folder, cache. Ends with an error when it was too slow or too large. */
    public static void main(String[] arguments) throws IOException {
        SyntheticPacks make = new SyntheticPacks(1);
        List<SegmentId> ids = new ArrayList<>();
        Path segments = Path.of(arguments[0]);
        try (Stream<Path> files = Files.list(segments)) {
            files.forEach(file -> ids.add(SegmentId.parse(file.getFileName().toString())));
        }
        long start = System.nanoTime();
        try (ChunkIndex index = IndexFolder.open(Path.of(arguments[1]), SyntheticPacks.repository(1))) {
            index.addSegments(ids, id -> open(segments.resolve(id.toHex()), make), (id, cause) -> {
                throw new AssertionError(cause);
            });
            double seconds = (System.nanoTime() - start) / 1e9;
            long chunks = index.chunkCount();
            assertEquals((long) SEGMENT_COUNT * PACKS_PER_SEGMENT * ROWS_PER_PACK, chunks);
            System.out.printf("%d chunks taken in, %.1f s, peak %d KiB%n", chunks, seconds, peakKib());
            assertTrue(seconds < SECONDS_MAX, "too slow");
            assertTrue(peakKib() < RESIDENT_KIB_MAX, "too large");
            lookUp(index);
            System.out.printf("peak %d KiB, %d bytes on disk%n", peakKib(), diskBytes(Path.of(arguments[1])));
        }
    }

    private static void lookUp(ChunkIndex index) throws IOException {
        SplittableRandom random = new SplittableRandom(-1);
        int missCount = 300_000;
        long start = System.nanoTime();
        for (int i = 0; i < missCount; i++) {
            assertNull(index.find(drawn(random), ChunkType.DATA));
        }
        long missed = System.nanoTime();
        int packCount = 300;
        for (int i = 0; i < packCount; i++) {
            SplittableRandom ids = new SplittableRandom(random.nextInt(SEGMENT_COUNT * PACKS_PER_SEGMENT));
            for (int row = 0; row < ROWS_PER_PACK; row++) {
                assertNotNull(index.find(drawn(ids), ChunkType.DATA));
            }
        }
        long inRuns = System.nanoTime();
        int scatteredCount = 20_000;
        for (int i = 0; i < scatteredCount; i++) {
            SplittableRandom ids = new SplittableRandom(random.nextInt(SEGMENT_COUNT * PACKS_PER_SEGMENT));
            assertNotNull(index.find(drawn(ids), ChunkType.DATA));
        }
        long end = System.nanoTime();
        System.out.printf(
                "misses %.0f/s, hits in runs of a pack %.0f/s, scattered hits %.0f/s%n",
                missCount * 1e9 / (missed - start),
                packCount * ROWS_PER_PACK * 1e9 / (inRuns - missed),
                scatteredCount * 1e9 / (end - inRuns));
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
                    assertEquals(0, buffer.remaining());
                }
            }

            @Override
            public long length() {
                return length;
            }
        };
        return SegmentReader.open(bytes, make.keys(), file.getFileName().toString());
    }

    private static long peakKib() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        }
    }

    private static long diskBytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(
                            file -> file.toFile().isFile() ? file.toFile().length() : 0)
                    .sum();
        }
    }
}
