package io.packstone.endtoend.kill;

import io.packstone.endtoend.Scratch;
import io.packstone.testkit.FastJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts processes that do something to a repository, and kills them. */
final class Killer {
    /** As the kernel tells of a process that SIGKILL ended. */
    private static final int KILLED = 128 + 9;

    private static final String HEAP = "64m";
    private static final long PATIENCE_SECONDS = 120;
    private static final Moment NEVER = new Moment(Stage.STARTING, "never", 1);

    private final FastJvm jvm;
    private final Path repository;
    private final Path folder;
    private int processes;

    /** Kills those that work with {@code repository}; what they need besides is in {@code folder}. */
    Killer(FastJvm jvm, Path repository, Path folder) {
        this.jvm = jvm;
        this.repository = repository;
        this.folder = folder;
    }

    /** The folder of the local index that the processes share with whoever comes after them. */
    Path cache() {
        return folder.resolve("cache");
    }

    private Path file(String kind) {
        return folder.resolve(kind + processes);
    }

    /** Where the processes unpack what they need, which a killed one does not clear away. */
    private Path temporary() {
        return folder.resolve("tmp");
    }

    private Process start(Moment target, List<String> begin, List<String> words) throws IOException {
        List<String> command = new ArrayList<>(begin);
        command.addAll(List.of(file("board").toString(), target.format(), repository.toString(), cache().toString()));
        command.addAll(words);
        new StageBoard(file("board"));
        return new ProcessBuilder(command)
                .redirectError(file("errors").toFile())
                .redirectOutput(file("output").toFile())
                .start();
    }

    private Process start(Moment target, List<String> words) throws IOException {
        processes++;
        Files.createDirectories(temporary());
        return start(target, jvm.command(HEAP, temporary(), DeedProcess.class), words);
    }

    /** What an undisturbed process told, how often it came to each kind of moment, and how long that took. */
    record Survey(StageBoard board, List<Moment> moments, long millis) {}

    /** Watches a process that is not disturbed. */
    Survey survey(List<String> words) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        processes++;
        Files.createDirectories(temporary());
        FastJvm.Lesson lesson = jvm.new Lesson();
        boolean teaches = !jvm.hasLearned();
        List<String> begin = teaches
                ? lesson.command(HEAP, temporary(), DeedProcess.class)
                : jvm.command(HEAP, temporary(), DeedProcess.class);
        Process process = start(NEVER, begin, words);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(Files.readString(file("errors")));
            }
        } finally {
            process.destroyForcibly();
        }
        long millis = (System.nanoTime() - begun) / 1_000_000;
        if (teaches) {
            lesson.end();
        }
        return new Survey(new StageBoard(file("board")), moments(), millis);
    }

    private List<Moment> moments() throws IOException {
        return Files.readAllLines(file("output"), StandardCharsets.UTF_8).stream()
                .map(Moment::parse)
                .toList();
    }

    /** What the dead left; moments only of a process that ended by itself. */
    record Death(StageBoard board, boolean isKilled, List<Moment> moments) {}

    /** Kills at {@code moment}; a process that never comes to it ends by itself. */
    Death killAt(Moment moment, List<String> words) throws IOException, InterruptedException {
        Process process = start(moment, words);
        try {
            StageBoard board = new StageBoard(file("board"));
            for (long waited = 0; !board.isPaused() && !process.waitFor(1, TimeUnit.MILLISECONDS); waited++) {
                if (waited > PATIENCE_SECONDS * 1000) {
                    throw new IOException("it hangs: " + Files.readString(file("errors")));
                }
            }
            return kill(process, board);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Kills so long after the start, or after the first thing was written, whatever it is doing. */
    Death killAfter(boolean whenItWrites, long millis, List<String> words) throws IOException, InterruptedException {
        Process process = start(NEVER, words);
        try {
            StageBoard board = new StageBoard(file("board"));
            while (whenItWrites && board.stage() == Stage.STARTING && !process.waitFor(1, TimeUnit.MILLISECONDS)) {
                Thread.onSpinWait();
            }
            process.waitFor(millis, TimeUnit.MILLISECONDS);
            return kill(process, board);
        } finally {
            process.destroyForcibly();
        }
    }

    private Death kill(Process process, StageBoard board) throws IOException, InterruptedException {
        process.destroyForcibly();
        int code = process.waitFor();
        if (code != KILLED && code != 0) {
            throw new IOException("it ended with " + code + ": " + Files.readString(file("errors")));
        }
        Scratch.delete(temporary());
        return new Death(board, code == KILLED, code == KILLED ? List.of() : moments());
    }
}
