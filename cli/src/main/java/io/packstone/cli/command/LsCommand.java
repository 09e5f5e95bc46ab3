package io.packstone.cli.command;

import io.packstone.browse.Listing;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.repository.Repository;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists a folder of a snapshot. */
@Command(
        name = "ls",
        description = "List what a snapshot holds in a folder.",
        footer = {
            "  packstone ls latest",
            "  packstone ls latest:/home/me/documents -l",
            "  packstone ls 1a2b3c4d -r",
            "",
            "SNAP is latest, latest~1 (the one before), latest:HOST, @2026-11-23T12:00 (the newest at that time)",
            "or the beginning of an id."
        })
public final class LsCommand implements Action {
    @Parameters(paramLabel = "SNAP[:PATH]", description = "which snapshot, and which folder of it")
    String snapshot = "";

    @Option(
            names = {"-l", "--long"},
            description = "with mode, owner, size and time")
    boolean longForm;

    @Option(
            names = {"-r", "--recursive"},
            description = "with everything below")
    boolean recursive;

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        try (Repository repository = context.opener().openIndexed()) {
            Chosen chosen = Chosen.of(context, repository, snapshot);
            Listing listing = new Listing(repository);
            if (context.json()) {
                try (Json json = context.document()) {
                    json.beginArray();
                    listing.list(chosen.snapshot(), chosen.path(), recursive, entry -> {
                        EntryText.fields(json.beginObject(), entry);
                        json.endObject();
                    });
                    json.endArray();
                }
            } else {
                listing.list(
                        chosen.snapshot(),
                        chosen.path(),
                        recursive,
                        entry -> context.console()
                                .print(
                                        longForm
                                                ? EntryText.longLine(entry, context.zone())
                                                : entry.path().toString()));
            }
        }
        return ExitCode.DONE;
    }
}
