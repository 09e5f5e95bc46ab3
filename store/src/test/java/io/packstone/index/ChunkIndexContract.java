package io.packstone.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.error.MissingObjectException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.segment.SegmentReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every index does. */
abstract class ChunkIndexContract {
    @TempDir
    Path folder;

    /** An empty index. */
    abstract ChunkIndex open() throws IOException;

    /** What is expected of an index: every live row of every known pack. */
    private static final class Model {
        private final Map<PackId, SyntheticPacks.Pack> packs = new LinkedHashMap<>();
        private final Set<PackId> excluded = new HashSet<>();
        private final Set<PackId> lone = new HashSet<>();

        void addLone(SyntheticPacks.Pack pack) {
            packs.put(pack.id(), pack);
            lone.add(pack.id());
        }

        void add(List<SyntheticPacks.Pack> added) {
            added.forEach(pack -> packs.put(pack.id(), pack));
            added.forEach(pack -> lone.remove(pack.id()));
        }

        void remove(PackId pack) {
            packs.remove(pack);
            lone.remove(pack);
        }

        Set<String> places(ChunkId id, ChunkType type) {
            Set<String> places = new HashSet<>();
            for (SyntheticPacks.Pack pack : packs.values()) {
                for (int row = 0; row < pack.table().rowCount(); row++) {
                    boolean fits = pack.table().rowId(row).equals(id)
                            && pack.table().rowType(row) == type
                            && !pack.table().rowDead(row);
                    if (fits && !excluded.contains(pack.id())) {
                        places.add(pack.id() + " " + row);
                    }
                }
            }
            return places;
        }

        long liveRows() {
            long live = 0;
            for (SyntheticPacks.Pack pack : packs.values()) {
                for (int row = 0; row < pack.table().rowCount(); row++) {
                    live += pack.table().rowDead(row) ? 0 : 1;
                }
            }
            return live;
        }
    }

    private static String place(ChunkLocation location) {
        return location.pack() + " " + location.row();
    }

