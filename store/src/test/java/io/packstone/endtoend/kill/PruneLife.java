package io.packstone.endtoend.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.ObjectNames;
import io.packstone.endtoend.Workplace;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.maintenance.prune.ContraryPrune;
import io.packstone.maintenance.prune.PruneOptions;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.testkit.FastJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Prunes are killed. All that is not forgotten is whole and nothing forgotten comes back; the next prune, which may come
 * after another snapshot, ends what the killed one began and leaves nothing of it.
 */
final class PruneLife extends HardLife {
    private static final int SNAPSHOTS_MAX = 4;
    private static final int NAMES = 300;
    private static final int CHANGE_LONGEST = 3000;

    PruneLife(FastJvm jvm, Path folder, long seed) throws IOException {
        super(jvm, folder, seed);
    }

    @Override
    Set<Stage> stages() {
        return Stage.PRUNE;
    }

    @Override
    InitOptions options() {
        return InitOptions.defaults()
                .withKeyCost(KeyCost.TEST)
                .withChunkAverage(16384)
                .withParity(random.nextBoolean());
    }

    /** Names enough for a manifest of several nodes: of packs of those some are needed then and some not. */
    @Override
    void settle() throws IOException {
        Path names = Files.createDirectory(place.source.resolve("names"));
        for (int i = 0; i < NAMES; i++) {
            Files.createFile(names.resolve("name ".repeat(30) + i));
        }
        try (Repository opened = open()) {
            snapshot(opened);
            place.change(random, 6, LONGEST);
            snapshot(opened);
        }
    }

    @Override
    Task prepare() throws IOException {
        try (Repository opened = open()) {
            for (int i = 0; i < 2; i++) {
                // After many changes come few, so that of packs of data and of nodes some is needed and some not.
                place.change(random, i == 0 ? 20 + random.nextInt(60) : 1, CHANGE_LONGEST);
                snapshot(opened);
            }
            if (random.nextInt(4) == 0) {
                ContraryPrune.storeTwice(opened);
            }
            do {
                List<SnapshotId> all = new ArrayList<>(acknowledged.keySet());
                SnapshotId chosen = all.get(random.nextInt(all.size()));
                opened.snapshots().forget(chosen, opened.snapshots().list().heads());
                acknowledged.remove(chosen);
            } while (acknowledged.size() > SNAPSHOTS_MAX);
        }
        perhapsLoseTheCache();
        String how = random.nextInt(4) == 0 ? "sealed" : "all";
        return new Task("prune " + how, List.of("prune", how));
    }

    @Override
    void prove(StageBoard board) throws IOException {
        perhapsLoseTheCache();
        try (Repository opened = open()) {
            Workplace.onlyCopiesAreMissing(opened);
            allAreRestored(opened);
            if (random.nextInt(3) == 0) {
                place.change(random, 2, LONGEST);
                snapshot(opened);
            }
        }
        try (Repository opened = open()) {
            Workplace.prune(opened, PruneOptions.defaults().withMaxUnused(0));
        }
        try (Repository opened = open()) {
            assertEquals(List.of(), Workplace.check(opened));
            assertEquals(List.of(), Workplace.announcements(opened.backend()));
            nothingIsSaidOfOthers(opened);
            allAreRestored(opened);
        }
    }

    private void nothingIsSaidOfOthers(Repository opened) throws IOException {
        opened.backend().list(ObjectNames.SNAPSHOTS, (name, length) -> {
            int start = ObjectNames.SNAPSHOTS.length();
            String id = name.substring(start, start + 2 * SnapshotId.LENGTH);
            assertTrue(
                    acknowledged.keySet().stream()
                            .anyMatch(known -> known.toHex().equals(id)),
                    name);
        });
    }
}
