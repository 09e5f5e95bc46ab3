package io.packstone.cli.command.life;

import io.packstone.cli.command.Action;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.Quoting;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.snapshot.SnapshotNote.Pin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Edits tags. */
@Command(
        name = "tag",
        description = "Add tags to a snapshot, or remove some.",
        footerHeading = "%nExamples:%n",
        footer = {"  packstone tag latest --add release --add checked", "  packstone tag 1a2b3c4d --remove nightly"})
public final class TagCommand implements Action {
    @Parameters(paramLabel = "SNAP", description = "which snapshot")
    String snapshot = "";

    @Option(names = "--add", paramLabel = "T", description = "a tag to add; may be repeated")
    List<String> added = new ArrayList<>();

    @Option(names = "--remove", paramLabel = "T", description = "a tag to remove; may be repeated")
    List<String> removed = new ArrayList<>();

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        if (added.isEmpty() && removed.isEmpty()) {
            throw new UsageException("give --add T or --remove T");
        }
        if (added.contains("") || added.stream().anyMatch(removed::contains)) {
            throw new UsageException("a tag is not empty, and is added or removed, not both");
        }
        SnapshotId id;
        List<String> tags = List.of();
        try (Repository repository = context.opener().open()) {
            id = Named.snapshot(context, repository, snapshot).id();
            ProtectCommand.expectStands(
                    repository.snapshots().annotate(id, Pin.SILENT, added, removed, repository.randomness()), id);
            StoredSnapshot listed = repository.snapshots().list().find(id);
            tags = listed == null ? tags : listed.record().tags();
        }
        if (context.json()) {
            try (Json json = context.document()) {
                json.beginObject().field("snapshotId", id).texts("tags", tags).endObject();
            }
        } else if (context.talks()) {
            context.console()
                    .print("snapshot " + id.toShortHex() + " has "
                            + (tags.isEmpty() ? "no tags" : "the tags " + Quoting.quote(String.join(", ", tags))));
        }
        return ExitCode.DONE;
    }
}
