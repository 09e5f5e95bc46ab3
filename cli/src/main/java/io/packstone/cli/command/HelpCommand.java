package io.packstone.cli.command;

import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.metadata.Quoting;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Parameters;

/** Prints help. */
@Command(name = "help", description = "Print help, for packstone or for one command.")
public final class HelpCommand implements Action {
    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "such as snapshot, or key add")
    List<String> names = new ArrayList<>();

    @Override
    public ExitCode run(Context context) throws UsageException {
        CommandLine command = context.model();
        for (String name : names) {
            CommandLine below = command.getSubcommands().get(name);
            if (below == null) {
                throw new UsageException("there is no command '" + Quoting.quote(name) + "'; see packstone help");
            }
            command = below;
        }
        print(context, command);
        return ExitCode.DONE;
    }

    /** Prints the help of {@code command}, in colour on a terminal that wants it. */
    public static void print(Context context, CommandLine command) {
        boolean colour = context.surroundings().resultsAreTerminal()
                && context.surroundings().variable("NO_COLOR") == null;
        context.console()
                .print(command.getUsageMessage(colour ? Ansi.ON : Ansi.OFF).stripTrailing());
    }
}