    private static void assertAgrees(Model model, ChunkIndex index, Set<SyntheticPacks.Row> asked) throws IOException {
        for (SyntheticPacks.Row row : asked) {
            Set<String> expected = model.places(row.id(), row.type());
            ChunkLocation found = index.find(row.id(), row.type());
            assertEquals(expected.isEmpty(), found == null, () -> "found or not: " + row);
            if (found != null) {
                assertTrue(expected.contains(place(found)), () -> "a place of " + row);
                assertEquals(row.id(), found.table().rowId(found.row()));
            }
            List<String> all = index.findAll(row.id(), row.type()).stream()
                    .map(ChunkIndexContract::place)
                    .toList();
            assertEquals(expected, new HashSet<>(all));
            assertEquals(expected.size(), all.size(), "each place once");
        }
        Map<PackId, Long> packs = new HashMap<>();
        index.forEachPack((id, length) -> assertNull(packs.put(id, length)));
        assertEquals(model.packs.keySet(), packs.keySet());
        for (SyntheticPacks.Pack pack : model.packs.values()) {
            assertEquals(pack.length(), packs.get(pack.id()));
            assertEquals(pack.length(), index.packLength(pack.id()));
            assertTrue(index.hasPack(pack.id()));
            assertEquals(pack.table().rowCount(), index.table(pack.id()).rowCount());
        }
        assertEquals(model.liveRows(), index.chunkCount());
        assertEquals(model.lone, index.lonePacks());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithAModel(long seed) throws IOException {
        SyntheticPacks make = new SyntheticPacks(seed);
        Model model = new Model();
        Set<SyntheticPacks.Row> known = new HashSet<>(make.rows(20));
        try (ChunkIndex index = open()) {
            for (int step = 0; step < 25; step++) {
                step(make, model, index, known);
                if (step % 8 == 7) {
                    assertAgrees(model, index, known);
                }
            }
            assertAgrees(model, index, known);
        }
    }

    private static void step(SyntheticPacks make, Model model, ChunkIndex index, Set<SyntheticPacks.Row> known)
            throws IOException {
        List<PackId> ids = new ArrayList<>(model.packs.keySet());
        int choice = make.random().nextInt(10);
        if (choice < 3) {
            SyntheticPacks.Pack pack = pack(make, known);
            model.addLone(pack);
            index.addPack(pack.id(), pack.length(), pack.table());
            index.addPack(pack.id(), pack.length(), pack.table());
        } else if (choice < 6) {
            Map<SegmentId, SyntheticPacks.Segment> segments = new LinkedHashMap<>();
            int count = choice == 3 ? 12 : 3;
            for (int i = 0; i < count; i++) {
                List<SyntheticPacks.Pack> packs = new ArrayList<>(List.of(pack(make, known), pack(make, known)));
                if (!ids.isEmpty()) {
                    packs.add(model.packs.get(ids.get(make.random().nextInt(ids.size()))));
                }
                SyntheticPacks.Segment segment = make.segment(packs);
                model.add(packs);
                segments.put(segment.id(), segment);
            }
            index.addSegments(segments.keySet(), id -> make.open(segments.get(id)), (id, cause) -> {
                throw new AssertionError(cause);
            });
            assertTrue(index.segments().containsAll(segments.keySet()));
        } else if (choice == 6) {
            SyntheticPacks.Pack pack = pack(make, known);
            SyntheticPacks.Segment segment = make.segment(List.of(pack));
            model.add(List.of(pack));
            index.addSegment(segment.id(), make.open(segment));
            assertTrue(index.hasSegment(segment.id()));
        } else if (choice == 7 && !ids.isEmpty()) {
            PackId removed = ids.get(make.random().nextInt(ids.size()));
            model.remove(removed);
            index.removePack(removed);
            assertFalse(index.hasPack(removed));
        } else if (choice == 8 && !ids.isEmpty()) {
            PackId excluded = ids.get(make.random().nextInt(ids.size()));
            model.excluded.add(excluded);
            index.exclude(excluded);
        }
    }

    /** Some rows are new, some known from other packs, some dead. */
    private static SyntheticPacks.Pack pack(SyntheticPacks make, Set<SyntheticPacks.Row> known) throws IOException {
        List<SyntheticPacks.Row> rows = new ArrayList<>();
        List<SyntheticPacks.Row> before = new ArrayList<>(known);
        int count = 1 + make.random().nextInt(30);
        for (int i = 0; i < count; i++) {
            SyntheticPacks.Row row =
                    make.random().nextInt(3) == 0 ? before.get(make.random().nextInt(before.size())) : make.row();
            known.add(row);
            rows.add(new SyntheticPacks.Row(row.id(), row.type(), make.random().nextInt(6) == 0));
        }
        return make.pack(rows);
    }

    @Test
    void theTypeMustFit() throws IOException {
        SyntheticPacks make = new SyntheticPacks(7);
        SyntheticPacks.Row row = new SyntheticPacks.Row(make.chunkId(), ChunkType.NODE, false);
        SyntheticPacks.Pack pack = make.pack(List.of(row));
        try (ChunkIndex index = open()) {
            index.addPack(pack.id(), pack.length(), pack.table());
            assertNotNull(index.find(row.id(), ChunkType.NODE));
            assertNull(index.find(row.id(), ChunkType.DATA));
            assertEquals(List.of(), index.findAll(row.id(), ChunkType.RECIPE));
        }
    }

    @Test
    void aDamagedSegmentIsLeftOutAndTheOthersAreTakenIn() throws IOException {
        SyntheticPacks make = new SyntheticPacks(8);
        Map<SegmentId, SyntheticPacks.Segment> segments = new LinkedHashMap<>();
        List<SyntheticPacks.Pack> packs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            SyntheticPacks.Pack pack = make.pack(make.rows(50));
            SyntheticPacks.Segment segment = make.segment(List.of(pack));
            packs.add(pack);
            segments.put(segment.id(), segment);
        }
        List<SegmentId> ids = new ArrayList<>(segments.keySet());
        Set<SegmentId> damaged = new HashSet<>();
        try (ChunkIndex index = open()) {
            index.addSegments(
                    ids,
                    id -> {
                        if (id.equals(ids.get(4))) {
                            throw new MissingObjectException("index/" + id, "the test");
                        }
                        SyntheticPacks.Segment segment = segments.get(id);
                        byte[] cut = new byte[100];
                        return id.equals(ids.get(9))
                                ? make.open(new SyntheticPacks.Segment(id, cut))
                                : make.open(segment);
                    },
                    (id, cause) -> damaged.add(id));
            assertEquals(Set.of(ids.get(4), ids.get(9)), damaged);
            assertEquals(18, index.segments().size());
            assertFalse(index.hasSegment(ids.get(4)));
            for (int i = 0; i < 20; i++) {
                ChunkId id = packs.get(i).table().rowId(30);
                ChunkType type = packs.get(i).table().rowType(30);
                assertEquals(i == 4 || i == 9, index.find(id, type) == null, "pack " + i);
            }
        }
    }

