package io.packstone.cli;

import io.packstone.cli.setup.GlobalOptions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The parser's model: global options, and as many commands as are needed. */
final class CommandModel {
    /** The only section of a help, in picocli's terms. */
    private static final String PAGE = "page";

    private CommandModel() {}

    /** With every command. */
    static CommandLine full() {
        return of(new GlobalOptions(), Set.of());
    }

    /** The commands whose names are among {@code arguments}. */
    static Set<String> named(String[] arguments) {
        Set<String> all = all();
        Set<String> named = new LinkedHashSet<>();
        for (String argument : arguments) {
            String name = CommandList.canonical(argument);
            if (all.contains(name)) {
                named.add(name);
            }
        }
        return named;
    }

    private static Set<String> all() {
        Set<String> names = new LinkedHashSet<>();
        CommandList.groups().forEach(group -> names.addAll(group.names()));
        return names;
    }

    /** With those commands only; with all when there is none. */
    static CommandLine of(GlobalOptions options, Set<String> named) {
        CommandSpec root = CommandSpec.forAnnotatedObject(options).name("packstone");
        root.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("print the version")
                .build());
        root.usageMessage()
                .description("Packstone keeps snapshots of files: deduplicated, compressed, encrypted.")
                .footer(
                        "  packstone snapshot ~/documents                    take a snapshot",
                        "  packstone snapshots                               see what there is",
                        "  packstone restore latest --target /tmp/back       bring it all back");
        CommandLine model = new CommandLine(root);
        for (String name : named.isEmpty() ? all() : named) {
            model.addSubcommand(name, new CommandLine(CommandList.make(name)));
        }
        everywhere(model);
        return model;
    }

    private static void everywhere(CommandLine command) {
        command.setUnmatchedOptionsArePositionalParams(false);
        command.setExpandAtFiles(false); // A file may be called @something.
        boolean program = command.getParent() == null;
        command.getCommandSpec()
                .usageMessage()
                .sectionKeys(List.of(PAGE))
                .sectionMap(Map.of(PAGE, program ? HelpText::ofProgram : HelpText::ofCommand));
        command.getSubcommands().values().forEach(CommandModel::everywhere);
    }
}
