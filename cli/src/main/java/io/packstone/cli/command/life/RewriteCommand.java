package io.packstone.cli.command.life;

import io.packstone.backup.rewrite.Rewrite;
import io.packstone.backup.rewrite.RewriteOptions;
import io.packstone.backup.rewrite.RewritePlan;
import io.packstone.backup.rewrite.RewriteReport;
import io.packstone.cli.command.Action;
import io.packstone.cli.paths.Patterns;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.ProgressDisplay;
import io.packstone.cli.text.Table;
import io.packstone.cli.text.Wording;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.source.rules.GlobFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Drops paths from history. */
@Command(
        name = "rewrite",
        description = {
            "Drop paths from snapshots that were taken: each becomes a new one, without them.",
            "The former ones stay until they are forgotten, and what is dropped until the next prune."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  packstone rewrite --all --exclude '*.iso' --dry-run",
            "  packstone rewrite --all --drop ~/work/keys.txt --forget",
            "  packstone rewrite 1a2b3c4d latest --exclude 'target/' --exclude-file list",
            "",
            "Patterns are those of snapshot: they fit no path that a snapshot was taken of, and no",
            "folder above one; --drop does. What is dropped and still there is new to the next snapshot.",
            "",
            "Exit code 3: a snapshot was left as it was, since nothing would be left of it."
        })
public final class RewriteCommand implements Action {
    @Parameters(paramLabel = "SNAP", arity = "0..*", description = "from these snapshots")
    List<String> snapshots = new ArrayList<>();

    @Option(names = "--all", description = "from all snapshots")
    boolean all;

    @Option(names = "--exclude", paramLabel = "G", description = "drop what fits this pattern; may be repeated")
    List<String> excludes = new ArrayList<>();

    @Option(
            names = "--exclude-file",
            paramLabel = "F",
            description = "patterns from file F, one a line, # begins a comment")
    List<String> excludeFiles = new ArrayList<>();

    @Option(names = "--drop", paramLabel = "PATH", description = "drop this path, which is no pattern; may be repeated")
    List<String> dropped = new ArrayList<>();

    @Option(
            names = {"-n", "--dry-run"},
            description = "say what would be dropped, change nothing")
    boolean dryRun;

