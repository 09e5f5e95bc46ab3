package io.packstone.endtoend.kill;

import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.backup.resume.Interval;
import io.packstone.bundle.Import;
import io.packstone.endtoend.Workplace;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.Secret;
import io.packstone.maintenance.prune.PruneOptions;
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
 * The process that is killed: does one thing to a repository as the command line does, and writes on a board which stage
 * it is in. At a moment that it was told it stands still, for whoever kills it.
 */
final class DeedProcess {
    private final StageBoard board;
    private final Moment target;
    private final Map<Stage, Map<String, Integer>> counts = new EnumMap<>(Stage.class);

    private DeedProcess(StageBoard board, Moment target) {
        this.board = board;
        this.target = target;
    }

    /**
     * Arguments: board, moment, repository, cache, and one of {@code snapshot SOURCE},
     * {@code checkpoints SOURCE}, {@code prune all|sealed},
     * {@code repair alone|mirror|other ELSEWHERE}, {@code export FILE}, {@code import FILE}, {@code key OPENER add|replace|remove SECRET|SLOT}. Prints, at its end,
     * how often it came to each moment.
     */
    public static void main(String[] arguments) throws IOException {
        StageBoard board = new StageBoard(Path.of(arguments[0]));
        board.enter(Stage.STARTING);
        DeedProcess process = new DeedProcess(board, Moment.parse(arguments[1]));
        List<String> words = List.of(arguments).subList(4, arguments.length);
        process.run(Path.of(arguments[2]), Path.of(arguments[3]), words);
        process.at(Stage.ACKNOWLEDGED, "end");
        process.print();
    }

    private void run(Path repository, Path cache, List<String> words) throws IOException {
        RepositoryOptions options = RepositoryOptions.defaults().withCacheDirectory(cache);
        Secret secret = words.get(0).equals("key") ? KeyLife.secret(words.get(1)) : Workplace.SECRET;
        try (Repository opened = Repository.open(new StagedBackend(repository, this::at), secret, options)) {
            switch (words.get(0)) {
                case "snapshot" -> board.acknowledge(snapshot(opened, words.get(1), Interval.NEVER));
                case "checkpoints" -> board.acknowledge(snapshot(opened, words.get(1), Interval.everyBytes(1)));
                case "prune" -> {
                    prune(opened, words.get(1));
                    board.acknowledge();
                }
                case "repair" -> {
                    RepairLife.repair(opened.loadIndex(), words.get(1), Path.of(words.get(2)));
                    board.acknowledge();
                }
                case "export" -> {
                    BundleLife.export(opened, null, Path.of(words.get(1)), new Reading());
                    board.acknowledge();
                }
                case "import" ->
                    board.acknowledge(new Import(opened)
                            .run(new BundleLife.Filed(Path.of(words.get(1))), new Reading())
                            .snapshot());
                default -> {
                    KeyLife.change(opened, words);
                    board.acknowledge();
                }
            }
            at(Stage.ACKNOWLEDGED, "told");
        }
    }

    private SnapshotId snapshot(Repository opened, String source, Interval checkpoints) throws IOException {
        BackupOptions what =
                BackupOptions.of(List.of(RawName.of(source)), "host", "user").withCheckpoints(checkpoints);
        return Objects.requireNonNull(
                new Backup(opened, Clock.systemUTC()).run(what, new Reading()).snapshot());
    }

    private static void prune(Repository opened, String how) throws IOException {
        PruneOptions all = PruneOptions.defaults().withMaxUnused(0);
        Workplace.prune(opened, how.equals("sealed") ? all.withSealedBlocksOnly() : all);
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
