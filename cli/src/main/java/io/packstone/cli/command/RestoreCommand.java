package io.packstone.cli.command;

import io.packstone.cli.paths.Patterns;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.ProgressDisplay;
import io.packstone.metadata.RawName;
import io.packstone.repository.Repository;
import io.packstone.restore.Overwrite;
import io.packstone.restore.Restore;
import io.packstone.restore.RestoreOptions;
import io.packstone.restore.RestoreReport;
import io.packstone.restore.disk.Policy;
import io.packstone.source.rules.GlobFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings files back. */
@Command(
        name = "restore",
        description = {
            "Bring back a snapshot, or a folder or file of it.",
            "The whole snapshot is rebuilt below DIR with its full paths. SNAP:PATH puts what the folder PATH holds",
            "directly into DIR, and DIR gets mode, owner and time of PATH as with rsync -a PATH/ DIR/, unless DIR",
            "holds other things besides. Files that are the same already are left alone; of large ones that mostly",
            "are, only what differs is written. One that was begun and is not whole is NAME.packstone-partial: the",
            "next restore into DIR makes it what it was before, and goes on from there."
        },
        footer = {
            "  packstone restore latest --target /tmp/back",
            "  packstone restore latest:/home/me/documents --target ~/documents-of-yesterday",
            "  packstone restore latest~1 --target / --include /etc      (in place)",
            "  packstone restore 1a2b3c4d --target /tmp/back --verify",
            "",
            "SNAP is latest, latest~1 (the one before), latest:HOST, @2026-11-23T12:00 (the newest at that time)",
            "or the beginning of an id. To restore in place give --target / and, for a part, --include PATH.",
            "",
            "Exit code 3: something could not be written or set, or the snapshot is a partial one;",
            "4: something in the repository is damaged."
        })
public final class RestoreCommand implements Action {
    @Parameters(paramLabel = "SNAP[:PATH]", description = "which snapshot, and which folder or file of it")
    String snapshot = "";

    @Option(names = "--target", paramLabel = "DIR", required = true, description = "where to; made when it is absent")
    String target = "";

    @Option(names = "--include", paramLabel = "G", description = "only what fits this pattern; may be repeated")
    List<String> includes = new ArrayList<>();

    @Option(names = "--exclude", paramLabel = "G", description = "not what fits this pattern; may be repeated")
    List<String> excludes = new ArrayList<>();

    @Option(names = "--delete", description = "delete what the snapshot does not have, below its paths")
    boolean delete;

    @Option(
            names = "--overwrite",
            paramLabel = "WHEN",
            description = "always, if-changed, if-newer or never (if-changed: when size or time differ)")
    String overwrite = "if-changed";

    @Option(
            names = "--owner",
            paramLabel = "RULE",
            description = "try, skip, or require: whose owner can't be set is not restored (try)")
    String owner = "try";

    @Option(names = "--acl", paramLabel = "RULE", description = "the same for access control lists (try)")
    String acl = "try";

    @Option(
            names = "--xattr",
            paramLabel = "RULE",
            description = "the same for other extended attributes, capabilities among them (try)")
    String xattr = "try";

    @Option(names = "--verify", description = "read back what was restored and compare it with the snapshot")
    boolean verify;

    @Option(
            names = {"-n", "--dry-run"},
            description = "list what would happen to each name, and how many bytes would be written; write nothing")
    boolean dryRun;

    @Option(
            names = {"-v", "--verbose"},
            description = "with --dry-run list what stays as well")
    boolean verbose;

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        if (target.isEmpty()) {
            throw new UsageException("--target is empty; give a folder");
        }
        if (verbose && !dryRun) {
            throw new UsageException("--verbose lists what stays in a --dry-run; a restore lists nothing");
        }
        RawName to = context.surroundings().absolute(target);
        try (RestoreText text = new RestoreText(context, to, dryRun, verbose)) {
            RestoreReport report = restore(context, to, text);
            text.end(report);
            if (report.damaged()) {
                return ExitCode.DAMAGED;
            }
            return text.isPartial() || report.errors() > 0 ? ExitCode.PARTIAL : ExitCode.DONE;
        }
    }

    private RestoreReport restore(Context context, RawName to, RestoreText text) throws IOException, UsageException {
        Overwrite when = overwrite();
        Policy policy = new Policy(rule("--owner", owner), rule("--acl", acl), rule("--xattr", xattr));
        GlobFilter in = Patterns.of(context, "--include", includes);
        GlobFilter out = Patterns.of(context, "--exclude", excludes);
        try (Repository repository = context.opener().openIndexed();
                ProgressDisplay progress = context.progress()) {
            Chosen chosen = Chosen.of(context, repository, snapshot);
            if (to.equals(RawName.of("/"))
                    && chosen.pathGiven()
                    && !chosen.path().isRoot()) {
                throw new UsageException("that would put what " + chosen.path() + " holds directly into /;"
                        + " for restoring in place leave out the path and add --include " + chosen.path());
            }
            RestoreOptions options =
                    new RestoreOptions(chosen.path(), to, in, out, delete, dryRun, verify, when, policy);
            text.begin(chosen.snapshot().record().isPartial());
            return new Restore(repository).run(chosen.snapshot(), options, progress, text::tell);
        }
    }

    private Overwrite overwrite() throws UsageException {
        return switch (overwrite) {
            case "always" -> Overwrite.ALWAYS;
            case "if-changed" -> Overwrite.IF_CHANGED;
            case "if-newer" -> Overwrite.IF_NEWER;
            case "never" -> Overwrite.NEVER;
            default -> throw new UsageException("--overwrite: write always, if-changed, if-newer or never");
        };
    }

    private static Policy.Rule rule(String option, String word) throws UsageException {
        return switch (word) {
            case "require" -> Policy.Rule.REQUIRE;
            case "try" -> Policy.Rule.TRY;
            case "skip" -> Policy.Rule.SKIP;
            default -> throw new UsageException(option + ": write require, try or skip");
        };
    }
}
