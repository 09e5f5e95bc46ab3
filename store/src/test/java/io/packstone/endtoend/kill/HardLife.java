package io.packstone.endtoend.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.local.LocalBackend;
import io.packstone.endtoend.Scratch;
import io.packstone.endtoend.Workplace;
import io.packstone.id.SnapshotId;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.testkit.FastJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Repositories to which something is done by processes that are killed again and again, and what is proved after each.
 * What is done, and what has to be true then, is for those that extend this. For one thread.
 */
abstract class HardLife {
    static final int LONGEST = 12_000;

    /** One kill in so many comes by the clock, at no moment in particular. */
    private static final int BY_CLOCK = 5;

    private static final int FILES = 25;

    /** A check takes longer with each snapshot: after so many runs a new repository is made. */
    private static final int RUNS = 12;

    final Random random;

    /** What the repository must hold, and what each snapshot was taken of. */
    final Map<SnapshotId, Map<String, String>> acknowledged = new LinkedHashMap<>();

    Workplace place;
    private final FastJvm jvm;
    private final Path folder;
    private Path here;
    private Killer killer;
    private final Map<String, Visits> visits = new HashMap<>();

    /** A life in {@code folder}, which is its own. */
    HardLife(FastJvm jvm, Path folder, long seed) throws IOException {
        this.jvm = jvm;
        this.folder = folder;
        random = new Random(seed);
        here = folder;
        place = new Workplace(here);
        killer = new Killer(jvm, place.repository, here);
    }

    /** Something to be done: processes with tasks of one kind come to about the same moments. */
    record Task(String kind, List<String> words) {}

    /** What processes of one kind came to that ran to their ends, and how often at most. */
    private static final class Visits {
        private final Map<String, Moment> most = new TreeMap<>();
        private final long wholeMillis;

        Visits(long wholeMillis) {
            this.wholeMillis = wholeMillis;
        }

        void add(List<Moment> moments) {
            for (Moment moment : moments) {
                most.merge(moment.stage() + " " + moment.step(), moment, (a, b) -> a.count() > b.count() ? a : b);
            }
        }

        /** Any moment in a stage; in any stage, when nobody came to that one. */
        Moment choose(Stage stage, Random random) {
            List<Moment> any = List.copyOf(most.values());
            List<Moment> there =
                    any.stream().filter(moment -> moment.stage() == stage).toList();
            List<Moment> choice = there.isEmpty() ? any : there;
            Moment chosen = choice.get(random.nextInt(choice.size()));
            int most = 1 + random.nextInt(chosen.count()); // Not every process comes to as many.
            return new Moment(chosen.stage(), chosen.step(), 1 + random.nextInt(most));
        }
    }

    /** The stages that these processes come to. */
    abstract Set<Stage> stages();

    /** How the next repository is made. */
    abstract InitOptions options();

    /** Brings the new repository, which is empty, to where the first process finds it. */
    abstract void settle() throws IOException;

    /** Makes something to do. */
    abstract Task prepare() throws IOException;

    /** Proves what has to be true after a process that had the last task, and mends what is left. */
    abstract void prove(StageBoard board) throws IOException;

    /** Lives until so many processes were killed; the stage of each. */
    final List<Stage> live(int kills) throws IOException, InterruptedException {
        List<Stage> wanted = new ArrayList<>(stages());
        Collections.shuffle(wanted, random);
        List<Stage> killed = new ArrayList<>();
        for (int run = 0; killed.size() < kills; run++) {
            assertTrue(run < 3 * kills + 20, "only " + killed + " in " + run + " runs");
            if (run % RUNS == 0) {
                begin(run);
            }
            Task task = prepare();
            Visits known = visits.get(task.kind);
            String what = "run " + run + ", " + task;
            StageBoard board;
            if (known == null) {
                Killer.Survey survey = killer.survey(task.words);
                known = new Visits(survey.millis());
                known.add(survey.moments());
                visits.put(task.kind, known);
                board = survey.board();
            } else {
                Moment moment = known.choose(wanted.get(run % wanted.size()), random);
                Killer.Death death = random.nextInt(BY_CLOCK) == 0
                        ? killByClock(known.wholeMillis, task)
                        : killer.killAt(moment, task.words);
                board = death.board();
                known.add(death.moments());
                if (death.isKilled()) {
                    killed.add(board.stage());
                }
                what += ", aimed at " + moment + ", killed in " + (death.isKilled() ? board.stage() : "no stage");
            }
            try {
                prove(board);
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError(what, e);
            }
        }
        return killed;
    }

