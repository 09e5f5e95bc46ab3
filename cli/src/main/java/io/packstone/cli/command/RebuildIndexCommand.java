package io.packstone.cli.command;

import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.ProgressDisplay;
import io.packstone.cli.text.Wording;
import io.packstone.maintenance.RebuildIndex;
import io.packstone.repository.Repository;
import java.io.IOException;
import picocli.CommandLine.Command;

/** Makes the index anew. */
@Command(
        name = "rebuild-index",
        description = {
            "Make the index anew from what is stored.",
            "The index is a cache of what the packs say: losing it costs time, never data."
        },
        footer = "  packstone rebuild-index")
public final class RebuildIndexCommand implements Action {
    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        RebuildIndex.Report report;
        try (Repository repository = context.opener().openIndexed();
                ProgressDisplay progress = context.progress()) {
            report = new RebuildIndex(repository).run(progress);
        }
        if (context.json()) {
            try (Json json = context.document()) {
                json.beginObject().field("segments", report.segments()).field("packs", report.packs());
                json.texts("problems", report.problems()).endObject();
            }
        } else if (context.talks()) {
            context.console()
                    .print("index of " + Wording.count(report.packs(), "pack") + " made from "
                            + Wording.count(report.segments(), "index segment"));
        }
        report.problems().forEach(problem -> context.console().tell("packstone: " + problem));
        return report.problems().isEmpty() ? ExitCode.DONE : ExitCode.DAMAGED;
    }
}
