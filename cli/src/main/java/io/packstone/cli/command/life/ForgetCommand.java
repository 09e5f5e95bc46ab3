package io.packstone.cli.command.life;

import io.packstone.cli.command.Action;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.Parsing;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Console;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.ProgressDisplay;
import io.packstone.cli.text.Table;
import io.packstone.cli.text.Wording;
import io.packstone.id.SnapshotId;
import io.packstone.maintenance.prune.Prune;
import io.packstone.maintenance.prune.PruneOptions;
import io.packstone.maintenance.prune.PruneReport;
import io.packstone.maintenance.retention.Forget;
import io.packstone.maintenance.retention.ForgetOptions;
import io.packstone.maintenance.retention.ForgetPlan;
import io.packstone.maintenance.retention.RetentionRules;
import io.packstone.maintenance.retention.TimeSpan;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import io.packstone.repository.Repository;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Forgets snapshots. */
@Command(
        name = "forget",
        description = {
            "Forget snapshots, by name or by rules; a snapshot stays that any rule keeps.",
            "Rules apply to each host and set of paths by itself. Until the next prune, undelete brings them back."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  packstone forget 1a2b3c4d",
            "  packstone forget --keep-daily 7 --keep-weekly 5 --keep-monthly 12 --dry-run",
            "  packstone forget --keep-last 1 --keep-within 30d --keep-tag release --prune",
            "",
            "Days and weeks follow the clock of this computer. What was not read whole takes no place from what was;",
            "a clock that was wrong when a snapshot was taken pushes no other out; protected snapshots stay."
        })
public final class ForgetCommand implements Action {
    @Parameters(paramLabel = "SNAP", arity = "0..*", description = "forget these, whatever any rule says")
    List<String> snapshots = new ArrayList<>();

    @Option(names = "--keep-last", paramLabel = "N", description = "keep the newest N")
    int last;

    @Option(names = "--keep-hourly", paramLabel = "N", description = "keep the newest of each of the last N hours")
    int hourly;

    @Option(names = "--keep-daily", paramLabel = "N", description = "keep the newest of each of the last N days")
    int daily;

    @Option(names = "--keep-weekly", paramLabel = "N", description = "keep the newest of each of the last N weeks")
    int weekly;

    @Option(names = "--keep-monthly", paramLabel = "N", description = "keep the newest of each of the last N months")
    int monthly;

    @Option(names = "--keep-yearly", paramLabel = "N", description = "keep the newest of each of the last N years")
    int yearly;

    @Option(names = "--keep-within", paramLabel = "D", description = "keep what is younger than D, such as 30d")
    @Nullable
    String within;

    @Option(names = "--keep-tag", paramLabel = "T", description = "keep what has this tag; may be repeated")
    List<String> tags = new ArrayList<>();

    @Option(names = "--group-by", paramLabel = "WHAT", description = "host, paths, host,paths or none (host,paths)")
    String groupBy = "host,paths";

    @Option(
            names = {"-n", "--dry-run"},
            description = "say what would stay and why, forget nothing")
    boolean dryRun;

    @Option(names = "--confirm", paramLabel = "N", description = "yes, forget N snapshots, though that is most of them")
    long confirm = -1;

    @Option(names = "--prune", description = "free the space at once")
    boolean prune;

