package io.packstone.cli.command.healing;

import io.packstone.cli.command.Action;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.ProgressDisplay;
import io.packstone.cli.text.Wording;
import io.packstone.maintenance.healing.ParityUpkeep;
import io.packstone.maintenance.healing.Scrub;
import io.packstone.metadata.Quoting;
import io.packstone.repository.Repository;
import java.io.IOException;
import picocli.CommandLine.Command;

/** Parity for a repository that had none, or none any more. */
@Command(
        name = "parity",
        description = {
            "Parity: a sixteenth more space, from which damaged packs are repaired bit by bit.",
            "Of every 64 cells of 4 KiB that lie apart four may be lost; so may any 2 MiB of a pack of 32 MiB at once."
        },
        subcommands = {ParityCommand.Add.class, ParityCommand.Remove.class},
        footer = {
            "  packstone init --parity          (from the start)",
            "  packstone parity add             (for all that is stored, and from now on)",
            "  packstone parity remove"
        })
public final class ParityCommand implements Action {
    @Override
    public ExitCode run(Context context) throws UsageException {
        throw new UsageException("parity needs to know what to do: add or remove");
    }

    /** Adds it. */
    @Command(
            name = "add",
            description = {
                "Put parity beside all packs and index segments that have none, and beside those of later snapshots.",
                "An object that is damaged already gets none and is named (exit code 4)."
            })
    static final class Add implements Action {
        @Override
        public ExitCode run(Context context) throws IOException, UsageException {
            ParityUpkeep.Report report;
            try (Repository repository = context.opener().open();
                    ProgressDisplay progress = context.progress()) {
                repository.changeParity(true);
                report = new ParityUpkeep(repository.objects()).add(progress);
            }
            for (Scrub.Fault fault : report.faults()) {
                context.console()
                        .tell("packstone: " + Quoting.quote(fault.object()) + ": " + Quoting.quote(fault.message())
                                + "; see packstone repair");
            }
            return print(context, report, "added", true);
        }
    }

    /** Removes it. */
    @Command(
            name = "remove",
            description =
                    "Delete all parity; later snapshots put none. Damage can then be repaired from other copies only.")
    static final class Remove implements Action {
        @Override
        public ExitCode run(Context context) throws IOException, UsageException {
            ParityUpkeep.Report report;
            try (Repository repository = context.opener().open()) {
                repository.changeParity(false);
                report = new ParityUpkeep(repository.objects()).remove();
            }
            return print(context, report, "removed", false);
        }
    }

    private static ExitCode print(Context context, ParityUpkeep.Report report, String what, boolean on) {
        if (context.json()) {
            try (Json json = context.document()) {
                json.beginObject().field("parity", on).field(what, report.count());
                json.field("bytes", report.bytes());
                json.texts(
                        "damaged",
                        report.faults().stream().map(Scrub.Fault::object).toList());
                json.endObject();
            }
        } else if (context.talks()) {
            context.console()
                    .print(what + " parity of " + Wording.count(report.count(), "object") + ", "
                            + Wording.size(report.bytes()));
        }
        return report.faults().isEmpty() ? ExitCode.DONE : ExitCode.DAMAGED;
    }
}
