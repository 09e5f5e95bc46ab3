package io.packstone.cli.command.healing;

import io.packstone.cli.command.Action;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.Wording;
import io.packstone.maintenance.healing.Fingerprint;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what to write down, and compares what was. */
@Command(
        name = "fingerprint",
        description = {
            "Print a fingerprint of all snapshots, to write down or to compare with another computer's.",
            "Given one that was written down, say whether the repository still has that state, and how many snapshots came",
            "since. A state is no longer known once snapshots of that time were forgotten and pruned."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  packstone fingerprint",
            "  packstone fingerprint 93ab 07c4 1d2e 88f0 5a61 c3b9 7e42 10d6",
            "  packstone fingerprint --accept     (take what there is now for what is right)",
            "",
            "Exit code 4: the repository has no such state. It was rolled back, or pruned since."
        })
public final class FingerprintCommand implements Action {
    private static final int GROUP_DIGITS = 4;

    @Parameters(paramLabel = "GROUP", arity = "0..*", description = "a fingerprint that was written down")
    List<String> groups = new ArrayList<>();

    @Option(
            names = "--accept",
            description = "take the snapshots that there are for right: no more warnings of those that are gone")
    boolean accept;

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        byte[] written = groups.isEmpty() ? null : parse(groups);
        Fingerprint fingerprint;
        try (Repository repository = context.opener().open()) {
            SnapshotLog.View view = repository.snapshots().list();
            fingerprint = new Fingerprint(repository.id(), view);
            if (accept) {
                repository.history().accept(view);
            }
        }
        int since = written == null ? 0 : fingerprint.snapshotsSince(written);
        if (context.json()) {
            try (Json json = context.document()) {
                json.beginObject().field("fingerprint", words(fingerprint.now()));
                json.field("known", since >= 0).field("snapshotsSince", Math.max(0, since));
                json.endObject();
            }
        } else {
            context.console().print(written == null ? words(fingerprint.now()) : verdict(since));
        }
        return since < 0 ? ExitCode.DAMAGED : ExitCode.DONE;
    }

    private static String verdict(int since) {
        if (since < 0) {
            return "the repository has no such state: it was rolled back, or snapshots of that time were pruned";
        }
        return since == 0
                ? "the repository is exactly as it was then"
                : "all is there that was there then; " + Wording.count(since, "snapshot") + " came since";
    }

    /** A hash as a person writes it down: the one place that decides how. */
    static String words(byte[] hash) {
        String digits = HexFormat.of().formatHex(hash);
        List<String> words = new ArrayList<>();
        for (int at = 0; at < digits.length(); at += GROUP_DIGITS) {
            words.add(digits.substring(at, at + GROUP_DIGITS));
        }
        return String.join(" ", words);
    }

    private static byte @Nullable [] parse(List<String> groups) throws UsageException {
        String digits = String.join("", groups).replaceAll("[\\s-]", "").toLowerCase(Locale.ROOT);
        if (!digits.matches("[0-9a-f]{" + 2 * Fingerprint.LENGTH + "}")) {
            throw new UsageException(
                    "a fingerprint is eight groups of four digits, as packstone fingerprint prints it");
        }
        return HexFormat.of().parseHex(digits);
    }
}
