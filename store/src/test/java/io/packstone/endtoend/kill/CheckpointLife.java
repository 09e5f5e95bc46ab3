package io.packstone.endtoend.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.packstone.endtoend.Scratch;
import io.packstone.endtoend.Workplace;
import io.packstone.keyslot.KeyCost;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.testkit.FastJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Snapshots are killed that store a partial one after each file. Whatever partial one is left is restored to files as they were,
 * with a prune beside it or not; the next snapshot goes on from it, is whole, and stands without any.
 */
final class CheckpointLife extends SnapshotLife {
    CheckpointLife(FastJvm jvm, Path folder, long seed) throws IOException {
        super(jvm, folder, seed);
    }

    @Override
    InitOptions options() {
        return InitOptions.defaults().withKeyCost(KeyCost.TEST).withChunkAverage(16384);
    }

    @Override
    Task prepare() throws IOException {
        return prepare("checkpoints", 3);
    }

    @Override
    void prove(StageBoard board) throws IOException {
        remember(board);
        perhapsLoseTheCache();
        if (random.nextInt(3) == 0) {
            try (Repository opened = open()) {
                Workplace.pruneAll(opened);
            }
        }
        try (Repository opened = open()) {
            Workplace.onlyCopiesAreMissing(opened);
            for (StoredSnapshot snapshot : opened.snapshots().list().snapshots()) {
                if (snapshot.record().isPartial()) {
                    isPart(opened, snapshot);
                }
            }
            listed(opened, before);
            snapshot(opened);
        }
        try (Repository opened = open()) {
            Workplace.nothingIsDamaged(opened); // A word that forgets may lack its second copy.
            List<StoredSnapshot> whole = listed(opened);
            assertEquals(whole.size(), opened.snapshots().list().snapshots().size(), "a partial one is left");
            restored(opened, whole.get(whole.size() - 1));
            restored(opened, whole.get(random.nextInt(whole.size())));
        }
    }

    /** A file of which only one of two names was reached has one name. */
    private void isPart(Repository opened, StoredSnapshot partial) throws IOException {
        Path target = place.restore(opened, partial);
        Map<String, String> part = withoutLinks(Workplace.describe(target));
        Map<String, String> whole = withoutLinks(before);
        whole.keySet().retainAll(part.keySet());
        assertEquals(whole, part);
        Scratch.delete(target);
    }

    private static Map<String, String> withoutLinks(Map<String, String> described) {
        Map<String, String> without = new TreeMap<>();
        described.forEach((path, text) -> without.put(path, text.replaceFirst("Z [0-9]+ ", "Z ")));
        return without;
    }
}
