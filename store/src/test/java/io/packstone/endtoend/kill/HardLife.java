package io.packstone.endtoend.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.local.LocalBackend;
import io.packstone.backup.BackupReport;
import io.packstone.endtoend.Scratch;
import io.packstone.endtoend.Workplace;
import io.packstone.id.SnapshotId;
import io.packstone.maintenance.Check;
import io.packstone.maintenance.CheckOptions;
import io.packstone.maintenance.CheckReport;
import io.packstone.pack.PackTable;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** Repositories whose snapshots are killed again and again, and what is proved after each. For one thread. */
final class HardLife {
    /** One kill in so many comes by the clock, at no moment in particular. */
    private static final int BY_CLOCK = 5;

    private static final int FILES = 25;
    private static final int LONGEST = 12_000;

    /** A check takes longer with each snapshot: after so many runs a new repository is made. */
    private static final int RUNS = 12;

    private final Path folder;
    private final Random random;
    private Workplace place;
    private Killer killer;
    private final Map<SnapshotId, Map<String, String>> acknowledged = new LinkedHashMap<>();
    private List<Moment> moments = List.of();
    private long wholeMillis;

    HardLife(Path folder, long seed) throws IOException {
        this.folder = folder;
        random = new Random(seed);
        begin(0);
    }

    private void begin(int number) throws IOException {
        if (number > 0) {
            Scratch.delete(place.repository.getParent());
        }
        Path here = Files.createDirectory(folder.resolve("repository" + number));
        place = new Workplace(here);
        killer = new Killer(place, here);
        acknowledged.clear();
        place.init();
        place.fill(random.nextLong(), FILES, LONGEST);
    }

    /** Lives until so many processes were killed; the stage of each. */
    List<Stage> live(int kills) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        moments = killer.survey();
        wholeMillis = (System.nanoTime() - begun) / 1_000_000;
        try (Repository opened = open()) {
            acknowledged.put(Workplace.newest(opened).id(), Workplace.describe(place.source));
        }
        List<Stage> stages = new ArrayList<>();
        for (int run = 0; stages.size() < kills; run++) {
            assertTrue(run < 3 * kills, "only " + stages + " in " + run + " runs");
            if (run % RUNS == RUNS - 1) {
                begin(run);
            }
            place.change(random, 1 + random.nextInt(6), LONGEST);
            Map<String, String> before = Workplace.describe(place.source);
            Stage wanted = Stage.values()[run % Stage.values().length];
            Moment moment = momentIn(wanted);
            Killer.Death death = random.nextInt(BY_CLOCK) == 0 ? killByClock() : killer.killAt(moment);
            SnapshotId told = death.board().acknowledged();
            if (told != null) {
                acknowledged.put(told, before);
            }
            if (death.isKilled()) {
                stages.add(death.board().stage());
            }
            try {
                prove(before);
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "run " + run + ", aimed at " + moment + ", killed in "
                                + (death.isKilled() ? death.board().stage() : "no stage"),
                        e);
            }
        }
        return stages;
    }

    private Killer.Death killByClock() throws IOException, InterruptedException {
        boolean whenItWrites = random.nextInt(4) > 0;
        return killer.killAfter(whenItWrites, random.nextInt((int) (whenItWrites ? wholeMillis / 4 : wholeMillis)));
    }

    /** Any of the moments that the surveyed process came to in a stage. */
    private Moment momentIn(Stage stage) {
        List<Moment> choice =
                moments.stream().filter(moment -> moment.stage() == stage).toList();
        Moment chosen = choice.get(random.nextInt(choice.size()));
        return new Moment(stage, chosen.step(), 1 + random.nextInt(chosen.count()));
    }

    private Repository open() throws IOException {
        RepositoryOptions options = RepositoryOptions.defaults().withCacheDirectory(killer.cache());
        return Repository.open(new LocalBackend(place.repository), Workplace.SECRET, options)
                .loadIndex();
    }

    private void prove(Map<String, String> source) throws IOException {
        if (random.nextInt(3) == 0 && Files.exists(killer.cache())) {
            Scratch.delete(killer.cache());
        }
        try (Repository opened = open()) {
            for (CheckReport.Damage damage : check(opened)) {
                assertTrue(isHalfPut(damage), damage.toString());
            }
            listed(opened, source);
            if (random.nextInt(4) == 0) {
                place.change(random, 2, LONGEST);
            }
            BackupReport report = place.snapshot(opened);
            assertEquals("complete", report.status());
            acknowledged.put(Objects.requireNonNull(report.snapshot()), Workplace.describe(place.source));
        }
        try (Repository opened = open()) {
            assertEquals(List.of(), check(opened));
            nothingIsStoredTwice(opened);
            List<StoredSnapshot> all = listed(opened, source);
            restored(opened, all.get(all.size() - 1));
            restored(opened, all.get(random.nextInt(all.size())));
        }
    }

    private static List<CheckReport.Damage> check(Repository opened) throws IOException {
        return new Check(opened)
                .run(CheckOptions.ALL_DATA, ProgressListener.NONE)
                .errors();
    }

    /** Of an object stored twice the process was killed between the two. */
    private static boolean isHalfPut(CheckReport.Damage damage) {
        return damage.kind().equals("missing") && damage.object().endsWith(".b");
    }

    /** All that were acknowledged; and at most the one whose commit was durable before anybody could be told. */
    private List<StoredSnapshot> listed(Repository opened, Map<String, String> source) throws IOException {
        List<StoredSnapshot> all = opened.snapshots().list().snapshots();
        Set<SnapshotId> missing = new HashSet<>(acknowledged.keySet());
        for (StoredSnapshot snapshot : all) {
            if (!missing.remove(snapshot.id())) {
                assertNull(acknowledged.put(snapshot.id(), source));
                restored(opened, snapshot);
            }
        }
        assertEquals(Set.of(), missing, "acknowledged and gone");
        return all;
    }

    private void restored(Repository opened, StoredSnapshot snapshot) throws IOException {
        Path target = place.restore(opened, snapshot);
        assertEquals(acknowledged.get(snapshot.id()), Workplace.describe(target));
        Scratch.delete(target);
    }

    private static void nothingIsStoredTwice(Repository opened) throws IOException {
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