    @Option(names = "--grace", paramLabel = "D", description = "with --prune: delete only what was found so long ago")
    @Nullable
    String grace;

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        RetentionRules rules = rules();
        if (!snapshots.isEmpty() && !rules.isEmpty()) {
            throw new UsageException("name snapshots, or give rules, not both");
        }
        if (grace != null && !prune) {
            throw new UsageException("--grace is for --prune");
        }
        Clock clock = context.surroundings().clock();
        try (Repository repository = context.opener().open()) {
            Forget forget = new Forget(repository, clock);
            ForgetPlan plan = forget.plan(options(context, repository, rules));
            plan.remarks().forEach(remark -> context.say("note: " + Quoting.quote(remark)));
            if (dryRun) {
                print(context, plan, List.of(), null);
                return ExitCode.DONE;
            }
            Forget.Report report = forget.apply(plan, confirm);
            for (SnapshotId spared : report.spared()) {
                context.say("note: snapshot " + spared.toShortHex() + " was protected meanwhile, and stays");
            }
            PruneReport pruned = prune ? prune(context, repository) : null;
            print(context, plan, report.forgotten(), pruned);
            return pruned == null || pruned.problems().isEmpty() ? ExitCode.DONE : ExitCode.DAMAGED;
        }
    }

    private RetentionRules rules() throws UsageException {
        try {
            TimeSpan span = within == null ? TimeSpan.NONE : Parsing.span("--keep-within", within);
            return new RetentionRules(last, hourly, daily, weekly, monthly, yearly, span, tags);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--keep-...: " + e.getMessage());
        }
    }

    private ForgetOptions options(Context context, Repository repository, RetentionRules rules)
            throws IOException, UsageException {
        List<SnapshotId> chosen = new ArrayList<>();
        for (String snapshot : snapshots) {
            chosen.add(Named.id(context, repository, snapshot));
        }
        boolean byHost = false;
        boolean byPaths = false;
        for (String word : groupBy.split(",", -1)) {
            switch (word.strip()) {
                case "host" -> byHost = true;
                case "paths" -> byPaths = true;
                case "none", "" -> {
                    continue;
                }
                default -> throw new UsageException("--group-by: write host, paths, host,paths or none");
            }
        }
        return new ForgetOptions(chosen, rules, byHost, byPaths, context.zone());
    }

    private PruneReport prune(Context context, Repository repository) throws IOException, UsageException {
        PruneOptions options = PruneOptions.defaults();
        if (grace != null) {
            options = options.withGrace(Parsing.span("--grace", grace));
        }
        try (Prune pruning = new Prune(repository, context.surroundings().clock());
                ProgressDisplay progress = context.progress()) {
            return pruning.apply(pruning.plan(options, progress), progress);
        }
    }

    private void print(Context context, ForgetPlan plan, List<SnapshotId> forgotten, @Nullable PruneReport pruned) {
        if (context.json()) {
            try (Json json = context.document()) {
                document(json, plan, forgotten, pruned);
            }
            return;
        }
        Console console = context.console();
        if (dryRun) {
            plan.groups().forEach(group -> print(context, group));
            console.print("would forget " + Wording.count(plan.forgotten().size()) + " of "
                    + Wording.count(plan.snapshots(), "snapshot")
                    + (plan.needsConfirmation()
                            ? "; that needs --confirm " + plan.forgotten().size()
                            : ""));
        } else if (context.talks()) {
            console.print("forgot " + Wording.count(forgotten.size(), "snapshot") + ", "
                    + Wording.count(plan.snapshots() - forgotten.size()) + " left");
        }
        if (pruned != null) {
            PruneText.print(context, pruned);
        }
    }

    private static void print(Context context, ForgetPlan.Group group) {
        String paths =
                String.join(" ", group.paths().stream().map(RawName::toString).toList());
        context.console().print((Quoting.quote(group.host()) + " " + paths).strip());
        Table table = new Table("id", "time", "tags", "stays because");
        for (ForgetPlan.Verdict verdict : group.verdicts()) {
            table.row(
                    verdict.snapshot().id().toShortHex(),
                    Wording.local(verdict.snapshot().record().time(), context.zone()),
                    Quoting.quote(String.join(",", verdict.snapshot().record().tags())),
                    verdict.isKept() ? Quoting.quote(String.join(", ", verdict.reasons())) : "- would be forgotten");
        }
        table.print(context.console());
    }

    private void document(Json json, ForgetPlan plan, List<SnapshotId> forgotten, @Nullable PruneReport pruned) {
        List<SnapshotId> gone = dryRun ? plan.forgotten() : forgotten;
        json.beginObject().field("dryRun", dryRun);
        json.texts("forgotten", gone.stream().map(SnapshotId::toHex).toList());
        json.beginArray("kept");
        for (ForgetPlan.Group group : plan.groups()) {
            for (ForgetPlan.Verdict verdict : group.verdicts()) {
                if (verdict.isKept()) {
                    json.beginObject().field("id", verdict.snapshot().id());
                    json.texts("reasons", verdict.reasons()).endObject();
                }
            }
        }
        json.endArray().field("needsConfirmation", plan.needsConfirmation());
        json.texts("remarks", plan.remarks());
        if (pruned != null) {
            json.beginObject("prune");
            PruneText.fields(json, pruned);
            json.endObject();
        }
        json.endObject();
    }
}
