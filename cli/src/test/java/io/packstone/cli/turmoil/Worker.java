package io.packstone.cli.turmoil;

import io.packstone.cli.RealProgram;
import io.packstone.cli.RealProgram.Outcome;
import io.packstone.endtoend.Scratch;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one process after the other. One in five is killed at a random moment; of three in ten some are stopped for a
 * moment, some for as long as several prunes take, and some of those killed then. For one thread.
 */
final class Worker {
    private static final int ENDS_WITHIN_SECONDS = 300;
    private static final int SHORT_MILLIS = 1500;
    private static final int LONG_MILLIS = 30_000;
    private static final int KILLED = 128 + 9;

    private final Herd herd;
    private final Tally tally;
    private final BooleanSupplier over;
    private final RealProgram program;
    private final Path folder;
    private final Random random;
    private double usualSeconds = 1.5;

    /** Runs {@code program}, which says its words in {@code folder} and unpacks below it, until it is {@code over}. */
    Worker(Herd herd, Tally tally, BooleanSupplier over, RealProgram program, Path folder, Random random) {
        this.herd = herd;
        this.tally = tally;
        this.over = over;
        this.program = program;
        this.folder = folder;
        this.random = random;
    }

    Random random() {
        return random;
    }

    Tally tally() {
        return tally;
    }

    /** Where a process of a worker in {@code folder} unpacks what it needs. */
    static Path temporary(Path folder) {
        return folder.resolve("tmp");
    }

    /** How a process ended; null when it was killed. */
    @Nullable
    Outcome run(String what, String... arguments) throws IOException, InterruptedException {
        Files.createDirectories(temporary(folder));
        List<String> words = new ArrayList<>(List.of(arguments));
        words.add("--debug"); // So that a failure says where it came from.
        RealProgram.Running running = herd.start(program, words.toArray(new String[0]));
        int fate = random.nextInt(10);
        Outcome outcome;
        try {
            if (fate < 2) {
                killSometime(running.process);
            } else if (fate < 5) {
                stopNowAndThen(running.process);
            }
            outcome = running.end(ENDS_WITHIN_SECONDS);
        } finally {
            herd.ended(running.process);
        }
        tally.most("peak KiB", outcome.peakKib());
        clear();
        if (outcome.code() == KILLED) {
            tally.add(what + " killed", 1);
            return null;
        }
        if (fate >= 5) {
            usualSeconds = (3 * usualSeconds + outcome.seconds()) / 4;
        }
        return outcome;
    }

    private boolean endsEarly(Process process) throws InterruptedException {
        return process.waitFor(random.nextInt((int) (1200 * usualSeconds)), TimeUnit.MILLISECONDS);
    }

    private void killSometime(Process process) throws InterruptedException {
        if (!endsEarly(process)) {
            herd.kill(process);
        }
    }

    private void stopNowAndThen(Process process) throws IOException, InterruptedException {
        boolean more = true;
        while (more && !endsEarly(process)) {
            herd.hold(process);
            if (random.nextInt(4) == 0) {
                tally.add("stopped for long", 1);
                sleepForPrunes(2 + random.nextInt(3));
            } else {
                tally.add("stopped", 1);
                Thread.sleep(random.nextInt(SHORT_MILLIS));
            }
            if (random.nextInt(5) == 0) {
                tally.add("killed while stopped", 1);
                herd.kill(process);
                more = false;
            } else {
                herd.release(process);
                more = random.nextBoolean();
            }
        }
    }

    private void sleepForPrunes(int count) throws InterruptedException {
        long until = tally.get(Prunes.DONE) + count;
        for (int slept = 0;
                slept < LONG_MILLIS && tally.get(Prunes.DONE) < until && !over.getAsBoolean();
                slept += 20) {
            Thread.sleep(20);
        }
    }

    /** What processes said, and what those that were killed had unpacked. */
    private void clear() throws IOException {
        try (DirectoryStream<Path> said = Files.newDirectoryStream(folder, "said-*")) {
            for (Path file : said) {
                Files.delete(file);
            }
        }
        Scratch.delete(temporary(folder));
    }
}