    @Test
    void whatWasReadBeforeTheSourceFailedIsTakenIn() throws IOException {
        SyntheticPacks make = new SyntheticPacks(9);
        List<SyntheticPacks.Pack> packs = new ArrayList<>();
        List<SyntheticPacks.Segment> segments = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            packs.add(make.pack(make.rows(20)));
            segments.add(make.segment(List.of(packs.get(i))));
        }
        List<SegmentId> ids = segments.stream().map(SyntheticPacks.Segment::id).toList();
        try (ChunkIndex index = open()) {
            ChunkIndex.SegmentSource failing = id -> {
                if (ids.indexOf(id) == 6) {
                    throw new IOException("the network is gone");
                }
                return make.open(segments.get(ids.indexOf(id)));
            };
            assertThrows(IOException.class, () -> index.addSegments(ids, failing, (id, cause) -> {}));
            assertEquals(new HashSet<>(ids.subList(0, 6)), index.segments());
            index.addSegments(ids, id -> make.open(segments.get(ids.indexOf(id))), (id, cause) -> {});
            for (SyntheticPacks.Pack pack : packs) {
                ChunkLocation found =
                        index.find(pack.table().rowId(3), pack.table().rowType(3));
                assertNotNull(found);
                assertEquals(pack.id(), found.pack());
            }
            assertEquals(12 * 20, index.chunkCount());
        }
    }

    @Test
    void aRemovedPackMayComeBackAndAClearedIndexIsEmpty() throws IOException {
        SyntheticPacks make = new SyntheticPacks(10);
        SyntheticPacks.Pack pack = make.pack(make.rows(100));
        SyntheticPacks.Segment segment = make.segment(List.of(pack));
        ChunkId id = pack.table().rowId(50);
        ChunkType type = pack.table().rowType(50);
        try (ChunkIndex index = open()) {
            index.addPack(pack.id(), pack.length(), pack.table());
            assertNotNull(index.find(id, type));
            index.removePack(pack.id());
            assertNull(index.find(id, type));
            assertEquals(0, index.chunkCount());
            assertThrows(MissingObjectException.class, () -> index.table(pack.id()));
            index.addSegment(segment.id(), make.open(segment));
            assertNotNull(index.find(id, type));
            assertTrue(index.hasPack(pack.id()));
            index.clear();
            assertNull(index.find(id, type));
            assertEquals(Set.of(), index.segments());
            assertEquals(-1, index.packLength(pack.id()));
            index.addSegment(segment.id(), make.open(segment));
            assertNotNull(index.find(id, type));
            assertEquals(100, index.chunkCount());
        }
    }

    @Test
    void manyThreadsFindWhileOneAdds() throws Exception {
        SyntheticPacks make = new SyntheticPacks(11);
        SyntheticPacks.Pack first = make.pack(make.rows(500));
        SyntheticPacks.Segment segment = make.segment(List.of(first));
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (ChunkIndex index = open()) {
            SegmentReader reader = make.open(segment);
            index.addSegment(segment.id(), reader);
            Callable<Integer> finder = () -> {
                int found = 0;
                for (int round = 0; round < 4; round++) {
                    for (int row = 0; row < 500; row++) {
                        ChunkId id = first.table().rowId(row);
                        found += index.find(id, first.table().rowType(row)) == null ? 0 : 1;
                    }
                }
                return found;
            };
            List<Future<Integer>> results = List.of(threads.submit(finder), threads.submit(finder));
            for (int i = 0; i < 30; i++) {
                SyntheticPacks.Pack pack = make.pack(make.rows(20));
                index.addPack(pack.id(), pack.length(), pack.table());
                if (i % 3 == 0) {
                    index.removePack(pack.id());
                }
            }
            for (Future<Integer> result : results) {
                assertEquals(2000, result.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