    private void begin(int number) throws IOException {
        if (number > 0) {
            Scratch.delete(here);
        }
        here = Files.createDirectory(folder.resolve("repository" + number));
        place = new Workplace(here);
        killer = new Killer(jvm, place.repository, here);
        acknowledged.clear();
        place.init(options());
        place.fill(random.nextLong(), FILES, LONGEST);
        settle();
    }

    private Killer.Death killByClock(long wholeMillis, Task task) throws IOException, InterruptedException {
        boolean whenItWrites = random.nextInt(4) > 0;
        long longest = whenItWrites ? wholeMillis / 4 : wholeMillis;
        return killer.killAfter(whenItWrites, random.nextInt((int) longest), task.words);
    }

    final Repository open() throws IOException {
        RepositoryOptions options = RepositoryOptions.defaults().withCacheDirectory(killer.cache());
        return Repository.open(new LocalBackend(place.repository), Workplace.SECRET, options)
                .loadIndex();
    }

    /** The local index may be lost with the process that held it. */
    final void perhapsLoseTheCache() throws IOException {
        if (random.nextInt(3) == 0 && Files.exists(killer.cache())) {
            Scratch.delete(killer.cache());
        }
    }

    /** Takes a snapshot of the source as it is. */
    final void snapshot(Repository opened) throws IOException {
        var report = place.snapshot(opened);
        assertEquals("complete", report.status());
        acknowledged.put(Objects.requireNonNull(report.snapshot()), Workplace.describe(place.source));
    }

    /** All that were acknowledged, and no others but partial ones. */
    final List<StoredSnapshot> listed(Repository opened) throws IOException {
        List<StoredSnapshot> all = whole(opened);
        Set<SnapshotId> missing = new HashSet<>(acknowledged.keySet());
        for (StoredSnapshot snapshot : all) {
            assertTrue(missing.remove(snapshot.id()), "nobody took " + snapshot.id() + ", or it was forgotten");
        }
        assertEquals(Set.of(), missing, "acknowledged and gone");
        return all;
    }

    private static List<StoredSnapshot> whole(Repository opened) throws IOException {
        return opened.snapshots().list().snapshots().stream()
                .filter(snapshot -> !snapshot.record().isPartial())
                .toList();
    }

    /** As above, but for at most one whose commit was durable before anybody could be told. */
    final List<StoredSnapshot> listed(Repository opened, Map<String, String> source) throws IOException {
        List<StoredSnapshot> untold = new ArrayList<>(whole(opened));
        untold.removeIf(snapshot -> acknowledged.containsKey(snapshot.id()));
        assertTrue(untold.size() <= 1, () -> "nobody took " + untold);
        for (StoredSnapshot snapshot : untold) {
            acknowledged.put(snapshot.id(), source);
            restored(opened, snapshot);
        }
        return listed(opened);
    }

    final void restored(Repository opened, StoredSnapshot snapshot) throws IOException {
        Path target = place.restore(opened, snapshot);
        assertEquals(acknowledged.get(snapshot.id()), Workplace.describe(target));
        Scratch.delete(target);
    }

    final void allAreRestored(Repository opened) throws IOException {
        for (StoredSnapshot snapshot : listed(opened)) {
            restored(opened, snapshot);
        }
    }
}
