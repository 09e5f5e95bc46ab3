package io.packstone.cli.turmoil;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.packstone.backend.local.LocalBackend;
import io.packstone.cli.Main;
import io.packstone.cli.RealProgram;
import io.packstone.cli.Shell;
import io.packstone.endtoend.Scratch;
import io.packstone.endtoend.Workplace;
import io.packstone.testkit.FastJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Four backups, two prunes and a forget, again and again, all on one repository, while another reads. Now and then all
 * stand still and everything that must be there is looked at.
 */
final class Turmoil implements AutoCloseable {
    private static final int BACKUPS = 4;
    private static final int PRUNES = 2;
    private static final String HEAP = "256m";
    private static final int ENDS_WITHIN_SECONDS = 600;

    private final Scratch scratch = new Scratch();
    private final Herd herd = new Herd();
    private final Tally tally = new Tally();
    private final Ledger ledger = new Ledger();
    private final FastJvm jvm;
    private final Path work;
    private final Random random;
    private final Map<String, String> environment = new HashMap<>();
    private final Inspection inspection;
    private final List<Round> rounds = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile boolean over;

    /** Something that is done again and again. */
    interface Round {
        void run() throws IOException, InterruptedException;
    }

    /** True when a run gave up since others kept deleting what it needed, and said so. */
    static boolean gaveUp(RealProgram.Outcome outcome, String words) {
        return outcome.code() == 1 && outcome.output().contains(words);
    }

    Turmoil(long seed) throws IOException {
        random = new Random(seed);
        jvm = new FastJvm(Files.createDirectory(scratch.path().resolve("jvm")));
        work = Files.createDirectory(scratch.path().resolve("work"));
        environment.put("PACKSTONE_KEY_FILE", work.resolve("key").toString());
        environment.put("PACKSTONE_REPOSITORY", work.resolve("repository").toString());
        environment.put("PACKSTONE_CACHE_DIR", work.resolve("inspector").toString());
        inspection = new Inspection(work, environment, ledger, tally);
    }

    /** Makes the repository and a first snapshot. */
    void begin() throws IOException, InterruptedException {
        inspection
                .shell()
                .run("init", "--key-file", "key", "--chunk-average", "16K")
                .expect(0);
        List<ChangingTree> trees = new ArrayList<>();
        for (int i = 0; i < BACKUPS; i++) {
            trees.add(new ChangingTree(work.resolve("tree" + i), i % 2, random.nextLong()));
        }
        teach(trees.get(0));
        for (int i = 0; i < BACKUPS; i++) {
            rounds.add(new Backups(worker("backup" + i, i % 2), ledger, trees.get(i)));
        }
        for (int i = 0; i < PRUNES; i++) {
            rounds.add(new Prunes(worker("prune" + i, i % 2)));
        }
        rounds.add(new Forgets(worker("forget", 0), ledger));
        Inspection beside = new Inspection(Files.createDirectory(work.resolve("beside")), environment, ledger, tally);
        beside.shell()
                .environment
                .put("PACKSTONE_CACHE_DIR", work.resolve("cache0").toString());
        Random choice = new Random(random.nextLong());
        rounds.add(() -> {
            beside.lookBeside(choice.nextInt(BACKUPS));
            Thread.sleep(choice.nextInt(4000));
        });
    }

    /** The first process teaches the others, and is not disturbed. */
    private void teach(ChangingTree tree) throws IOException, InterruptedException {
        Path folder = Files.createDirectory(work.resolve("first"));
        Path temporary = Files.createDirectory(Worker.temporary(folder));
        FastJvm.Lesson lesson = jvm.new Lesson();
        RealProgram program = RealProgram.of(folder, lesson.command(HEAP, temporary, Main.class));
        program.environment.putAll(environment);
        Ledger.Run run = ledger.begin(tree.root().toString(), tree.describe());
        RealProgram.Running running =
                herd.start(program, "snapshot", tree.root().toString(), "--json");
        String id = (String) running.end(ENDS_WITHIN_SECONDS).expect(0).object().get("snapshotId");
        herd.ended(running.process);
        ledger.acknowledge(run, id);
        lesson.end();
    }

    /** One whose processes share a cache with others. */
    private Worker worker(String name, int cache) throws IOException {
        Path folder = Files.createDirectory(work.resolve(name));
        RealProgram program = RealProgram.of(folder, jvm.command(HEAP, Worker.temporary(folder), Main.class));
        program.environment.putAll(environment);
        program.environment.put(
                "PACKSTONE_CACHE_DIR", work.resolve("cache" + cache).toString());
        return new Worker(herd, tally, () -> over, program, folder, new Random(random.nextLong()));
    }

    /** Lasts so long, with a look in every so many seconds, and then until everybody has ended. */
    void run(int seconds, int lookEvery) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<Future<?>> running = new ArrayList<>();
        for (Round round : rounds) {
            running.add(threads.submit(() -> {
                while (!over) {
                    round.run();
                }
                return null;
            }));
        }
        long look = System.nanoTime() + TimeUnit.SECONDS.toNanos(lookEvery);
        while (System.nanoTime() < end) {
            Thread.sleep(100);
            for (Future<?> each : running) {
                if (each.isDone()) {
                    resultOf(each);
                }
            }
            if (System.nanoTime() > look) {
                herd.pause();
                inspection.look();
                herd.resume();
                look = System.nanoTime() + TimeUnit.SECONDS.toNanos(lookEvery);
            }
        }
        over = true;
        for (Future<?> each : running) {
            resultOf(each);
        }
    }

    private static void resultOf(Future<?> round) throws InterruptedException {
        try {
            round.get(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** Nobody works any more: a last prune clears away what is left of the killed, and then nothing at all is wrong. */
    void settle() throws IOException {
        inspection.look();
        Shell shell = inspection.shell();
        shell.run("prune", "--max-unused", "0", "--json").expect(0);
        inspection.look();
        if (!inspection.check().isEmpty()) {
            shell.run("repair", "--apply", "--json").expect(0);
        }
        assertEquals(List.of(), inspection.check());
        try (LocalBackend backend = new LocalBackend(work.resolve("repository"))) {
            assertEquals(List.of(), Workplace.announcements(backend));
        }
    }

    Tally tally() {
        return tally;
    }

    @Override
    public void close() throws IOException {
        over = true;
        try (scratch) {
            herd.close();
            threads.shutdownNow();
            if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IOException("somebody does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
