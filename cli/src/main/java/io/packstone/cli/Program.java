package io.packstone.cli;

import io.packstone.cli.command.Action;
import io.packstone.cli.command.HelpCommand;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.Failure;
import io.packstone.cli.setup.GlobalOptions;
import io.packstone.cli.setup.Interruption;
import io.packstone.cli.setup.Surroundings;
import io.packstone.cli.text.Console;
import io.packstone.cli.text.ResultStream;
import io.packstone.metadata.Quoting;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** One run: parses, acts, and turns every failure into a message and an exit code. */
public final class Program {
    private final Surroundings surroundings;
    private final Interruption interruption;

    /** Runs in {@code surroundings} until {@code interruption} is requested. */
    public Program(Surroundings surroundings, Interruption interruption) {
        this.surroundings = surroundings;
        this.interruption = interruption;
    }

    /** Runs the command that {@code arguments} name; result and messages go to the console. */
    public ExitCode run(String... arguments) {
        Console console = surroundings.console();
        GlobalOptions options = new GlobalOptions();
        boolean json = Arrays.asList(arguments).contains("--json");
        if (json && Arrays.asList(arguments).contains("--progress")) {
            console.tellInJson();
        }
        try {
            ExitCode code = runOrThrow(options, arguments);
            console.results().push();
            return code;
        } catch (ParameterException e) {
            return fail(Failure.usage(message(e)), json, e, options.debug());
        } catch (ResultStream.NobodyReadsException e) {
            console.results().takeBack();
            return ExitCode.FAILED;
        } catch (Exception | OutOfMemoryError | StackOverflowError | LinkageError e) {
            boolean stopped = interruption.isRequested() || Failure.isInterruption(e);
            Failure failure = stopped ? Failure.interrupted(interruption.code()) : Failure.of(e);
            return fail(failure, json, e, options.debug());
        }
    }

    private ExitCode runOrThrow(GlobalOptions options, String[] arguments) throws Exception {
        Context context = new Context(options, surroundings, CommandModel::full);
        if (arguments.length == 0) {
            surroundings.console().tell(CommandModel.full().getUsageMessage(CommandLine.Help.Ansi.OFF));
            return ExitCode.USAGE;
        }
        Set<String> named = CommandModel.named(arguments);
        HeadStart.begin(named);
        ParseResult parsed = CommandModel.of(options, named).parseArgs(arguments);
        if (parsed.isVersionHelpRequested()) {
            surroundings.console().print(Version.text());
            return ExitCode.DONE;
        }
        List<CommandLine> commands = parsed.asCommandLineList();
        for (CommandLine command : commands) {
            if (command.isUsageHelpRequested()) {
                HelpCommand.print(context, commands.size() == 1 ? CommandModel.full() : command);
                return ExitCode.DONE;
            }
        }
        CommandLine last = commands.get(commands.size() - 1);
        if (last.getCommandSpec().userObject() instanceof Action action) {
            return context.outcome(action.run(context));
        }
        throw new ParameterException(last, "name a command; see packstone help");
    }

    private static String message(ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            String argument = unmatched.getUnmatched().get(0);
            if (e.getCommandLine().getSubcommands().isEmpty()) {
                return "'" + argument + "' is one argument too many; see " + command + " --help";
            }
            List<String> near = unmatched.getSuggestions();
            String hint = near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
            return "there is no command '" + argument + "'" + hint + "; see "
                    + command.replaceFirst("packstone", "packstone help");
        }
        return e.getMessage() + "; see " + command + " --help";
    }

    private ExitCode fail(Failure failure, boolean json, Throwable cause, boolean debug) {
        Console console = surroundings.console();
        failure.tell(console, json);
        if (debug) {
            trace(console, cause);
        }
        try {
            console.results().push();
        } catch (UncheckedIOException e) {
            return failure.code(); // Nobody reads standard output any more; the message has been told.
        }
        return failure.code();
    }

    private static void trace(Console console, Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            console.tell((cause == thrown ? "" : "caused by ") + Quoting.quote(cause.toString()));
            for (StackTraceElement element : cause.getStackTrace()) {
                console.tell("    at " + element);
            }
        }
    }
}
