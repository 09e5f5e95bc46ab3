package io.packstone.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Help as a page of text, {@value #WIDTH} columns wide: what a command is for, how it is called, its options, examples.
 * In a command's footer, lines that begin with a space stand as they are; others are paragraphs.
 */
final class HelpText {
    private static final int WIDTH = 80;
    private static final int NAMES_WIDTH = 22;
    private static final int COMMAND_WIDTH = 18;

    private final Ansi ansi;
    private final StringBuilder page = new StringBuilder();

    private HelpText(Ansi ansi) {
        this.ansi = ansi;
    }

    /** The page of one command. */
    static String ofCommand(CommandLine.Help help) {
        CommandSpec spec = help.commandSpec();
        HelpText text = new HelpText(help.ansi());
        String[] description = spec.usageMessage().description();
        text.line("");
        text.line("  " + text.bold(spec.qualifiedName()) + synopsis(spec));
        text.line("");
        text.paragraph(List.of(description));
        text.positionals(spec);
        text.commands(spec);
        text.ownOptions(spec);
        text.footer(spec);
        text.line("");
        text.line("The options of every command, such as --repo and --json: packstone help");
        return text.page.toString();
    }

    /** The page of the program. */
    static String ofProgram(CommandLine.Help help) {
        CommandSpec root = help.commandSpec();
        HelpText text = new HelpText(help.ansi());
        text.paragraph(List.of(root.usageMessage().description()));
        text.footer(root);
        for (CommandList.Group group : CommandList.groups()) {
            text.heading(group.title());
            for (String name : group.names()) {
                text.command(root.subcommands().get(name).getCommandSpec());
            }
        }
        text.heading("Options of every command");
        for (OptionSpec option : root.options()) {
            text.option(option);
        }
        text.line("");
        text.line("packstone help COMMAND tells more about each.");
        return text.page.toString();
    }

    private static String synopsis(CommandSpec spec) {
        StringBuilder synopsis = new StringBuilder();
        if (!spec.subcommands().isEmpty()) {
            synopsis.append(" COMMAND");
        }
        for (PositionalParamSpec positional : spec.positionalParameters()) {
            boolean many = positional.arity().max() > 1;
            String label = positional.paramLabel() + (many ? "..." : "");
            synopsis.append(' ').append(positional.arity().min() == 0 ? "[" + label + "]" : label);
        }
        boolean optional = false;
        for (OptionSpec option : spec.options()) {
            if (option.required()) {
                synopsis.append(' ').append(option.longestName()).append(' ').append(option.paramLabel());
            } else {
                optional |= !option.inherited();
            }
        }
        return synopsis + (optional ? " [OPTIONS]" : "");
    }

    private void positionals(CommandSpec spec) {
        if (!spec.positionalParameters().isEmpty()) {
            line("");
            spec.positionalParameters().forEach(each -> row(each.paramLabel(), description(each), NAMES_WIDTH));
        }
    }

    private void commands(CommandSpec spec) {
        if (!spec.subcommands().isEmpty()) {
            heading("Commands");
            spec.subcommands().values().forEach(below -> command(below.getCommandSpec()));
        }
    }

    private void command(CommandSpec spec) {
        String[] description = spec.usageMessage().description();
        row(String.join(", ", spec.names()), plain(description[0]), COMMAND_WIDTH);
    }

    private void ownOptions(CommandSpec spec) {
        List<OptionSpec> own =
                spec.options().stream().filter(option -> !option.inherited()).toList();
        if (!own.isEmpty()) {
            heading("Options");
            own.forEach(this::option);
        }
    }

    private void option(OptionSpec option) {
        List<String> names = new ArrayList<>(Arrays.asList(option.names()));
        names.sort((a, b) -> Integer.compare(a.length(), b.length()));
        boolean takesValue = option.arity().max() > 0;
        String label = takesValue
                ? option.arity().min() == 0 ? "[=" + option.paramLabel() + "]" : " " + option.paramLabel()
                : "";
        String indent = names.size() == 1 ? "    " : "";
        row(indent + String.join(", ", names) + label, description(option), NAMES_WIDTH + 4);
    }

    private static String description(ArgSpec argument) {
        return plain(String.join(" ", argument.description()));
    }

    /** What picocli would format has its percent signs doubled. */
    private static String plain(String text) {
        return text.replace("%%", "%");
    }

    private void row(String names, String description, int width) {
        String indent = " ".repeat(2 + width);
        List<String> lines = wrap(description, WIDTH - indent.length());
        String first = "  " + names;
        if (first.length() + 2 > indent.length()) {
            line(first);
            lines.forEach(each -> line(indent + each));
        } else {
            line(first + indent.substring(first.length()) + lines.get(0));
            lines.subList(1, lines.size()).forEach(each -> line(indent + each));
        }
    }

    private void footer(CommandSpec spec) {
        List<String> paragraph = new ArrayList<>();
        boolean headed = false;
        for (String given : spec.usageMessage().footer()) {
            String text = plain(given);
            if (text.startsWith(" ")) {
                paragraph(paragraph);
                paragraph.clear();
                if (!headed) {
                    heading(spec.parent() == null ? "Begin with" : "Examples");
                    headed = true;
                }
                line(text);
            } else if (text.isEmpty()) {
                paragraph(paragraph);
                paragraph.clear();
                line("");
            } else {
                paragraph.add(text);
            }
        }
        paragraph(paragraph);
    }

    private void paragraph(List<String> sentences) {
        if (!sentences.isEmpty()) {
            wrap(plain(String.join(" ", sentences)), WIDTH).forEach(this::line);
        }
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private void heading(String title) {
        line("");
        line(bold(title));
    }

    private String bold(String text) {
        return ansi.enabled() ? "\u001b[1m" + text + "\u001b[0m" : text;
    }

    private void line(String text) {
        page.append(text).append(String.format(Locale.ROOT, "%n"));
    }
}
