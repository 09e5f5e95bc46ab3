package io.packstone.cli.command;

import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.Table;
import io.packstone.cli.text.Wording;
import io.packstone.maintenance.Stats;
import io.packstone.repository.Repository;
import java.io.IOException;
import picocli.CommandLine.Command;

/** Counts what is stored. */
@Command(
        name = "stats",
        description = "Print how much the snapshots hold, and how little of that had to be stored.",
        footerHeading = "%nExamples:%n",
        footer = {"  packstone stats", "  packstone stats --json | jq .bytesStored"})
public final class StatsCommand implements Action {
    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        Stats.Report report;
        try (Repository repository = context.opener().openIndexed()) {
            report = new Stats(repository).run();
        }
        context.passedOver(report.unreadable());
        if (context.json()) {
            try (Json json = context.document()) {
                json.beginObject().field("snapshots", report.snapshots()).field("files", report.files());
                json.field("bytes", report.bytes()).field("chunks", report.chunks());
                json.field("bytesUnique", report.bytesUnique()).field("bytesStored", report.bytesStored());
                json.field("packs", report.packs()).endObject();
            }
        } else {
            print(context, report);
        }
        return ExitCode.DONE;
    }

    private static void print(Context context, Stats.Report report) {
        Table table = new Table("stored", ">", ">ratio");
        table.row("snapshots", Wording.count(report.snapshots()), "");
        table.row("files", Wording.count(report.files()), "");
        table.row("bytes in them", Wording.size(report.bytes()), "");
        String deduplicated = Wording.ratio(report.bytes(), report.bytesUnique());
        table.row("without repetitions", Wording.size(report.bytesUnique()), deduplicated);
        String overall = Wording.ratio(report.bytes(), report.bytesStored());
        table.row("compressed and sealed", Wording.size(report.bytesStored()), overall);
        table.row("chunks", Wording.count(report.chunks()), "");
        table.row("packs", Wording.count(report.packs()), "");
        table.print(context.console());
    }
}
