package io.packstone.cli.command.taking;

import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.backup.BackupReport;
import io.packstone.backup.Consistency;
import io.packstone.backup.SourceProblem;
import io.packstone.backup.StandardInput;
import io.packstone.backup.changes.Extent;
import io.packstone.backup.cutting.Cutting;
import io.packstone.backup.resume.Interval;
import io.packstone.backup.strategy.Strategy;
import io.packstone.browse.SnapshotSelector;
import io.packstone.cli.command.Action;
import io.packstone.cli.command.InitCommand;
import io.packstone.cli.paths.PathLists;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.Parsing;
import io.packstone.cli.setup.RawText;
import io.packstone.cli.setup.Surroundings;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Console;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.LeftOutText;
import io.packstone.cli.text.ProgressDisplay;
import io.packstone.cli.text.Wording;
import io.packstone.error.SourceException;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.repository.Repository;
import io.packstone.snapshot.TakenAs;
import io.packstone.source.rules.PathMap;
import io.packstone.source.rules.Rules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a snapshot. */
@Command(
        name = "snapshot",
        aliases = "backup",
        description = {
            "Take a snapshot of files and folders.",
            "Files that did not change since the last snapshot of the same paths are not read again."
        },
        footer = {
            "  packstone snapshot ~/documents",
            "  packstone snapshot / --one-file-system --exclude-caches --exclude /var/tmp",
            "  packstone snapshot ~/src --exclude '*.o' --exclude 'target/' --tag nightly",
            "  find . -name '*.tex' -print0 | packstone snapshot --files-from -",
            "  pg_dump shop | packstone snapshot --stdin --stdin-name shop.sql",
            "  packstone snapshot --command 'pg_dump shop' --stdin-name shop.sql",
            "  packstone snapshot ~/documents --strategy hybrid --full-every 14d",
            "  packstone snapshot / --checkpoint-every 20G",
            "  packstone snapshot /dev/sdb1 /srv/disks/vm.qcow2",
            "  packstone snapshot /srv --before freeze --after thaw --map /srv=/mnt/frozen",
            "",
            "Patterns are those of a .gitignore. One without a slash, or with one at its end only, fits a name",
            "anywhere; any other fits a path from the root. A slash at the end means folders only, ** any folders;",
            "! takes back in, but nothing below a folder that is left out. The last one that fits decides.",
            "A file .packstoneignore in a folder of PATH holds patterns for that folder, one a line. What PATH itself",
            "names is taken whatever the rules say; packstone explain tells which rule decides about a path.",
            "",
            "A block device that is named is read as one file; packstone cat brings its bytes back.",
            "",
            "Commands of --before and --after find PACKSTONE_HOOK (before, after) and PACKSTONE_PATHS (one a line) in the",
            "environment; those after also PACKSTONE_STATUS (complete, degraded, failed) and PACKSTONE_SNAPSHOT (its id).",
            "The one after runs when the snapshot is stored, or has failed. docs/recipes.md has LVM, ZFS, btrfs, PostgreSQL.",
            "",
            "Exit code 3: the snapshot was taken, but something could not be read, or the command after it failed."
        })
public final class SnapshotCommand implements Action {
    /** So that the record of a snapshot has room for all else. */
    private static final long PATHS_LENGTH_MAX = 4 << 20;

    private static final int FILE_TYPE = 0xf000;
    private static final int BLOCK_DEVICE = 0x6000;

    /** Which files are read. */
    enum Way {
        incremental,
        full,
        differential,
        hybrid
    }

    /** Where files are cut. */
    enum Cutter {
        content,
        fixed
    }

    @Parameters(paramLabel = "PATH", arity = "0..*", description = "files and folders to take")
    List<String> paths = new ArrayList<>();

    @Option(
            names = "--files-from",
            paramLabel = "F",
            description =
                    "take the paths in file F too, as they stand, one a line or ended by NUL; - is standard input")
    @Nullable
    String filesFrom;

    @Option(names = "--tag", paramLabel = "T", description = "a word to find the snapshot by; may be repeated")
    List<String> tags = new ArrayList<>();

    @Mixin
    RuleOptions ruleOptions = new RuleOptions();

    @Mixin
    HookOptions hookOptions = new HookOptions();

    @Mixin
    MapOptions mapOptions = new MapOptions();

