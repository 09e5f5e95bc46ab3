package io.packstone.cli.command;

import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.Parsing;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Console;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.ProgressDisplay;
import io.packstone.cli.text.Wording;
import io.packstone.maintenance.Check;
import io.packstone.maintenance.CheckOptions;
import io.packstone.maintenance.CheckReport;
import io.packstone.maintenance.Proofs;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.Timestamp;
import io.packstone.repository.Repository;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Proves a repository. */
@Command(
        name = "check",
        description = {
            "Prove that every snapshot can be restored.",
            "Without options the structure is checked; --read-data reads and verifies the data as well."
        },
        footer = {
            "  packstone check",
            "  packstone check --read-data",
            "  packstone check --read-data=5%%        (another twentieth each time)",
            "  packstone check --read-data=10G       (10 GiB of packs, others each time)",
            "",
            "Exit code 4: damage was found; each line names the object, the snapshots and the paths."
        })
public final class CheckCommand implements Action {
    private static final int NAMES_TOLD = 10;
    private static final long SECONDS_TOLD_MAX = 2 * 3600;

    @Option(
            names = "--read-data",
            arity = "0..1",
            fallbackValue = "100%",
            paramLabel = "N%|SIZE",
            description = "read all data, a share of the packs, or packs of about SIZE: those not proved for longest")
    @Nullable
    String readData;

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        CheckOptions options = options();
        CheckReport report;
        try (Repository repository = context.opener().openIndexed();
                ProgressDisplay progress = context.progress()) {
            report = new Check(repository, context.surroundings().clock()).run(options, progress);
        }
        if (context.json()) {
            try (Json json = context.document()) {
                document(json, report);
            }
        } else {
            report.errors().forEach(error -> print(context.console(), error));
            if (!report.errors().isEmpty()) {
                context.console().print(Wording.count(report.errors().size(), "error") + "; the rest can be restored");
            } else if (context.talks()) {
                context.console()
                        .print("no errors; " + Wording.size(report.bytesRead()) + " read" + proofs(context, report));
            }
        }
        return report.errors().isEmpty() ? ExitCode.DONE : ExitCode.DAMAGED;
    }

    private static String proofs(Context context, CheckReport report) {
        if (report.packs() == 0) {
            return "";
        }
        if (report.packsUnproven() > 0) {
            return "; this computer never read " + Wording.count(report.packsUnproven(), "pack") + " of "
                    + Wording.count(report.packs()) + " whole";
        }
        long age = Math.max(0, context.surroundings().clock().instant().getEpochSecond() - report.oldestProof());
        return "; every pack was read whole within the last " + age(age);
    }

    private static String age(long seconds) {
        if (seconds < SECONDS_TOLD_MAX) {
            return Wording.count(Math.max(1, (seconds + 59) / 60), "minute");
        }
        long hours = (seconds + 3599) / 3600;
        return hours <= 48 ? Wording.count(hours, "hour") : Wording.count((hours + 23) / 24, "day");
    }

    private CheckOptions options() throws UsageException {
        if (readData == null) {
            return CheckOptions.STRUCTURE;
        }
        if (readData.endsWith("%")) {
            return CheckOptions.ofPercent(Parsing.percent("--read-data", readData));
        }
        long bytes = Parsing.size("--read-data", readData);
        if (bytes == 0) {
            throw new UsageException("--read-data: nothing can be read in 0 bytes; write 5%, 500M or 10G");
        }
        return CheckOptions.ofBytes(bytes);
    }

    private static void print(Console console, CheckReport.Damage error) {
        String object = error.object();
        console.print((error.message().contains(object) ? "" : Quoting.quote(object) + ": ")
                + Quoting.quote(error.message()));
        if (!error.snapshots().isEmpty()) {
            console.print("  snapshots: "
                    + String.join(
                            " ",
                            error.snapshots().stream()
                                    .map(id -> id.substring(0, 10))
                                    .toList()));
        }
        error.paths().stream().limit(NAMES_TOLD).forEach(path -> console.print("  " + Quoting.quote(path)));
        if (error.paths().size() > NAMES_TOLD) {
            console.print((error.morePaths() ? "  and more than " : "  and ")
                    + Wording.count(error.paths().size() - NAMES_TOLD, "more path"));
        }
    }

    private static void document(Json json, CheckReport report) {
        json.beginObject()
                .field("status", report.errors().isEmpty() ? "ok" : "damaged")
                .beginArray("errors");
        for (CheckReport.Damage error : report.errors()) {
            json.beginObject().field("kind", error.kind()).field("object", error.object());
            json.field("message", error.message());
            json.texts("snapshots", error.snapshots());
            json.texts("paths", error.paths()).field("morePaths", error.morePaths());
            json.endObject();
        }
        json.endArray().field("bytesRead", report.bytesRead());
        json.field("packs", report.packs()).field("packsUnproven", report.packsUnproven());
        if (report.oldestProof() != Proofs.NEVER) {
            json.field("oldestProof", new Timestamp(report.oldestProof(), 0));
        }
        json.endObject();
    }
}
