package io.packstone.cli.command.taking;

import io.packstone.cli.paths.Patterns;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.Parsing;
import io.packstone.cli.setup.RawText;
import io.packstone.cli.setup.UsageException;
import io.packstone.metadata.RawName;
import io.packstone.source.rules.Rules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what is left out; the same for all commands that read files. */
final class RuleOptions {
    @Option(names = "--exclude", paramLabel = "G", description = "leave out what fits this pattern; may be repeated")
    List<String> excludes = new ArrayList<>();

    @Option(
            names = "--exclude-file",
            paramLabel = "F",
            description = "patterns from file F, one a line, as in a .gitignore; may be repeated")
    List<String> excludeFiles = new ArrayList<>();

    @Option(names = "--no-ignore-files", description = "do not heed .packstoneignore files")
    boolean noIgnoreFiles;

    @Option(
            names = "--exclude-if-present",
            paramLabel = "NAME",
            description = "of a folder that holds NAME take nothing but NAME; may be repeated")
    List<String> ifPresent = new ArrayList<>();

    @Option(
            names = "--exclude-caches",
            description = "of a folder that holds a CACHEDIR.TAG as in bford.info/cachedir take nothing but that")
    boolean excludeCaches;

    @Option(
            names = "--exclude-larger-than",
            paramLabel = "N",
            description = "leave out files above this size, such as 500M")
    @Nullable
    String excludeLargerThan;

    @Option(
            names = {"-x", "--one-file-system"},
            description = "do not enter other file systems")
    boolean oneFileSystem;

    private List<String> origins = List.of();

    /** The rules that they say. */
    Rules rules(Context context) throws IOException, UsageException {
        Patterns patterns = Patterns.excludes(context, excludes, excludeFiles);
        origins = patterns.origins();
        return new Rules(
                patterns.filter(),
                List.of(),
                oneFileSystem,
                excludeLargerThan == null ? -1 : Parsing.size("--exclude-larger-than", excludeLargerThan),
                excludeCaches,
                tags(),
                !noIgnoreFiles,
                List.of());
    }

    private List<RawName> tags() throws UsageException {
        List<RawName> names = new ArrayList<>();
        for (String each : ifPresent) {
            RawName name = RawText.encode(each);
            if (!Rules.isName(name)) {
                throw new UsageException("--exclude-if-present: '" + name + "' is no name of a file");
            }
            names.add(name);
        }
        return names;
    }

    /** Where the pattern of that number came from. */
    String origin(int number) {
        return origins.get(number);
    }
}
