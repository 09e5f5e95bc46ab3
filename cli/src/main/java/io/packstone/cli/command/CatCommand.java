package io.packstone.cli.command;

import io.packstone.browse.FileOutput;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.repository.Repository;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a file of a snapshot. */
@Command(
        name = "cat",
        description = "Print a file of a snapshot.",
        footer = {"  packstone cat latest:/home/me/notes.txt", "  packstone cat latest~3:notes.txt | diff - notes.txt"})
public final class CatCommand implements Action {
    @Parameters(paramLabel = "SNAP:PATH", description = "which snapshot, and which file of it")
    String file = "";

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        try (Repository repository = context.opener().openIndexed()) {
            Chosen chosen = Chosen.of(context, repository, file);
            if (!chosen.pathGiven()) {
                throw new UsageException("give a file: packstone cat SNAP:PATH");
            }
            new FileOutput(repository)
                    .write(chosen.snapshot(), chosen.path(), context.console().results());
        }
        return ExitCode.DONE;
    }
}
