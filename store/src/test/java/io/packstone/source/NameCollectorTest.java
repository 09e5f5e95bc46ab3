package io.packstone.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.packstone.metadata.RawName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameCollectorTest {
    @TempDir
    private Path directory;

    private static byte[] name(SplittableRandom random) {
        byte[] name = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 255 : 12)];
        for (int i = 0; i < name.length; i++) {
            int value = random.nextInt(3) == 0 ? random.nextInt(256) : 'a' + random.nextInt(3);
            name[i] = (byte) (value == 0 || value == '/' ? 0xff : value);
        }
        return name;
    }

    private List<RawName> collect(List<byte[]> names, int inMemory) throws IOException {
        List<RawName> sorted = new ArrayList<>();
        try (NameCollector collector = new NameCollector(directory, inMemory)) {
            for (byte[] name : names) {
                byte[] padded = new byte[name.length + 3];
                System.arraycopy(name, 0, padded, 2, name.length);
                collector.visit(padded, 2, name.length);
            }
            try (NameCursor cursor = collector.finish()) {
                while (cursor.next()) {
                    sorted.add(RawName.of(cursor.bytes(), cursor.offset(), cursor.length()));
                }
            }
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(0, left.count(), "temporary files stay");
        }
        return sorted;
    }

    @Test
    void sortsAndDropsRepeatsInMemoryAndOnDisk() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        for (int count : new int[] {0, 1, 2, 7, 8, 9, 100, 3000}) {
            List<byte[]> names = new ArrayList<>();
            TreeSet<RawName> expected = new TreeSet<>();
            for (int i = 0; i < count; i++) {
                byte[] name = name(random);
                names.add(name);
                expected.add(RawName.of(name, 0, name.length));
            }
            for (int inMemory : new int[] {1 << 20, 1000, 50, 7}) {
                assertEquals(new ArrayList<>(expected), collect(names, inMemory), count + " by " + inMemory);
            }
        }
    }

    @Test
    void whatIsCollectedAndDroppedLeavesNoFile() throws IOException {
        try (NameCollector collector = new NameCollector(directory, 2)) {
            for (byte i = 1; i < 9; i++) {
                collector.visit(new byte[] {i}, 0, 1);
            }
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(0, left.count());
        }
    }
}