    @Option(names = "--forget", description = "forget the former snapshots, once all new ones are there")
    boolean forget;

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        if (all != snapshots.isEmpty()) {
            throw new UsageException("name the snapshots, or give --all");
        }
        GlobFilter filter = Patterns.excludes(context, excludes, excludeFiles).filter();
        List<RawName> paths = paths(context);
        if (filter.isEmpty() && paths.isEmpty()) {
            throw new UsageException("say what to drop: --exclude PATTERN or --drop PATH");
        }
        RewritePlan plan;
        RewriteReport report = null;
        try (Repository repository = context.opener().openIndexed();
                ProgressDisplay progress = context.progress()) {
            Rewrite rewrite = new Rewrite(repository, new RewriteOptions(chosen(context, repository), filter, paths));
            plan = rewrite.plan(progress);
            if (!dryRun) {
                report = rewrite.apply(plan, forget, progress);
            }
        }
        print(context, plan, report);
        context.passedOver(plan.unreadable());
        return outcome(plan, report);
    }

    private List<RawName> paths(Context context) throws IOException, UsageException {
        List<RawName> paths = new ArrayList<>();
        for (String path : dropped) {
            RawName absolute = context.surroundings().absolute(path);
            if (TreePath.parse(absolute).isRoot()) {
                throw new UsageException("--drop /: that is everything; see packstone forget");
            }
            paths.add(absolute);
        }
        return paths;
    }

    private List<SnapshotId> chosen(Context context, Repository repository) throws IOException, UsageException {
        List<SnapshotId> chosen = new ArrayList<>();
        for (String snapshot : snapshots) {
            chosen.add(Named.snapshot(context, repository, snapshot).id());
        }
        return chosen;
    }

    private static ExitCode outcome(RewritePlan plan, @Nullable RewriteReport report) {
        if (!unread(plan, report).isEmpty()) {
            return ExitCode.DAMAGED;
        }
        boolean whole =
                plan.emptied().isEmpty() && (report == null || report.spared().isEmpty());
        return whole ? ExitCode.DONE : ExitCode.PARTIAL;
    }

    private static List<RewritePlan.Unread> unread(RewritePlan plan, @Nullable RewriteReport report) {
        return report == null ? plan.unread() : report.unread();
    }

    private void print(Context context, RewritePlan plan, @Nullable RewriteReport report) {
        if (context.json()) {
            try (Json json = context.document()) {
                document(json, plan, report);
            }
            return;
        }
        if (context.talks() || dryRun) {
            table(context, plan, report);
        }
        for (StoredSnapshot snapshot : plan.emptied()) {
            String id = snapshot.id().toShortHex();
            context.console()
                    .tell("packstone: nothing would be left of snapshot " + id
                            + ", so it stays; to drop all of it: packstone forget " + id);
        }
        for (RewritePlan.Unread each : unread(plan, report)) {
            context.console()
                    .tell("packstone: snapshot " + each.snapshot().id().toShortHex() + " stays as it is: "
                            + Quoting.quote(String.valueOf(each.cause().getMessage())) + "; run packstone check");
        }
        for (RewriteReport.Spared each : report == null ? List.<RewriteReport.Spared>of() : report.spared()) {
            context.console()
                    .tell("packstone: snapshot " + each.snapshot().toShortHex() + " stays as it is: " + each.why());
        }
    }

    private void table(Context context, RewritePlan plan, @Nullable RewriteReport report) {
        Table table = new Table("id", "time", ">dropped", ">size", dryRun ? "" : "is now");
        for (RewritePlan.Change change : plan.changes()) {
            table.row(
                    change.former().id().toShortHex(),
                    Wording.local(change.former().record().time(), context.zone()),
                    Wording.count(change.dropped().entries()),
                    Wording.size(change.dropped().bytes()),
                    remark(change, report));
        }
        if (!plan.changes().isEmpty()) {
            table.print(context.console());
        }
        context.console().print(summary(plan, report));
    }

    private static String remark(RewritePlan.Change change, @Nullable RewriteReport report) {
        if (report == null) {
            SnapshotId already = change.already();
            return already == null ? "" : "made already: " + already.toShortHex();
        }
        RewriteReport.Made made = find(report, change);
        return made == null ? "- not rewritten" : made.snapshot().toShortHex() + (made.isNew() ? "" : ", made before");
    }

    private static RewriteReport.@Nullable Made find(RewriteReport report, RewritePlan.Change change) {
        return report.made().stream()
                .filter(made -> made.former().id().equals(change.former().id()))
                .findFirst()
                .orElse(null);
    }

    private String summary(RewritePlan plan, @Nullable RewriteReport report) {
        int count = plan.changes().size()
                + plan.untouched().size()
                + plan.emptied().size()
                + plan.unread().size();
        String of = " of " + Wording.count(count, "snapshot");
        if (report == null) {
            return "would rewrite " + Wording.count(plan.changes().size()) + of;
        }
        if (report.made().isEmpty()) {
            return "rewrote 0" + of + "; nothing was changed";
        }
        String rewrote = "rewrote " + Wording.count(report.made().size()) + of;
        return forget
                ? rewrote + ", forgot " + Wording.count(report.forgotten().size())
                        + "; packstone prune frees what was dropped"
                : rewrote + "; the former ones are still there, with all they hold.\n"
                        + "If the new ones are as they should be: the same again with --forget, then packstone prune";
    }

    private void document(Json json, RewritePlan plan, @Nullable RewriteReport report) {
        json.beginObject().field("dryRun", dryRun).beginArray("rewritten");
        for (RewritePlan.Change change : plan.changes()) {
            RewriteReport.Made made = report == null ? null : find(report, change);
            if (report != null && made == null) {
                continue;
            }
            json.beginObject().field("snapshotId", change.former().id());
            json.field("newId", made == null ? change.already() : made.snapshot());
            json.field("entries", change.dropped().entries());
            json.field("files", change.dropped().files());
            json.field("bytes", change.dropped().bytes());
            json.field(
                    "forgotten",
                    report != null
                            && report.forgotten().contains(change.former().id()));
            json.endObject();
        }
        json.endArray();
        json.texts("untouched", ids(plan.untouched())).texts("emptied", ids(plan.emptied()));
        json.beginArray("unread");
        for (RewritePlan.Unread each : unread(plan, report)) {
            String message = Objects.requireNonNullElse(each.cause().getMessage(), "");
            json.beginObject().field("snapshotId", each.snapshot().id()).field("message", message);
            json.endObject();
        }
        json.endArray().beginArray("spared");
        for (RewriteReport.Spared each : report == null ? List.<RewriteReport.Spared>of() : report.spared()) {
            json.beginObject().field("snapshotId", each.snapshot()).field("message", each.why());
            json.endObject();
        }
        json.endArray().field("bytesStored", report == null ? 0 : report.bytesStored());
        json.endObject();
    }

    private static List<String> ids(List<StoredSnapshot> snapshots) {
        return snapshots.stream().map(each -> each.id().toHex()).toList();
    }
}
