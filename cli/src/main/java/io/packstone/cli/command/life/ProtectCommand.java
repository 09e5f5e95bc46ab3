package io.packstone.cli.command.life;

import io.packstone.cli.command.Action;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.id.SnapshotId;
import io.packstone.repository.Repository;
import io.packstone.snapshot.SnapshotNote.Pin;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Protects a snapshot. */
@Command(
        name = "protect",
        description = "Protect a snapshot from being forgotten, or end that.",
        footerHeading = "%nExamples:%n",
        footer = {"  packstone protect latest", "  packstone protect --remove 1a2b3c4d"})
public final class ProtectCommand implements Action {
    @Parameters(paramLabel = "SNAP", description = "which snapshot")
    String snapshot = "";

    @Option(names = "--remove", description = "it may be forgotten again")
    boolean remove;

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        SnapshotId id;
        try (Repository repository = context.opener().open()) {
            id = Named.snapshot(context, repository, snapshot).id();
            Pin pin = remove ? Pin.RELEASED : Pin.PROTECTED;
            expectStands(repository.snapshots().annotate(id, pin, List.of(), List.of(), repository.randomness()), id);
        }
        if (context.json()) {
            try (Json json = context.document()) {
                json.beginObject()
                        .field("snapshotId", id)
                        .field("protected", !remove)
                        .endObject();
            }
        } else if (context.talks()) {
            context.console()
                    .print("snapshot " + id.toShortHex() + (remove ? " may be forgotten again" : " is protected"));
        }
        return ExitCode.DONE;
    }

    /** Says so when somebody forgot a snapshot at the same time. */
    static void expectStands(boolean stands, SnapshotId id) throws RepositoryException {
        if (!stands) {
            throw new RepositoryException(
                    ErrorKind.NOT_FOUND,
                    null,
                    "snapshot " + id.toShortHex() + " was forgotten meanwhile; bring it back with: packstone undelete "
                            + id.toShortHex());
        }
    }
}