    @Option(names = "--host", paramLabel = "H", description = "the host to record (this computer's name)")
    @Nullable
    String host;

    @Option(names = "--time", paramLabel = "T", description = "the time to record, such as 2026-11-23T12:00 (now)")
    @Nullable
    String time;

    @Option(
            names = "--parent",
            paramLabel = "ID",
            description = "compare with this snapshot (the newest of the same host and paths)")
    @Nullable
    String parent;

    @Option(
            names = "--strategy",
            paramLabel = "S",
            description = {
                "which files are read: those changed since the last snapshot (incremental), all (full), those changed",
                "since the last full one (differential), or each of these from time to time (hybrid) (incremental)"
            })
    Way strategy = Way.incremental;

    @Option(names = "--full-every", paramLabel = "D", description = "of hybrid: a full snapshot this often (7d)")
    @Nullable
    String fullEvery;

    @Option(
            names = "--differential-every",
            paramLabel = "D",
            description = "of hybrid: a full or differential snapshot this often (1d)")
    @Nullable
    String differentialEvery;

    @Option(
            names = "--compression",
            paramLabel = "C",
            description = "auto, none, lz4, zstd or zstd:LEVEL (the repository's)")
    @Nullable
    String compression;

    @Option(
            names = "--chunker",
            paramLabel = "C",
            description =
                    "cut files by content, or fixed: at multiples of the chunk average (fixed for disks and images)")
    @Nullable
    Cutter chunker;

    @Option(names = "--stdin", description = "take standard input as one file")
    boolean stdin;

    @Option(
            names = "--command",
            paramLabel = "CMD",
            description = "run CMD in a shell and take what it prints as one file; if it fails there is no snapshot")
    @Nullable
    String command;

