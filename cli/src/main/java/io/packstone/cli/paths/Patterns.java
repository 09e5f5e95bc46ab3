package io.packstone.cli.paths;

import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.RawText;
import io.packstone.cli.setup.UsageException;
import io.packstone.metadata.RawName;
import io.packstone.source.rules.GlobFilter;
import io.packstone.source.rules.IgnoreLines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Patterns that options gave, and where each came from.
 *
 * @param origins of each pattern: the option, or a file and a line
 */
public record Patterns(GlobFilter filter, List<String> origins) {
    /** Copies the list. */
    public Patterns {
        origins = List.copyOf(origins);
    }

    /** {@code arguments} of {@code option}. */
    public static GlobFilter of(Context context, String option, List<String> arguments) throws UsageException {
        Gathering all = new Gathering(context);
        all.add(option, arguments);
        return all.patterns().filter();
    }

    /** {@code given} to --exclude and then the lines of {@code files} given to --exclude-file. */
    public static Patterns excludes(Context context, List<String> given, List<String> files)
            throws IOException, UsageException {
        Gathering all = new Gathering(context);
        all.add("--exclude", given);
        for (String file : files) {
            all.addLines(file);
        }
        return all.patterns();
    }

    private static final class Gathering {
        private final Context context;
        private final List<RawName> patterns = new ArrayList<>();
        private final List<String> origins = new ArrayList<>();

        Gathering(Context context) {
            this.context = context;
        }

        void add(String option, List<String> arguments) throws UsageException {
            for (String argument : arguments) {
                RawName pattern = RawText.encode(argument);
                if (GlobFilter.never(pattern)) {
                    throw new UsageException(option + ": the pattern \"" + pattern + "\" fits nothing");
                }
                add(pattern, option + " '" + pattern + "'");
            }
        }

        /** What fits nothing in a file, as in git, leaves nothing out; it is told. */
        void addLines(String file) throws IOException {
            RawName path = context.surroundings().absolute(file);
            for (IgnoreLines.Line line : IgnoreLines.parse(PathLists.bytes(context.surroundings(), file))) {
                String origin = path + ", line " + line.number();
                if (GlobFilter.never(line.pattern())) {
                    context.say("note: " + origin + ": the pattern \"" + line.pattern() + "\" fits nothing");
                } else {
                    add(line.pattern(), origin);
                }
            }
        }

        private void add(RawName pattern, String origin) {
            patterns.add(pattern);
            origins.add(origin);
            if (GlobFilter.isRooted(pattern)) {
                boolean back = pattern.at(0) == '!';
                RawName rest = back ? RawName.of(pattern.array(), 1, pattern.length() - 1) : pattern;
                String sign = back ? "!" : "";
                context.say("note: " + origin + " is a path from the root, " + sign + "/" + rest
                        + "; to fit it anywhere" + " write " + sign + "**/" + rest);
            }
        }

        Patterns patterns() {
            return new Patterns(GlobFilter.of(patterns), origins);
        }
    }
}
