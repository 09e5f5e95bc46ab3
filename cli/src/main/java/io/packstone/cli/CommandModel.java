package io.packstone.cli;

import io.packstone.cli.setup.GlobalOptions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The parser's model: global options, and as many commands as are needed. */
final class CommandModel {
    private static final int HELP_WIDTH = 100;

    private CommandModel() {}

    /** With every command. */
    static CommandLine full() {
        return build(new GlobalOptions(), all());
    }

    /** With those commands only whose names are among {@code arguments}; with all when none is. */
    static CommandLine forArguments(GlobalOptions options, String[] arguments) {
        Set<String> all = all();
        Set<String> wanted = new LinkedHashSet<>();
        for (String argument : arguments) {
            String name = CommandList.canonical(argument);
            if (all.contains(name)) {
                wanted.add(name);
            }
        }
        return build(options, wanted.isEmpty() ? all : wanted);
    }

    private static Set<String> all() {
        Set<String> names = new LinkedHashSet<>();
        CommandList.groups().forEach(group -> names.addAll(group.names()));
        return names;
    }

    private static CommandLine build(GlobalOptions options, Set<String> names) {
        CommandSpec root = CommandSpec.forAnnotatedObject(options).name("packstone");
        root.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("print the version")
                .build());
        root.usageMessage()
                .synopsisSubcommandLabel("COMMAND")
                .description("Deduplicating, encrypted backups.")
                .footerHeading("%nBegin with:%n")
                .footer(
                        "  packstone snapshot ~/documents",
                        "  packstone snapshots",
                        "  packstone restore latest --target /tmp/back",
                        "",
                        "packstone help COMMAND tells more about each.");
        CommandLine model = new CommandLine(root);
        for (String name : names) {
            model.addSubcommand(name, new CommandLine(CommandList.make(name)));
        }
        everywhere(model);
        root.usageMessage().sectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        root.usageMessage()
                .sectionMap()
                .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> commandList(help.commandSpec()));
        return model;
    }

    private static void everywhere(CommandLine command) {
        command.setUnmatchedOptionsArePositionalParams(false);
        command.setExpandAtFiles(false); // A file may be called @something.
        command.setUsageHelpWidth(HELP_WIDTH);
        command.getCommandSpec()
                .usageMessage()
                .sortOptions(false)
                .abbreviateSynopsis(true)
                .optionListHeading("%nOptions:%n")
                .parameterListHeading("%n");
        if (command.getParent() != null) {
            command.getCommandSpec()
                    .usageMessage()
                    .sectionMap()
                    .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, CommandModel::ownOptions);
        }
        command.getSubcommands().values().forEach(CommandModel::everywhere);
    }

    /** The options of one command in full, those of all commands by name only. */
    private static String ownOptions(CommandLine.Help help) {
        List<OptionSpec> own = help.commandSpec().options().stream()
                .filter(option -> !option.inherited())
                .toList();
        List<String> global = help.commandSpec().options().stream()
                .filter(OptionSpec::inherited)
                .map(OptionSpec::longestName)
                .toList();
        String names = String.join(" ", global).replace(" --progress", "\n  --progress");
        String list = own.isEmpty() ? "" : help.optionListExcludingGroups(own) + "\n";
        return list + (own.isEmpty() ? "  those" : "  and those") + " of every command (packstone help):\n  " + names
                + "\n";
    }

    private static String commandList(CommandSpec root) {
        StringBuilder text = new StringBuilder();
        for (CommandList.Group group : CommandList.groups()) {
            text.append(System.lineSeparator())
                    .append(group.title())
                    .append(':')
                    .append(System.lineSeparator());
            for (String name : group.names()) {
                CommandLine command = root.subcommands().get(name);
                if (command != null) {
                    text.append(line(command.getCommandSpec())).append(System.lineSeparator());
                }
            }
        }
        return text.toString();
    }

    private static String line(CommandSpec command) {
        List<String> names = List.of(command.names().toArray(new String[0]));
        String label = String.join(", ", names);
        String summary = command.usageMessage().description()[0].replace("%%", "%");
        return "  " + label + " ".repeat(Math.max(1, 18 - label.length())) + summary;
    }
}
