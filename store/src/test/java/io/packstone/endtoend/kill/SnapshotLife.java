package io.packstone.endtoend.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.packstone.endtoend.Workplace;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.pack.PackTable;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.testkit.FastJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Snapshots are killed. Nothing acknowledged is lost, the check finds nothing wrong, and the next snapshot stores nothing
 * twice and is restored to the last bit.
 */
class SnapshotLife extends HardLife {
    /** What the source held when the last snapshot was begun. */
    Map<String, String> before = Map.of();

    SnapshotLife(FastJvm jvm, Path folder, long seed) throws IOException {
        super(jvm, folder, seed);
    }

    @Override
    Set<Stage> stages() {
        return Stage.SNAPSHOT;
    }

    @Override
    InitOptions options() {
        return InitOptions.defaults().withKeyCost(KeyCost.TEST);
    }

    @Override
    void settle() {
        before = Map.of();
    }

    @Override
    Task prepare() throws IOException {
        return prepare("snapshot", 1);
    }

    /** Makes {@code changesMin} changes or some more, for {@code deed} to take. */
    final Task prepare(String deed, int changesMin) throws IOException {
        place.change(random, changesMin + random.nextInt(6), LONGEST);
        before = Workplace.describe(place.source);
        return new Task(deed, List.of(deed, place.source.toString()));
    }

    final void remember(StageBoard board) {
        SnapshotId told = board.acknowledged();
        if (told != null) {
            acknowledged.put(told, before);
        }
    }

    @Override
    void prove(StageBoard board) throws IOException {
        remember(board);
        perhapsLoseTheCache();
        try (Repository opened = open()) {
            Workplace.onlyCopiesAreMissing(opened);
            listed(opened, before);
            if (random.nextInt(4) == 0) {
                place.change(random, 2, LONGEST);
            }
            snapshot(opened);
        }
        try (Repository opened = open()) {
            assertEquals(List.of(), Workplace.check(opened));
            nothingIsStoredTwice(opened);
            List<StoredSnapshot> all = listed(opened);
            restored(opened, all.get(all.size() - 1));
            restored(opened, all.get(random.nextInt(all.size())));
        }
    }

    static void nothingIsStoredTwice(Repository opened) throws IOException {
        Set<String> seen = new HashSet<>();
        List<String> twice = new ArrayList<>();
        opened.index().forEachPack((pack, length) -> {
            PackTable table = opened.index().table(pack);
            for (int row = 0; row < table.rowCount(); row++) {
                if (!seen.add(table.rowType(row) + " " + table.rowId(row))) {
                    twice.add(table.rowType(row) + " " + table.rowId(row) + " in " + pack);
                }
            }
        });
        assertEquals(List.of(), twice);
    }
}
