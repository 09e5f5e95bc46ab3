package io.packstone.cli.command;

import io.packstone.browse.Finder;
import io.packstone.cli.paths.Patterns;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import io.packstone.source.rules.GlobFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks for files in snapshots. */
@Command(
        name = "find",
        description = "Find files by name, in all snapshots or some.",
        footer = {
            "  packstone find '*.odt'",
            "  packstone find '/home/*/thesis/**' --snapshot latest -l",
            "",
            "A pattern without a slash fits a name in any folder; one with a slash fits the whole path."
        })
public final class FindCommand implements Action {
    @Parameters(paramLabel = "GLOB", description = "the pattern: * ? [a-z] and ** across folders")
    String glob = "";

    @Option(names = "--snapshot", paramLabel = "SNAP", description = "look in this one only; may be repeated")
    List<String> snapshots = new ArrayList<>();

    @Option(
            names = {"-l", "--long"},
            description = "with mode, owner, size and time")
    boolean longForm;

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        GlobFilter filter = Patterns.of(context, "GLOB", List.of(glob));
        try (Repository repository = context.opener().openIndexed()) {
            List<StoredSnapshot> where = where(context, repository);
            Finder finder = new Finder(repository);
            if (context.json()) {
                try (Json json = context.document()) {
                    json.beginArray();
                    finder.find(filter, where, (snapshot, entry) -> {
                        json.beginObject().field("snapshotId", snapshot.id());
                        EntryText.fields(json, entry);
                        json.endObject();
                    });
                    json.endArray();
                }
            } else {
                finder.find(
                        filter,
                        where,
                        (snapshot, entry) -> context.console()
                                .print(snapshot.id().toShortHex() + " "
                                        + (longForm ? EntryText.longLine(entry, context.zone()) : entry.path())));
            }
        }
        return ExitCode.DONE;
    }

    private List<StoredSnapshot> where(Context context, Repository repository) throws IOException {
        if (snapshots.isEmpty()) {
            SnapshotLog.View view = repository.snapshots().list();
            context.passedOver(view.unreadable());
            return view.snapshots();
        }
        List<StoredSnapshot> where = new ArrayList<>();
        for (String snapshot : snapshots) {
            where.add(Chosen.of(context, repository, snapshot).snapshot());
        }
        return where;
    }
}
