package io.packstone.cli.command;

import io.packstone.browse.Change;
import io.packstone.browse.Comparison;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Compares two snapshots. */
@Command(
        name = "diff",
        description = "Print what changed between two snapshots.",
        footer = {
            "  packstone diff latest~1 latest",
            "",
            "Each line begins with what happened: + added, - removed, M modified, U only its metadata,",
            "T became something else (such as a link in place of a file). The exit code is 0 either way."
        })
public final class DiffCommand implements Action {
    @Parameters(index = "0", paramLabel = "SNAP1", description = "the older")
    String before = "";

    @Parameters(index = "1", paramLabel = "SNAP2", description = "the newer")
    String after = "";

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        try (Repository repository = context.opener().openIndexed()) {
            StoredSnapshot from = whole(Chosen.of(context, repository, before));
            StoredSnapshot to = whole(Chosen.of(context, repository, after));
            Comparison comparison = new Comparison(repository);
            if (context.json()) {
                try (Json json = context.document()) {
                    json.beginArray();
                    comparison.diff(
                            from,
                            to,
                            (path, change) -> json.beginObject()
                                    .path("path", path.absolute())
                                    .field("change", word(change))
                                    .endObject());
                    json.endArray();
                }
            } else {
                comparison.diff(from, to, (path, change) -> context.console().print(mark(change) + " " + path));
            }
        }
        return ExitCode.DONE;
    }

    private static StoredSnapshot whole(Chosen chosen) throws UsageException {
        if (chosen.pathGiven()) {
            throw new UsageException("diff compares whole snapshots: leave out the path");
        }
        return chosen.snapshot();
    }

    private static char mark(Change change) {
        return switch (change) {
            case ADDED -> '+';
            case REMOVED -> '-';
            case CONTENT -> 'M';
            case METADATA -> 'U';
            case TYPE -> 'T';
        };
    }

    private static String word(Change change) {
        return switch (change) {
            case ADDED -> "added";
            case REMOVED -> "removed";
            case CONTENT -> "modified";
            case METADATA -> "metadata";
            case TYPE -> "type";
        };
    }
}
