package io.packstone.cli.command;

import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.text.Console;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

/** Prints a script that teaches a shell the commands and options. */
@Command(
        name = "completion",
        description = "Print a script that has your shell complete with Tab.",
        footer = {
            "  bash:  source <(packstone completion bash)        (~/.bashrc)",
            "  zsh:   source <(packstone completion zsh)         (~/.zshrc, after compinit)",
            "  fish:  packstone completion fish > ~/.config/fish/completions/packstone.fish"
        })
public final class CompletionCommand implements Action {
    /** Shells with a script. */
    enum Shell {
        bash,
        zsh,
        fish
    }

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish")
    Shell shell = Shell.bash;

    @Override
    public ExitCode run(Context context) {
        CommandLine model = context.model();
        switch (shell) {
            case bash, zsh -> context.console().print(AutoComplete.bash("packstone", model));
            case fish -> fish(context.console(), model);
        }
        return ExitCode.DONE;
    }

    private static void fish(Console console, CommandLine root) {
        console.print("# fish completion for packstone");
        console.print("complete -c packstone -n __fish_use_subcommand -f");
        options(console, root, "");
        for (CommandLine command : unique(root)) {
            for (String name : command.getCommandSpec().names()) {
                console.print("complete -c packstone -n __fish_use_subcommand -f -a " + quoted(name) + " -d "
                        + quoted(summary(command)));
            }
            String within = "__fish_seen_subcommand_from "
                    + String.join(" ", command.getCommandSpec().names());
            options(console, command, within);
            for (CommandLine below : unique(command)) {
                console.print("complete -c packstone -n " + quoted(within) + " -f -a " + quoted(below.getCommandName())
                        + " -d " + quoted(summary(below)));
                options(console, below, within + "; and __fish_seen_subcommand_from " + below.getCommandName());
            }
        }
    }

    private static Set<CommandLine> unique(CommandLine parent) {
        Map<String, CommandLine> named = parent.getSubcommands();
        return new LinkedHashSet<>(named.values());
    }

    private static void options(Console console, CommandLine command, String within) {
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (option.hidden() || option.inherited()) {
                continue;
            }
            StringBuilder line = new StringBuilder("complete -c packstone");
            if (!within.isEmpty()) {
                line.append(" -n ").append(quoted(within));
            }
            for (String name : option.names()) {
                line.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^-+", ""));
            }
            line.append(option.arity().max() > 0 && option.arity().min() > 0 ? " -r" : "");
            String[] description = option.description();
            line.append(" -d ").append(quoted(description.length == 0 ? "" : description[0].replace("%%", "%")));
            console.print(line.toString());
        }
    }

    private static String summary(CommandLine command) {
        String[] description = command.getCommandSpec().usageMessage().description();
        return description.length == 0 ? "" : description[0].replace("%%", "%");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
