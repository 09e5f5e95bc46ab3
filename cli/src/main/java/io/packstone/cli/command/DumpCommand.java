package io.packstone.cli.command;

import io.packstone.browse.TarOutput;
import io.packstone.browse.ZipOutput;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.ResultStream;
import io.packstone.repository.Repository;
import java.io.IOException;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a folder of a snapshot as one stream. */
@Command(
        name = "dump",
        description = "Write a snapshot, or a folder of it, as a tar or zip stream.",
        footer = {
            "  packstone dump latest:/home/me > me.tar",
            "  packstone dump latest:/srv | ssh other tar x -C /srv",
            "  packstone dump latest:/home/me/photos --format zip > photos.zip",
            "",
            "What a folder holds is written without the folder's own path, as restore does it."
        })
public final class DumpCommand implements Action {
    /** What can be written. */
    enum Format {
        tar,
        zip
    }

    @Parameters(paramLabel = "SNAP[:PATH]", description = "which snapshot, and which folder of it")
    String snapshot = "";

    @Option(names = "--format", paramLabel = "F", description = "tar (every name, owner, link and nanosecond) or zip")
    Format format = Format.tar;

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        if (context.surroundings().resultsAreTerminal()) {
            throw new UsageException("a " + format + " file is nothing for a terminal: add > FILE");
        }
        long[] leftOut = new long[1];
        Consumer<String> problems = problem -> {
            leftOut[0]++;
            context.console().tell("packstone: " + problem);
        };
        try (Repository repository = context.opener().openIndexed()) {
            Chosen chosen = Chosen.of(context, repository, snapshot);
            ResultStream results = context.console().results();
            switch (format) {
                case tar -> new TarOutput(repository, results).write(chosen.snapshot(), chosen.path(), problems);
                case zip -> new ZipOutput(repository, results).write(chosen.snapshot(), chosen.path(), problems);
            }
        }
        return leftOut[0] == 0 ? ExitCode.DONE : ExitCode.PARTIAL;
    }
}
