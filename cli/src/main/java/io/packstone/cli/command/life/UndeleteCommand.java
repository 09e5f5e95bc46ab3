package io.packstone.cli.command.life;

import io.packstone.cli.command.Action;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.id.SnapshotId;
import io.packstone.maintenance.prune.Undelete;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Brings back what was forgotten. */
@Command(
        name = "undelete",
        description = {
            "Bring back a snapshot that was forgotten, as long as no prune has deleted what it needs.",
            "It comes back under a new id."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  packstone snapshots --forgotten", "  packstone undelete 1a2b3c4d"})
public final class UndeleteCommand implements Action {
    @Parameters(paramLabel = "SNAP", description = "the beginning of its id")
    String snapshot = "";

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        SnapshotId before;
        SnapshotId after;
        try (Repository repository = context.opener().open()) {
            StoredSnapshot forgotten = Named.forgotten(repository, snapshot);
            before = forgotten.id();
            after = new Undelete(repository).run(forgotten);
        }
        if (context.json()) {
            try (Json json = context.document()) {
                json.beginObject()
                        .field("snapshotId", after)
                        .field("formerId", before)
                        .endObject();
            }
        } else if (context.talks()) {
            context.console().print("snapshot " + before.toShortHex() + " is back as " + after.toShortHex());
        }
        return ExitCode.DONE;
    }
}
