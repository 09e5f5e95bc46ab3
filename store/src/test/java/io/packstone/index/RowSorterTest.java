package io.packstone.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.bytes.LittleEndian;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowSorterTest {
    @TempDir
    Path folder;

    /** Ids that share their first bytes more often than not, so that the rest of them decides. */
    private static ChunkId crowded(SyntheticPacks make) {
        byte[] bytes = make.chunkId().toBytes();
        int shared = make.random().nextInt(31);
        for (int i = 0; i < shared; i++) {
            bytes[i] = (byte) (make.random().nextInt(20) == 0 ? 0xff : 0x80);
        }
        return ChunkId.of(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 5000})
    void mergedRunsAreAscendingAndWhole(int rowsPerRun) throws IOException {
        SyntheticPacks make = new SyntheticPacks(rowsPerRun);
        TreeMap<ChunkId, List<Long>> expected = new TreeMap<>();
        List<ChunkId> known = new ArrayList<>();
        RowSorter sorter = new RowSorter(folder, rowsPerRun);
        int packCount = rowsPerRun == 1 ? 4 : 40;
        for (int number = 0; number < packCount; number++) {
            List<SyntheticPacks.Row> rows = new ArrayList<>();
            int live = 0;
            for (int row = 0; row < 50; row++) {
                boolean again = !known.isEmpty() && make.random().nextInt(4) == 0;
                ChunkId id = again ? known.get(make.random().nextInt(known.size())) : crowded(make);
                boolean dead = make.random().nextInt(5) == 0;
                known.add(id);
                rows.add(new SyntheticPacks.Row(id, ChunkType.DATA, dead));
                if (!dead) {
                    live++;
                    expected.computeIfAbsent(id, any -> new ArrayList<>()).add(RowSorter.place(number, row));
                }
            }
            assertEquals(live, sorter.add(number, make.pack(rows).table()));
        }
        TreeMap<ChunkId, List<Long>> merged = new TreeMap<>();
        try (RunMerge merge = new RunMerge(sorter.finish())) {
            merge.run((id, places) -> {
                ChunkId next = ChunkId.of(id);
                assertTrue(merged.isEmpty() || merged.lastKey().compareTo(next) < 0, "ascending, each id once");
                List<Long> list = new ArrayList<>();
                for (int at = 0; at < places.length; at += RowSorter.PLACE_LENGTH) {
                    list.add(LittleEndian.getLong(places, at));
                }
                merged.put(next, list);
            });
        }
        assertEquals(expected, merged);
    }
}
