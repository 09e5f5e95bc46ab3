package io.packstone.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.error.CorruptionException;
import io.packstone.id.PackId;
import io.packstone.id.RepositoryId;
import io.packstone.id.SegmentId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

class IndexFolderTest {
    private static final RepositoryId REPOSITORY = SyntheticPacks.repository(1);

    private static final int VIEWS = 40;
    private static final int FILLED = 10;

    @TempDir
    Path cache;

    private ChunkIndex open() throws IOException {
        return IndexFolder.open(cache, REPOSITORY);
    }

    private Path folder() {
        return cache.resolve(REPOSITORY.toString());
    }

    /** Takes in the segment of one pack, so that it is known to others as well. */
    private static void addSegment(ChunkIndex index, long seed) throws IOException {
        SyntheticPacks.Segment segment = OtherProcess.segment(seed);
        index.addSegment(segment.id(), new SyntheticPacks(seed).open(segment));
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder().resolve("index"))) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    /** Fills the index so that it has files of its own, and closes it. */
    private void fill() throws IOException {
        try (ChunkIndex index = open()) {
            for (long seed = 1; seed <= 10; seed++) {
                addSegment(index, seed);
            }
        }
        try (ChunkIndex index = open()) {
            assertFalse(index.rebuilt());
        }
        assertFalse(files(".sst").isEmpty());
    }

    private void assertStartsAfresh() throws IOException {
        try (ChunkIndex index = open()) {
            assertTrue(index.rebuilt());
            assertEquals(0, index.chunkCount());
            assertEquals(0, index.segments().size());
            assertFalse(OtherProcess.knows(index, 1));
            addSegment(index, 1);
            assertTrue(OtherProcess.knows(index, 1));
        }
        try (ChunkIndex index = open()) {
            assertFalse(index.rebuilt());
            assertTrue(OtherProcess.knows(index, 1));
            assertEquals(200, index.chunkCount());
        }
    }

    @Test
    void knowsAfterReopeningWhatItKnew() throws IOException {
        try (ChunkIndex index = open()) {
            assertFalse(index.rebuilt());
            addSegment(index, 1);
            OtherProcess.add(index, 2);
            addSegment(index, 2);
            addSegment(index, 3);
            index.removePack(OtherProcess.pack(3).id());
        }
        try (ChunkIndex index = open()) {
            assertFalse(index.rebuilt());
            assertTrue(OtherProcess.knows(index, 1));
            assertTrue(OtherProcess.knows(index, 2));
            assertFalse(OtherProcess.knows(index, 3));
            assertTrue(index.hasSegment(OtherProcess.segment(2).id()));
            assertEquals(400, index.chunkCount());
            OtherProcess.add(index, 4);
            assertTrue(OtherProcess.knows(index, 4));
            assertTrue(OtherProcess.knows(index, 1));
        }
    }

    /** Other clients can't find a pack that no segment speaks of: a later run must not come to rest on it. */
    @Test
    void aPackWithoutASegmentIsKnownUntilTheIndexIsClosed() throws IOException {
        try (ChunkIndex index = open()) {
            OtherProcess.add(index, 1);
            addSegment(index, 2);
            assertTrue(OtherProcess.knows(index, 1));
            try (ChunkIndex second = open()) {
                assertFalse(OtherProcess.knows(second, 1));
                assertFalse(second.hasPack(OtherProcess.pack(1).id()));
                assertTrue(OtherProcess.knows(second, 2));
                assertEquals(200, second.chunkCount());
                OtherProcess.add(second, 1);
                assertTrue(OtherProcess.knows(second, 1));
                assertEquals(400, second.chunkCount());
            }
        }
        try (ChunkIndex index = open()) {
            assertFalse(OtherProcess.knows(index, 1));
            assertFalse(index.hasPack(OtherProcess.pack(1).id()));
            assertTrue(OtherProcess.knows(index, 2));
            assertEquals(200, index.chunkCount());
        }
    }

    @Test
    void aDeletedFileCostsTimeOnly() throws IOException {
        fill();
        Files.delete(files(".sst").get(0));
        assertStartsAfresh();
    }

    @Test
    void aTruncatedFileCostsTimeOnly() throws IOException {
        fill();
        Path file = files(".sst").get(0);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(file) / 2);
        }
        assertStartsAfresh();
    }

    @Test
    void damagedNamesOfFilesCostTimeOnly() throws IOException {
        fill();
        Files.writeString(folder().resolve("index").resolve("CURRENT"), "nonsense\n");
        assertStartsAfresh();
    }

    @Test
    void turnedOverBytesAreNoticedAndTheNextOpenStartsAfresh() throws IOException {
        fill();
        for (Path file : files(".sst")) {
            byte[] bytes = Files.readAllBytes(file);
            for (int i = 0; i < bytes.length / 2; i++) {
                bytes[i] ^= 0x55;
            }
            Files.write(file, bytes);
        }
        boolean noticed = false;
        try (ChunkIndex index = open()) {
            noticed = index.rebuilt();
            for (long seed = 1; seed <= 10; seed++) {
                OtherProcess.knows(index, seed);
            }
        } catch (CorruptionException e) {
            noticed = true;
        }
        assertTrue(noticed);
        try (ChunkIndex index = open()) {
            OtherProcess.add(index, 1);
            assertTrue(OtherProcess.knows(index, 1));
        }
    }

    @Test
    void theFolderOfAnotherRepositoryIsNotBelieved() throws IOException {
        fill();
        RepositoryId other = SyntheticPacks.repository(2);
        Files.move(folder(), cache.resolve(other.toString()));
        try (ChunkIndex index = IndexFolder.open(cache, other)) {
            assertTrue(index.rebuilt());
            assertFalse(OtherProcess.knows(index, 1));
            assertEquals(0, index.segments().size());
        }
    }

    @Test
    void aDatabaseThatIsNoIndexIsThrownAway() throws Exception {
        Path database = Files.createDirectories(folder().resolve("index"));
        RocksDB.loadLibrary();
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB foreign = RocksDB.open(options, database.toString())) {
            foreign.put(new byte[] {1}, new byte[] {2});
        }
        assertStartsAfresh();
    }

    @Test
    void aFolderThatCannotBeMadeCostsTimeOnly() throws IOException {
        Path file = Files.writeString(cache.resolve("file"), "");
        try (ChunkIndex index = IndexFolder.open(file, REPOSITORY)) {
            OtherProcess.add(index, 1);
            assertTrue(OtherProcess.knows(index, 1));
        }
    }

    /** One by one, and through sorted files. */
    @ParameterizedTest
    @ValueSource(ints = {1, 10})
    void theTablesBeforeTheDamageOfASegmentAreTakenIn(int segmentCount) throws IOException {
        SyntheticPacks make = new SyntheticPacks(50);
        List<SyntheticPacks.Segment> segments = new ArrayList<>();
        List<SyntheticPacks.Pack> packs = new ArrayList<>();
        for (int i = 0; i < segmentCount; i++) {
            packs.add(make.pack(make.rows(300)));
            packs.add(make.pack(make.rows(300)));
            segments.add(make.segment(packs.subList(2 * i, 2 * i + 2)));
        }
        byte[] damaged = segments.get(0).bytes();
        damaged[32 + 300 * 60] ^= 1;
        List<SegmentId> ids = segments.stream().map(SyntheticPacks.Segment::id).toList();
        List<SegmentId> leftOut = new ArrayList<>();
        try (ChunkIndex index = open()) {
            ChunkIndex.SegmentSource source = id -> make.open(segments.get(ids.indexOf(id)));
            index.addSegments(ids, source, (id, cause) -> leftOut.add(id));
            assertEquals(List.of(ids.get(0)), leftOut);
            assertFalse(index.hasSegment(ids.get(0)));
            assertTrue(index.hasPack(packs.get(0).id()));
            assertFalse(index.hasPack(packs.get(1).id()));
            assertEquals(300 * (2L * segmentCount - 1), index.chunkCount());
            damaged[32 + 300 * 60] ^= 1;
            index.addSegment(ids.get(0), source.open(ids.get(0)));
            assertEquals(300 * 2L * segmentCount, index.chunkCount());
            for (SyntheticPacks.Pack pack : packs) {
                List<ChunkLocation> found =
                        index.findAll(pack.table().rowId(7), pack.table().rowType(7));
                assertEquals(1, found.size());
            }
        }
    }

    @Test
    void aSecondIndexInThisProcessSeesTheFirstAndKeepsItsOwn() throws IOException {
        try (ChunkIndex first = open()) {
            addSegment(first, 1);
            try (ChunkIndex second = open()) {
                assertInstanceOf(LayeredIndex.class, second);
                assertTrue(OtherProcess.knows(second, 1));
                OtherProcess.add(second, 2);
                assertTrue(OtherProcess.knows(second, 2));
                assertFalse(OtherProcess.knows(first, 2));
                assertEquals(400, second.chunkCount());
                second.removePack(OtherProcess.pack(1).id());
                assertFalse(OtherProcess.knows(second, 1));
                assertTrue(OtherProcess.knows(first, 1));
                assertEquals(200, second.chunkCount());
                second.clear();
                assertEquals(0, second.chunkCount());
                assertFalse(OtherProcess.knows(second, 2));
                assertTrue(OtherProcess.knows(first, 1));
            }
            try (Stream<Path> left = Files.list(folder())) {
                assertEquals(
                        List.of("index"),
                        left.map(path -> path.getFileName().toString()).toList());
            }
        }
    }

    @Test
    void twoProcessesAtOnce() throws Exception {
        try (OtherProcess other = new OtherProcess(cache)) {
            assertEquals("RocksIndex", other.tell("kind"));
            assertEquals("loaded", other.tell("segments 1 1"));
            assertEquals("loaded", other.tell("segments 10 12"));
            try (ChunkIndex index = open()) {
                assertInstanceOf(LayeredIndex.class, index);
                assertTrue(OtherProcess.knows(index, 1));
                assertTrue(OtherProcess.knows(index, 15));
                assertTrue(index.hasSegment(OtherProcess.segment(21).id()));
                assertEquals("loaded", other.tell("segments 1000 40"));
                OtherProcess.add(index, 2);
                addSegment(index, 1001);
                for (long seed : new long[] {1, 2, 10, 21, 1001}) {
                    assertTrue(OtherProcess.knows(index, seed), "seed " + seed);
                }
                assertEquals("false", other.tell("knows 2"));
            }
            other.tell("close");
            assertEquals(0, other.end());
        }
        try (ChunkIndex index = open()) {
            assertInstanceOf(RocksIndex.class, index);
            assertTrue(OtherProcess.knows(index, 1039));
            assertFalse(OtherProcess.knows(index, 2));
        }
    }

    /** What its holder writes while a view opens must not come to half: packs of known segments, with their tables. */
    @Test
    void aViewThatOpensWhileOthersWriteIsOfOneMoment() throws Exception {
        List<SyntheticPacks.Segment> segments = new ArrayList<>();
        for (long seed = 1; seed <= 24; seed++) {
            segments.add(OtherProcess.segment(seed));
        }
        List<SegmentId> ids = segments.stream().map(SyntheticPacks.Segment::id).toList();
        ChunkIndex.SegmentSource source =
                id -> new SyntheticPacks(ids.indexOf(id) + 1).open(segments.get(ids.indexOf(id)));
        ExecutorService writer = Executors.newSingleThreadExecutor();
        AtomicBoolean done = new AtomicBoolean();
        try (ChunkIndex first = open()) {
            Future<?> writing = writer.submit(() -> {
                while (!done.get()) {
                    first.addSegments(ids.subList(0, 8), source, (id, cause) -> {});
                    first.addSegments(ids.subList(8, 10), source, (id, cause) -> {});
                    first.settle();
                    first.addSegments(ids.subList(10, 24), source, (id, cause) -> {});
                    Thread.sleep(20); // A view that opens now has all.
                    first.clear();
                }
                return null;
            });
            try {
                int filled = 0;
                for (int i = 0; i < VIEWS || filled < FILLED; i++) {
                    try (ChunkIndex view = open()) {
                        filled += view.segments().isEmpty() ? 0 : 1;
                        for (SegmentId id : view.segments()) {
                            long seed = ids.indexOf(id) + 1;
                            PackId pack = OtherProcess.pack(seed).id();
                            assertTrue(view.hasPack(pack), "pack " + seed);
                            assertEquals(200, view.table(pack).rowCount());
                            assertTrue(OtherProcess.knows(view, seed), "chunk " + seed);
                        }
                        view.forEachPack((pack, length) -> view.table(pack));
                    }
                }
            } finally {
                done.set(true);
                writing.get();
                writer.shutdown();
            }
        }
    }

    @Test
    void aKilledProcessLosesNothingThatSegmentsSpeakOf() throws Exception {
        try (OtherProcess other = new OtherProcess(cache)) {
            other.tell("segments 1 1");
            other.tell("segments 10 12");
            other.tell("segments 2 1");
            other.tell("add 3");
            other.tell("crash");
            assertEquals(9, other.end());
        }
        try (ChunkIndex index = open()) {
            assertFalse(index.rebuilt());
            assertTrue(OtherProcess.knows(index, 1));
            assertTrue(OtherProcess.knows(index, 2));
            assertTrue(OtherProcess.knows(index, 17));
            assertFalse(OtherProcess.knows(index, 3));
            assertEquals(14 * 200, index.chunkCount());
        }
    }

    @Test
    void aProcessKilledWhileItLoadsLeavesAnIndexThatStartsAfresh() throws Exception {
        try (OtherProcess other = new OtherProcess(cache)) {
            other.tell("add 1");
            other.tell("crash-loading 10");
            assertEquals(9, other.end());
        }
        assertStartsAfresh();
    }

    @Test
    void whatAKilledProcessLeftIsSweptAway() throws Exception {
        try (OtherProcess first = new OtherProcess(cache);
                OtherProcess second = new OtherProcess(cache)) {
            first.tell("kind");
            second.tell("kind");
            first.tell("crash");
            second.tell("crash");
            first.end();
            second.end();
        }
        assertEquals(1, privateFolders());
        open().close();
        assertEquals(0, privateFolders());
    }

    private long privateFolders() throws IOException {
        try (Stream<Path> folders = Files.list(folder())) {
            return folders.filter(path -> path.getFileName().toString().startsWith("private-"))
                    .count();
        }
    }
}
