package io.packstone.endtoend.kill;

import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.endtoend.Workplace;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The process that is killed: takes a snapshot as the command line does, and writes on a board which stage it is in. At a
 * moment that it was told it stands still, for whoever kills it.
 */
final class SnapshotProcess {
    private final StageBoard board;
    private final Moment target;
    private final Map<Stage, Map<String, Integer>> counts = new EnumMap<>(Stage.class);

    private SnapshotProcess(StageBoard board, Moment target) {
        this.board = board;
        this.target = target;
    }

    /** Arguments: repository, source, cache, board, moment. Prints, at its end, how often it came to each moment. */
    public static void main(String[] arguments) throws IOException {
        StageBoard board = new StageBoard(Path.of(arguments[3]));
        board.enter(Stage.STARTING);
        SnapshotProcess process = new SnapshotProcess(board, Moment.parse(arguments[4]));
        process.run(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
        process.at(Stage.ACKNOWLEDGED, "end");
        process.print();
    }

    private void run(Path repository, Path source, Path cache) throws IOException {
        RepositoryOptions options = RepositoryOptions.defaults().withCacheDirectory(cache);
        try (Repository opened = Repository.open(new StagedBackend(repository, this::at), Workplace.SECRET, options)) {
            BackupOptions what = BackupOptions.of(List.of(RawName.of(source.toString())), "host", "user");
            SnapshotId id = new Backup(opened, Clock.systemUTC())
                    .run(what, new Reading())
                    .snapshot();
            board.acknowledge(Objects.requireNonNull(id));
            at(Stage.ACKNOWLEDGED, "told");
        }
    }

    /** Files come by while others are still to be read. */
    private final class Reading implements ProgressListener {
        @Override
        public void advance(long files, long bytes) {
            at(Stage.READING, "file");
        }
    }

    private void at(Stage stage, String step) {
        board.enter(stage);
        int count;
        synchronized (counts) {
            count = counts.computeIfAbsent(stage, absent -> new TreeMap<>()).merge(step, 1, Integer::sum);
        }
        if (target.equals(new Moment(stage, step, count))) {
            board.pauseForEver(stage);
        }
    }

    private void print() {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        synchronized (counts) {
            counts.forEach((stage, steps) ->
                    steps.forEach((step, count) -> output.println(new Moment(stage, step, count).format())));
        }
    }
}
