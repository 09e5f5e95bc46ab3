package io.packstone.cli.command.taking;

import io.packstone.backup.BackupOptions;
import io.packstone.backup.BackupReport;
import io.packstone.cli.command.Action;
import io.packstone.cli.paths.PathLists;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.Parsing;
import io.packstone.cli.setup.RawText;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.ProgressDisplay;
import io.packstone.cli.text.Wording;
import io.packstone.error.SourceException;
import io.packstone.maintenance.retention.RetentionRules;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.repository.Repository;
import io.packstone.source.rules.Rules;
import io.packstone.watch.Watch;
import io.packstone.watch.WatchListener;
import io.packstone.watch.WatchOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a snapshot whenever files have changed. */
@Command(
        name = "watch",
        description = {
            "Follow files, and take a snapshot whenever they have changed.",
            "It goes on until it is interrupted or terminated; what changed until then is stored before it ends (exit code 0)."
        },
        footer = {
            "  packstone watch ~/documents",
            "  packstone watch ~/src --exclude target/ --settle 3s",
            "  packstone watch /srv --every 15min --health /run/packstone/health.prom",
            "  packstone restore latest:/home/ann/thesis.tex --target back",
            "  packstone restore '@2026-11-26T14:03:20:/home/ann/thesis.tex' --target back",
            "",
            "Such a snapshot costs as much as what changed. It has the tag watch; of those, all of the last hour stay, then",
            "the newest of each hour of a day, each day of a month and each week of a year (--keep-...). Those that go are",
            "forgotten, and packstone prune frees their space. Everything is looked at when the watch begins, when more",
            "happened than the system could tell, and once in --rescan.",
            "",
            "The system tells of as many folders as fs.inotify.max_user_watches says; where there are more, everything is",
            "looked at once a minute, and the health file says so.",
            "",
            "A file of 16 MiB or more that keeps changing is let alone for ten times as long as reading it took, ten minutes",
            "at most, and is read once more before the watch ends. While one waits, the health file shows the lag."
        })
public final class WatchCommand implements Action {
    @Parameters(paramLabel = "PATH", arity = "1..*", description = "files and folders to follow")
    List<String> paths = new ArrayList<>();

    @Option(names = "--every", paramLabel = "D", description = "take no snapshot sooner than D after the last (0)")
    String every = "0";

    @Option(
            names = "--settle",
            paramLabel = "D",
            description = "wait until nothing changed for D, three times that at most (1s)")
    String settle = "1s";

    @Option(names = "--rescan", paramLabel = "D", description = "look at everything once in D (1h)")
    String rescan = "1h";

    @Option(
            names = "--health",
            paramLabel = "F",
            description = "keep a file F that tells how the watch is, as Prometheus reads it")
    @Nullable
    String health;

    @Option(names = "--tag", paramLabel = "T", description = "another word to find the snapshots by; may be repeated")
    List<String> tags = new ArrayList<>();

    @Option(names = "--host", paramLabel = "H", description = "the host to record (this computer's name)")
    @Nullable
    String host;

    @Option(names = "--keep-within", paramLabel = "D", description = "keep all that is younger than D (1h)")
    String within = "1h";

    @Option(names = "--keep-hourly", paramLabel = "N", description = "keep the newest of each of the last N hours (24)")
    int hourly = 24;

    @Option(names = "--keep-daily", paramLabel = "N", description = "keep the newest of each of the last N days (30)")
    int daily = 30;

    @Option(names = "--keep-weekly", paramLabel = "N", description = "keep the newest of each of the last N weeks (52)")
    int weekly = 52;

    @Option(names = "--keep-all", description = "forget none")
    boolean keepAll;

    @Mixin
    RuleOptions ruleOptions = new RuleOptions();

