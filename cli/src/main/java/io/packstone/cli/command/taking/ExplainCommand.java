package io.packstone.cli.command.taking;

import io.packstone.cli.command.Action;
import io.packstone.cli.paths.PathLists;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.LeftOutText;
import io.packstone.error.SourceException;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.source.Explanation;
import io.packstone.source.SourceOptions;
import io.packstone.source.rules.FolderRules;
import io.packstone.source.rules.LeftOutKind;
import io.packstone.source.rules.Rules;
import io.packstone.source.rules.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says which rule decides about a path. */
@Command(
        name = "explain",
        description = {
            "Say whether a snapshot would take a path, and which rule decides.",
            "The options are those of snapshot; --source names what the snapshot would be taken of."
        },
        footer = {
            "  packstone explain ~/src/game/target/x.o --exclude 'target/' --source ~/src",
            "  packstone explain /var/tmp/x --exclude-file rules",
            "  packstone explain ~/.cache --exclude-caches --json",
            "",
            "Exit code 0: taken or not. 1: there is no such path, or it can't be looked at."
        })
public final class ExplainCommand implements Action {
    @Parameters(paramLabel = "PATH", description = "the file or folder in question")
    String path = "";

    @Option(
            names = "--source",
            paramLabel = "DIR",
            description = "the folder that the snapshot would be taken of; may be repeated (/)")
    List<String> sources = new ArrayList<>();

    @Option(names = "--files-from", paramLabel = "F", description = "and the paths in file F")
    @Nullable
    String filesFrom;

    @Mixin
    RuleOptions ruleOptions = new RuleOptions();

    @Mixin
    MapOptions mapOptions = new MapOptions();

    @Override
    public ExitCode run(Context context) throws IOException, SourceException, UsageException {
        RawName wanted = context.surroundings().absolute(path);
        List<RawName> given = new ArrayList<>();
        for (String source : sources) {
            given.add(context.surroundings().absolute(source));
        }
        if (filesFrom != null) {
            given.addAll(PathLists.paths(context.surroundings(), filesFrom));
        }
        if (sources.isEmpty() && filesFrom == null) {
            given.add(RawName.of("/"));
        }
        Rules rules = ruleOptions.rules(context).withLeftOut(new OwnPlaces(context).all());
        Explanation explanation = Explanation.of(
                wanted,
                SourceOptions.of(given, Path.of(System.getProperty("java.io.tmpdir")))
                        .withRules(rules)
                        .withMap(mapOptions.map(context.surroundings(), given)));
        if (explanation.reason() == Explanation.Reason.UNREADABLE) {
            throw new SourceException(wanted.toString(), explanation.problem());
        }
        if (context.json()) {
            try (Json json = context.document()) {
                document(json, wanted, explanation);
            }
        } else {
            context.console().print(wanted + sentence(wanted, explanation));
        }
        return ExitCode.DONE;
    }

    private String sentence(RawName wanted, Explanation explanation) {
        Verdict verdict = explanation.verdict();
        return switch (explanation.reason()) {
            case GIVEN -> " is taken: it was given";
            case ABOVE_GIVEN -> " is taken, but of what it holds only what was given";
            case TAKEN ->
                verdict == null
                        ? " is taken: no rule leaves it out"
                        : " is taken: " + rule(explanation, verdict) + " takes it back";
            case LEFT_OUT -> {
                boolean above = !explanation.at().equals(io.packstone.metadata.TreePath.parse(wanted));
                String what = above ? " is left out with " + explanation.at() : " is left out";
                yield what + ": " + (verdict == null ? "" : rule(explanation, verdict));
            }
            case NOT_GIVEN -> " is not taken: it is below none of the given paths";
            case NO_DIRECTORY -> " is not taken: " + explanation.at() + " is no folder, and a link is not followed";
            case UNREADABLE -> " can't be looked at";
        };
    }

    private String rule(Explanation explanation, Verdict verdict) {
        return switch (verdict.kind()) {
            case OWN -> "it is the repository or the cache";
            case EXCLUDE -> {
                String origin = ruleOptions.origin(verdict.number());
                yield origin.startsWith("--exclude") ? origin : "'" + verdict.rule() + "' in " + origin;
            }
            case IGNORE_FILE -> "'" + verdict.rule() + "' in " + file(verdict) + ", line " + verdict.number();
            case IF_PRESENT -> "--exclude-if-present " + verdict.rule() + ", which " + explanation.at() + " holds";
            case CACHE -> "--exclude-caches, since " + explanation.at() + " holds a CACHEDIR.TAG";
            case FILE_SYSTEM -> "--one-file-system, since " + explanation.at() + " is on another one";
            case LARGER_THAN -> "--exclude-larger-than " + ruleOptions.excludeLargerThan;
        };
    }

    private static String file(Verdict verdict) {
        String folder = verdict.folder().length() == 0 ? "/" : "/" + verdict.folder() + "/";
        return folder + FolderRules.FILE_NAME;
    }

    private void document(Json json, RawName wanted, Explanation explanation) {
        json.beginObject().path("path", wanted).field("taken", explanation.taken());
        json.field("reason", word(explanation.reason()));
        Verdict verdict = explanation.verdict();
        if (verdict != null) {
            boolean pattern = verdict.kind() == LeftOutKind.EXCLUDE || verdict.kind() == LeftOutKind.IGNORE_FILE;
            json.path("at", explanation.at().absolute());
            json.beginObject("rule").field("kind", LeftOutText.key(verdict.kind()));
            json.field("text", rule(explanation, verdict));
            if (pattern) {
                json.path("pattern", verdict.rule());
            }
            if (verdict.kind() == LeftOutKind.IGNORE_FILE) {
                json.path("folder", TreePath.absolute(verdict.folder())).field("line", verdict.number());
            }
            json.endObject();
        }
        json.endObject();
    }

    /** Such as {@code leftOut}. */
    private static String word(Explanation.Reason reason) {
        StringBuilder word = new StringBuilder();
        for (String part : reason.name().toLowerCase(Locale.ROOT).split("_")) {
            word.append(word.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
        }
        return word.toString();
    }
}
