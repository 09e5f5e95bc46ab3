package io.packstone.endtoend.kill;

import io.packstone.endtoend.Scratch;
import io.packstone.endtoend.Workplace;
import io.packstone.testkit.ClassPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/** Starts processes that take a snapshot of a workplace, and kills them. */
final class Killer {
    /** As the kernel tells of a process that SIGKILL ended. */
    private static final int KILLED = 128 + 9;

    private static final long PATIENCE_SECONDS = 120;
    private static final Moment NEVER = new Moment(Stage.STARTING, "never", 1);

    private final Workplace place;
    private final Path folder;
    private int processes;

    Killer(Workplace place, Path folder) {
        this.place = place;
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

    /** Unpacks the largest library once, beside the workplaces, and not for each process. */
    private Path libraries() throws IOException {
        Path libraries = Files.createDirectories(folder.resolveSibling("libraries"));
        String name = Environment.getJniLibraryFileName("rocksdb");
        if (!Files.exists(libraries.resolve(name))) {
            try (InputStream packed = Objects.requireNonNull(RocksDB.class.getResourceAsStream("/" + name))) {
                Files.copy(packed, libraries.resolve(name));
            }
        }
        return libraries;
    }

    private Process start(Moment target) throws IOException {
        processes++;
        Files.createDirectories(temporary());
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-Djava.io.tmpdir=" + temporary(), "-Djava.library.path=" + libraries()));
        command.addAll(List.of("-cp", ClassPath.option(), SnapshotProcess.class.getName()));
        command.addAll(List.of(place.repository.toString(), place.source.toString(), cache().toString()));
        command.addAll(List.of(file("board").toString(), target.format()));
        new StageBoard(file("board"));
        return new ProcessBuilder(command)
                .redirectError(file("errors").toFile())
                .redirectOutput(file("output").toFile())
                .start();
    }

    /** How often an undisturbed process comes to each kind of moment. */
    List<Moment> survey() throws IOException, InterruptedException {
        Process process = start(NEVER);
        if (process.waitFor() != 0) {
            throw new IOException(Files.readString(file("errors")));
        }
        return Files.readAllLines(file("output"), StandardCharsets.UTF_8).stream()
                .map(Moment::parse)
                .toList();
    }

    /** What the dead left. */
    record Death(StageBoard board, boolean isKilled) {}

    /** Kills at {@code moment}; a process that never comes to it ends by itself. */
    Death killAt(Moment moment) throws IOException, InterruptedException {
        Process process = start(moment);
        StageBoard board = new StageBoard(file("board"));
        for (long waited = 0; !board.isPaused() && !process.waitFor(1, TimeUnit.MILLISECONDS); waited++) {
            if (waited > PATIENCE_SECONDS * 1000) {
                process.destroyForcibly().waitFor();
                throw new IOException("it hangs: " + Files.readString(file("errors")));
            }
        }
        return kill(process, board);
    }

    /** Kills so long after the start, or after the first thing was written, whatever it is doing. */
    Death killAfter(boolean whenItWrites, long millis) throws IOException, InterruptedException {
        Process process = start(NEVER);
        StageBoard board = new StageBoard(file("board"));
        while (whenItWrites && board.stage() == Stage.STARTING && !process.waitFor(1, TimeUnit.MILLISECONDS)) {
            Thread.onSpinWait();
        }
        process.waitFor(millis, TimeUnit.MILLISECONDS);
        return kill(process, board);
    }

    private Death kill(Process process, StageBoard board) throws IOException, InterruptedException {
        process.destroyForcibly();
        int code = process.waitFor();
        if (code != KILLED && code != 0) {
            throw new IOException("it ended with " + code + ": " + Files.readString(file("errors")));
        }
        Scratch.delete(temporary());
        return new Death(board, code == KILLED);
    }
}