    @Override
    public ExitCode run(Context context) throws IOException, SourceException, UsageException {
        List<RawName> sources = new ArrayList<>();
        for (String path : paths) {
            sources.add(context.surroundings().absolute(path));
        }
        PathLists.requireOne(sources);
        List<String> words = new ArrayList<>();
        for (String tag : tags) {
            words.add(Parsing.text("--tag", tag));
        }
        Rules rules = ruleOptions.rules(context);
        HealthFile file = health == null
                ? null
                : new HealthFile(RawText.path(context.surroundings().absolute(health)));
        WatchOptions options = options(context, file);
        try (Repository repository = context.opener().openOrCreate(context::say);
                ProgressDisplay progress = context.progress()) {
            List<RawName> leftOut = new ArrayList<>(new OwnPlaces(context).leftOut(sources));
            if (file != null) {
                leftOut.add(context.surroundings().absolute(String.valueOf(health)));
            }
            String from = host == null ? context.surroundings().host() : Parsing.text("--host", host);
            BackupOptions backup = BackupOptions.of(
                            sources, from, context.surroundings().user())
                    .withLabel(
                            new BackupOptions.Label(from, context.surroundings().user(), words, null))
                    .withRules(rules.withLeftOut(leftOut));
            boolean stored = new Watch(repository, context.surroundings().clock())
                    .run(options, backup, progress, new Told(context, file));
            return stored ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private WatchOptions options(Context context, @Nullable HealthFile file) throws IOException, UsageException {
        RetentionRules kept;
        try {
            kept = keepAll
                    ? RetentionRules.NONE
                    : new RetentionRules(
                            1, hourly, daily, weekly, 0, 0, Parsing.span("--keep-within", within), List.of());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--keep-...: " + e.getMessage());
        }
        List<TreePath> ignored = new ArrayList<>();
        if (file != null) {
            RawName path = context.surroundings().absolute(String.valueOf(health));
            ignored.add(TreePath.parse(path));
            ignored.add(TreePath.parse(RawText.name(file.next())));
        }
        return new WatchOptions(
                Parsing.duration("--every", every, context.surroundings().clock()),
                Parsing.duration("--settle", settle, context.surroundings().clock()),
                Parsing.duration("--rescan", rescan, context.surroundings().clock()),
                kept,
                context.zone(),
                ignored);
    }

    /** Says what a watch does, a line or a JSON document each time. */
    private static final class Told implements WatchListener {
        private final Context context;
        private final @Nullable HealthFile file;
        private boolean healthFailed;

        Told(Context context, @Nullable HealthFile file) {
            this.context = context;
            this.file = file;
        }

        @Override
        public void taken(BackupReport report, boolean whole) {
            if (report.snapshot() == null) {
                return;
            }
            if (context.json()) {
                try (Json json = context.document()) {
                    json.beginObject().field("snapshotId", report.snapshot());
                    json.field("filesNew", report.filesNew()).field("filesChanged", report.filesChanged());
                    json.field("bytesRead", report.bytesRead()).field("bytesNew", report.bytesNew());
                    json.field("bytesStored", report.bytesStored()).field("errors", report.errors());
                    json.seconds("seconds", report.seconds()).field("status", report.status());
                    json.field("whole", whole).endObject();
                }
            } else if (context.talks()) {
                context.console()
                        .print("snapshot " + report.snapshot().toShortHex() + ": "
                                + Wording.count(report.filesNew(), "new file") + ", "
                                + Wording.count(report.filesChanged()) + " changed, "
                                + Wording.size(report.bytesStored()) + " stored, in "
                                + Wording.duration(report.seconds())
                                + (report.errors() > 0 ? ", degraded" : ""));
            }
            context.console().results().push();
        }

        @Override
        public void failed(IOException cause, long seconds) {
            String next = seconds == 0
                    ? "what has changed lately is in no snapshot: run it again"
                    : "trying again in " + seconds + " s";
            context.console().tell("packstone: " + Quoting.quote(String.valueOf(cause.getMessage())) + "; " + next);
        }

        @Override
        public void forgot(int count) {
            if (context.talks()) {
                context.say("forgot " + Wording.count(count, "snapshot") + " that no rule keeps");
            }
        }

        /** A health file that can't be written is told of once, and costs no snapshot. */
        @Override
        public void state(State state) {
            if (file == null) {
                return;
            }
            try {
                file.write(state, context.surroundings().clock().millis());
                healthFailed = false;
            } catch (IOException e) {
                if (!healthFailed) {
                    context.say("packstone: the health file can't be written: " + Quoting.quote(String.valueOf(e)));
                }
                healthFailed = true;
            }
        }
    }
}