    @Option(names = "--stdin-name", paramLabel = "N", description = "the name of that file (stdin)")
    @Nullable
    String stdinName;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "SPAN|SIZE",
            description = {
                "store a partial snapshot after so much time or so many bytes read, for the next run to go on from if this",
                "one is stopped; it is dropped when the whole one is there; never for none (5min)"
            })
    @Nullable
    String checkpointEvery;

    @Option(
            names = {"-n", "--dry-run"},
            description = "read and count, store nothing")
    boolean dryRun;

    @Override
    public ExitCode run(Context context) throws IOException, SourceException, UsageException {
        Strategy chosen = strategy(context);
        List<RawName> sources = sources(context.surroundings());
        BackupOptions.Label label = label(context);
        Rules rules = ruleOptions.rules(context);
        Hooks hooks = hookOptions.hooks(context, sources);
        Consistency consistency = consistency(hooks, mapOptions.map(context.surroundings(), sources));
        BackupReport report;
        try (Repository repository = context.opener().openOrCreate(context::say);
                ProgressDisplay progress = context.progress()) {
            List<RawName> leftOut = new OwnPlaces(context).leftOut(sources);
            BackupOptions options = options(context, repository, sources, label, rules.withLeftOut(leftOut))
                    .withStrategy(chosen)
                    .withConsistency(consistency);
            Backup backup = new Backup(repository, context.surroundings().clock());
            report = hooks.around(() -> {
                mapOptions.prove();
                return run(backup, options, context, progress);
            });
        }
        String afterProblem = hooks.afterProblem();
        print(context, report, sources.size(), afterProblem);
        boolean partial = report.errors() > 0 || report.status().equals("degraded") || afterProblem != null;
        return partial ? ExitCode.PARTIAL : ExitCode.DONE;
    }

    private static Consistency consistency(Hooks hooks, PathMap map) {
        if (!map.isEmpty()) {
            return Consistency.fileSystemSnapshot(map);
        }
        return hooks.hold() ? Consistency.HOOK : Consistency.LIVE;
    }

    private BackupReport run(Backup backup, BackupOptions options, Context context, ProgressDisplay progress)
            throws IOException {
        if (command == null) {
            return backup.run(
                    stdin ? options.withStandardInput(file(context.console().input())) : options, progress);
        }
        Path folder = RawText.path(context.surroundings().folder());
        try (InputStream output = new CommandOutput(command, folder)) {
            return backup.run(options.withStandardInput(file(output)), progress);
        }
    }

    private StandardInput file(InputStream stream) {
        return new StandardInput(RawText.encode(stdinName == null ? "stdin" : stdinName), stream);
    }

    private List<RawName> sources(Surroundings surroundings) throws IOException, SourceException, UsageException {
        List<RawName> sources = new ArrayList<>();
        for (String path : paths) {
            sources.add(surroundings.absolute(path));
            refuseLinkToDevice(sources.get(sources.size() - 1));
        }
        if (filesFrom != null) {
            sources.addAll(PathLists.paths(surroundings, filesFrom));
        }
        if (stdin && command != null) {
            throw new UsageException("give --stdin or --command, not both");
        }
        boolean stream = stdin || command != null;
        if (stream && !sources.isEmpty()) {
            throw new UsageException((stdin ? "--stdin" : "--command") + " takes no paths");
        }
        if (!stream && stdinName != null) {
            throw new UsageException("--stdin-name is for --stdin and --command");
        }
        if (!stream && sources.isEmpty()) {
            throw new UsageException("give a path to take a snapshot of; see packstone snapshot --help");
        }
        if (!stream && hookOptions.before == null) { // Which may make them.
            PathLists.requireOne(sources);
        }
        long length = sources.stream().mapToLong(RawName::length).sum();
        if (length > PATHS_LENGTH_MAX) {
            throw new UsageException(Wording.count(sources.size()) + " paths of " + Wording.size(length)
                    + " are more than a snapshot can keep; give folders above them, or take several snapshots");
        }
        return sources;
    }

    /** A link is taken as a link; who gives one to a device, as its usual name may be, means the device. */
    private static void refuseLinkToDevice(RawName given) throws UsageException {
        Path path = RawText.path(given);
        try {
            if (Files.isSymbolicLink(path)
                    && ((int) Files.getAttribute(path, "unix:mode") & FILE_TYPE) == BLOCK_DEVICE) {
                throw new UsageException(given + " is a link to the block device " + RawText.name(path.toRealPath())
                        + ", which is what to give");
            }
        } catch (IOException e) {
            return; // The snapshot says why it can't be looked at.
        }
    }

    private BackupOptions.Label label(Context context) throws IOException, UsageException {
        List<String> words = new ArrayList<>();
        for (String tag : tags) {
            words.add(Parsing.text("--tag", tag));
        }
        Surroundings surroundings = context.surroundings();
        return new BackupOptions.Label(
                host == null ? surroundings.host() : Parsing.text("--host", host),
                surroundings.user(),
                words,
                time == null ? begun(surroundings) : Parsing.time("--time", time, context.zone()));
    }

    /**
     * Now, before anything makes a copy of a file system: of a file that was changed later than that, or just before, the
     * next snapshot does not believe that it is as it was in the copy.
     */
    private static Timestamp begun(Surroundings surroundings) {
        Instant now = surroundings.clock().instant();
        return new Timestamp(now.getEpochSecond(), now.getNano());
    }

    private BackupOptions options(
            Context context, Repository repository, List<RawName> sources, BackupOptions.Label label, Rules rules)
            throws IOException, UsageException {
        return new BackupOptions(
                sources,
                label,
                rules,
                parent(context.surroundings(), repository, label.host()),
                Strategy.INCREMENTAL,
                dryRun,
                InitCommand.compression(compression),
                null,
                cutting(),
                Consistency.LIVE,
                Extent.ALL,
                checkpointEvery == null
                        ? Interval.USUAL
                        : Parsing.interval(
                                "--checkpoint-every",
                                checkpointEvery,
                                context.surroundings().clock()));
    }

    private Strategy strategy(Context context) throws UsageException {
        boolean hybrid = strategy == Way.hybrid;
        if (!hybrid && (fullEvery != null || differentialEvery != null)) {
            throw new UsageException("--full-every and --differential-every are for --strategy hybrid");
        }
        if (strategy == Way.incremental || strategy == Way.full) {
            return strategy == Way.full ? Strategy.FULL : Strategy.INCREMENTAL;
        }
        if (parent != null) {
            throw new UsageException("--strategy " + strategy + " chooses what to compare with; give no --parent");
        }
        if (stdin || command != null) {
            throw new UsageException("--strategy " + strategy + " is for paths: a stream is always read whole");
        }
        return hybrid
                ? Strategy.hybrid(
                        span(context, "--full-every", fullEvery, Strategy.FULL_EVERY),
                        span(context, "--differential-every", differentialEvery, Strategy.DIFFERENTIAL_EVERY))
                : Strategy.DIFFERENTIAL;
    }

    private static Duration span(Context context, String option, @Nullable String text, Duration usual)
            throws UsageException {
        return text == null
                ? usual
                : Parsing.duration(option, text, context.surroundings().clock());
    }

    private Cutting cutting() {
        if (chunker == null) {
            return Cutting.BY_KIND;
        }
        return chunker == Cutter.fixed ? Cutting.FIXED : Cutting.CONTENT;
    }

    private @Nullable SnapshotId parent(Surroundings surroundings, Repository repository, String hostName)
            throws IOException {
        return parent == null
                ? null
                : new SnapshotSelector(repository, hostName, surroundings.folder())
                        .select(parent)
                        .snapshot()
                        .id();
    }

    private void print(Context context, BackupReport report, int pathCount, @Nullable String afterProblem) {
        if (context.json()) {
            try (Json json = context.document()) {
                document(json, report, afterProblem);
            }
            return;
        }
        if (!context.talks()) {
            // Otherwise each was told as a warning when it happened.
            for (SourceProblem problem : report.problems()) {
                context.console().tell("packstone: " + Quoting.quote(problem.message()));
            }
        }
        if (context.talks()) {
            text(context.console(), report, pathCount);
        }
    }

    private void text(Console console, BackupReport report, int pathCount) {
        SnapshotId id = report.snapshot();
        String ofStream = command == null ? "standard input" : "a command's output";
        String what = stdin || command != null ? ofStream : Wording.count(pathCount, "path");
        String note =
                report.status().equals("degraded") ? ", degraded: " + Wording.count(report.errors(), "problem") : "";
        console.print((id == null ? "dry run" : "snapshot " + id.toShortHex()) + " of " + what + note);
        console.print("  " + Wording.count(report.filesNew(), "new file") + ", " + Wording.count(report.filesChanged())
                + " changed, " + Wording.count(report.filesUnchanged()) + " unchanged, "
                + Wording.count(report.directories()) + (report.directories() == 1 ? " directory" : " directories"));
        console.print("  read " + Wording.size(report.bytesRead()) + ", " + Wording.size(report.bytesNew()) + " new, "
                + Wording.size(report.bytesStored()) + " stored, in " + Wording.duration(report.seconds()));
        if (strategy != Way.incremental && strategy != Way.full) {
            console.print("  " + taken(report));
        }
        if (report.filesBehind() > 0) {
            console.print("  " + Wording.count(report.filesBehind(), "file")
                    + " had other bytes, though length, times and inode said unchanged");
        }
        String leftOut = LeftOutText.of(report.leftOut());
        if (!leftOut.isEmpty()) {
            console.print("  left out " + leftOut);
        }
    }

    private static String taken(BackupReport report) {
        TakenAs as = report.takenAs();
        SnapshotId parent = report.parent();
        String since = parent == null ? "" : " since " + parent.toShortHex();
        boolean baseless = as.asked().equals("differential") && as.taken().equals("full");
        return "taken as " + as.taken() + since + (baseless ? ": there is no full snapshot to go by" : "");
    }

    private static void document(Json json, BackupReport report, @Nullable String afterProblem) {
        json.beginObject();
        json.field("snapshotId", report.snapshot()).field("parentId", report.parent());
        json.field("filesNew", report.filesNew()).field("filesChanged", report.filesChanged());
        json.field("filesUnchanged", report.filesUnchanged()).field("directories", report.directories());
        json.field("bytesRead", report.bytesRead()).field("bytesNew", report.bytesNew());
        json.field("bytesStored", report.bytesStored()).field("errors", report.errors());
        json.seconds("seconds", report.seconds()).field("status", report.status());
        json.field("strategy", report.takenAs().taken())
                .field("strategyAsked", report.takenAs().asked());
        json.field("filesChangedUnseen", report.filesBehind());
        json.field("afterProblem", afterProblem);
        LeftOutText.document(json, report.leftOut());
        json.beginArray("problems");
        for (SourceProblem problem : report.problems()) {
            json.beginObject()
                    .path("path", problem.path())
                    .field("message", problem.message())
                    .endObject();
        }
        json.endArray().endObject();
    }
}
