package io.packstone.cli.command.life;

import io.packstone.cli.command.Action;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.Parsing;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.ProgressDisplay;
import io.packstone.maintenance.prune.Prune;
import io.packstone.maintenance.prune.PruneOptions;
import io.packstone.maintenance.prune.PrunePlan;
import io.packstone.maintenance.prune.PruneReport;
import io.packstone.repository.Repository;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Frees space. */
@Command(
        name = "prune",
        description = {
            "Free the space of what no snapshot needs.",
            "Snapshots may be taken and restored meanwhile, and other prunes run: nobody waits for anybody."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  packstone prune --dry-run",
            "  packstone prune",
            "  packstone prune --max-unused 0              (everything, whatever it costs)",
            "  packstone prune --grace 2d      (what is found now goes in two days or later)",
            "",
            "Killed at any moment it leaves nothing to mend: run it again.",
            "Exit code 4: something is damaged and was left as it is; see packstone check."
        })
public final class PruneCommand implements Action {
    @Option(
            names = {"-n", "--dry-run"},
            description = "say what would happen, delete nothing")
    boolean dryRun;

    @Option(names = "--max-unused", paramLabel = "P", description = "leave this share of what stays unused (10%%)")
    @Nullable
    String maxUnused;

    @Option(names = "--max-repack", paramLabel = "N", description = "write at most so many bytes anew, such as 2G")
    @Nullable
    String maxRepack;

    @Option(names = "--grace", paramLabel = "D", description = "delete only what was found so long ago, such as 2d")
    @Nullable
    String grace;

    @Option(
            names = "--stale-after",
            paramLabel = "D",
            description = "take jobs of other machines for dead after so long (30d)")
    @Nullable
    String staleAfter;

    @Option(names = "--sealed-only", description = "move sealed blocks, open none")
    boolean sealedOnly;

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        PruneOptions options = options();
        try (Repository repository = context.opener().open();
                Prune prune = new Prune(repository, context.surroundings().clock())) {
            if (dryRun) {
                PrunePlan plan;
                try (ProgressDisplay progress = context.progress()) {
                    plan = prune.plan(options, progress);
                }
                print(context, plan);
                return ExitCode.DONE;
            }
            PruneReport report;
            try (ProgressDisplay progress = context.progress()) {
                report = prune.apply(prune.plan(options, progress), progress);
            }
            if (context.json()) {
                try (Json json = context.document()) {
                    json.beginObject();
                    PruneText.fields(json, report);
                    json.endObject();
                }
            } else {
                PruneText.print(context, report);
            }
            return report.problems().isEmpty() ? ExitCode.DONE : ExitCode.DAMAGED;
        }
    }

    private static void print(Context context, PrunePlan plan) {
        if (context.json()) {
            try (Json json = context.document()) {
                json.beginObject();
                PruneText.fields(json, plan);
                json.endObject();
            }
        } else {
            PruneText.print(context.console(), plan);
        }
    }

    private PruneOptions options() throws UsageException {
        PruneOptions options = PruneOptions.defaults();
        if (maxUnused != null) {
            options = options.withMaxUnused(Named.share("--max-unused", maxUnused));
        }
        if (maxRepack != null) {
            options = options.withMaxRepack(Parsing.size("--max-repack", maxRepack));
        }
        if (grace != null) {
            options = options.withGrace(Parsing.span("--grace", grace));
        }
        if (staleAfter != null) {
            options = options.withStaleAfter(Parsing.span("--stale-after", staleAfter));
        }
        return sealedOnly ? options.withSealedBlocksOnly() : options;
    }
}
