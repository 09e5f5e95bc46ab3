package io.packstone.cli.command;

import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.error.SourceException;
import java.io.IOException;

/** What a command does once its options are filled in. */
public interface Action {
    /**
     * Does it and prints the result.
     *
     * @throws IOException when the repository or this computer fails
     * @throws SourceException when a file that the command is about can't be used
     * @throws UsageException when the options make no sense together
     */
    ExitCode run(Context context) throws IOException, SourceException, UsageException;
}
