package io.packstone.maintenance.healing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.ObjectNames;
import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.error.StoreException;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.Secret;
import io.packstone.metadata.RawName;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.objects.StoredObjects;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each single bit of each object of a repository with parity is flipped, alone: each flip is found, and undone so that
 * not a bit differs. So are cuts, losses and bursts up to what parity covers; beyond that nothing is touched.
 */
final class EveryBitTest {
    private static final Secret SECRET = Secret.Password.of("correct horse");

    @TempDir
    Path folder = Path.of("");

    /** Flips every bit of packs, index and vital objects; of parity one in {@code stride}. */
    private int flipEachBit(MemoryBackend stored, int stride) throws IOException {
        Map<String, byte[]> whole = new TreeMap<>(stored.stored());
        StoredObjects objects = StoredObjects.at(stored);
        ObjectProof proof = new ObjectProof(objects.backend(), objects.id());
        BitRepair repair = new BitRepair(objects, null);
        int flips = 0;
        for (Map.Entry<String, byte[]> object : whole.entrySet()) {
            String name = object.getKey();
            byte[] bytes = object.getValue();
            int step = name.startsWith(ObjectNames.PARITY) ? stride : 1;
            for (int bit = 0; bit < bytes.length * 8; bit += step) {
                byte[] flipped = bytes.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                stored.stored().put(name, flipped);
                assertThrows(StoreException.class, () -> proof.prove(name, bytes.length));
                assertNotNull(repair.mend(name), name + " bit " + bit);
                assertArrayEquals(bytes, stored.stored().get(name), name);
                flips++;
            }
        }
        assertEquals(whole.keySet(), stored.stored().keySet());
        return flips;
    }

    private MemoryBackend repository(int snapshots, int files, int longest) throws IOException {
        MemoryBackend stored = new MemoryBackend();
        InitOptions how = InitOptions.defaults().withKeyCost(KeyCost.TEST).withParity(true);
        Repository.init(stored, how, SECRET, Clock.systemUTC());
        Random random = new Random(17);
        Path source = Files.createDirectories(folder.resolve("source"));
        BackupOptions what = BackupOptions.of(List.of(RawName.of(source.toString())), "host", "user");
        for (int snapshot = 0; snapshot < snapshots; snapshot++) {
            for (int i = 0; i < files; i++) {
                byte[] bytes = new byte[random.nextInt(longest)];
                random.nextBytes(bytes);
                Files.write(source.resolve("f" + snapshot + "-" + i), bytes);
            }
            try (Repository opened = Repository.open(stored, SECRET, RepositoryOptions.defaults())) {
                new Backup(opened, Clock.systemUTC()).run(what, ProgressListener.NONE);
            }
        }
        return stored;
    }

    private static long lengthBesideParity(MemoryBackend stored) {
        return stored.stored().entrySet().stream()
                .filter(object -> !object.getKey().startsWith(ObjectNames.PARITY))
                .mapToLong(object -> object.getValue().length)
                .sum();
    }

    @Test
    void everyBitOfASmallRepositoryComesBack() throws IOException {
        MemoryBackend stored = repository(1, 10, 3200);
        assertTrue(lengthBesideParity(stored) > 17_000, lengthBesideParity(stored) + " bytes");
        assertTrue(flipEachBit(stored, 37) > 150_000);
    }

    @Test
    @Tag("soak")
    void everyBitOfALargerRepositoryComesBack() throws IOException {
        MemoryBackend stored = repository(10, 6, 9000);
        assertTrue(lengthBesideParity(stored) > 270_000);
        int flips = flipEachBit(stored, 1);
        System.out.println(flips + " bits flipped and set right again");
        assertTrue(flips > 2_500_000);
    }

    @Test
    void burstsUpToTheBudgetComeBackAndOneCellMoreIsLeftAsItIs() throws IOException {
        MemoryBackend stored = repository(1, 40, 80_000);
        StoredObjects objects = StoredObjects.at(stored);
        BitRepair repair = new BitRepair(objects, null);
        String pack = stored.stored().entrySet().stream()
                .max(java.util.Comparator.comparing(object -> object.getValue().length))
                .orElseThrow()
                .getKey();
        byte[] whole = stored.stored().get(pack);
        int cells = (whole.length + 4095) / 4096;
        int columns = (cells + 63) / 64;
        assertTrue(columns > 3, "the pack is too short to spread");
        int budget = 4 * columns;
        for (int first = 0; first + budget < cells - 1; first += 3) {
            byte[] burst = whole.clone();
            java.util.Arrays.fill(burst, first * 4096, (first + budget) * 4096, (byte) 0);
            stored.stored().put(pack, burst);
            assertEquals("parity", repair.mend(pack), "cells from " + first);
            assertArrayEquals(whole, stored.stored().get(pack));
            byte[] beyond = burst.clone();
            java.util.Arrays.fill(beyond, (first + budget) * 4096, (first + budget) * 4096 + 1, (byte)
                    (whole[(first + budget) * 4096] ^ 1));
            stored.stored().put(pack, beyond);
            assertNull(repair.mend(pack), "one cell more, from " + first);
            assertArrayEquals(beyond, stored.stored().get(pack));
            stored.stored().put(pack, whole);
        }
    }

    @Test
    void cutsOfPackAndParityComeBackAsFarAsTheBudgetGoes() throws IOException {
        MemoryBackend stored = repository(1, 20, 20_000);
        StoredObjects objects = StoredObjects.at(stored);
        BitRepair repair = new BitRepair(objects, null);
        for (String name : List.copyOf(stored.stored().keySet())) {
            byte[] whole = stored.stored().get(name);
            int least = name.startsWith(ObjectNames.PACKS) ? Math.max(0, ((whole.length + 4095) / 4096 - 4) * 4096) : 0;
            for (int length = least; length < whole.length; length += 1 + whole.length / 50) {
                stored.stored().put(name, java.util.Arrays.copyOf(whole, length));
                assertNotNull(repair.mend(name), name + " cut to " + length);
                assertArrayEquals(whole, stored.stored().get(name), name);
            }
        }
    }
}
