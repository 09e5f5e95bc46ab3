package io.packstone.cli.text;

import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import io.packstone.repository.StoredSnapshot;
import io.packstone.snapshot.Fidelity;
import io.packstone.snapshot.SnapshotCounts;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.snapshot.TakenAs;
import io.packstone.source.rules.RecordedRules;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a snapshot says of itself, a line for each thing. For one snapshot and thread. */
public final class SnapshotText {
    private static final int LABEL_WIDTH = 12;

    private final Console console;
    private final StoredSnapshot snapshot;
    private final SnapshotRecord record;

    /** On {@code console}. */
    public SnapshotText(Console console, StoredSnapshot snapshot) {
        this.console = console;
        this.snapshot = snapshot;
        this.record = snapshot.record();
    }

    /** Prints it; {@code lost} files are gone for good, as a repair has found. */
    public void print(ZoneId zone, long lost) {
        console.print("snapshot " + snapshot.id());
        line("time", Wording.local(record.time(), zone));
        line(
                "host",
                Quoting.quote(record.host()) + ", by " + Quoting.quote(record.user()) + " with "
                        + Quoting.quote(record.program()));
        lines("paths", record.paths().stream().map(RawName::toString).toList());
        line("tags", Quoting.quote(String.join(",", record.tags())));
        line("protected", snapshot.isProtected() ? "yes" : "");
        TakenAs as = TakenAs.parse(record.strategy());
        String asked = as.asked().equals(as.taken()) ? "" : ", where " + as.asked() + " was asked for";
        line("strategy", Quoting.quote(as.taken() + asked));
        line("parent", record.parent() == null ? "none" : record.parent().toString());
        SnapshotRecord.Origin origin = record.origin();
        line("made from", origin == null ? "" : origin.snapshot().toString());
        line("source", Quoting.quote(record.consistency()));
        status(lost);
        counts(record.counts());
        line("left out", LeftOutText.of(RecordedRules.counts(record.options())));
        lines("rules", RecordedRules.forPeople(record.options()));
        fidelity(record.fidelity());
    }

    private void line(String label, String text) {
        if (!text.isEmpty()) {
            console.print("  " + label + " ".repeat(LABEL_WIDTH - label.length()) + text);
        }
    }

    private void lines(String label, List<String> texts) {
        String before = label;
        for (String text : texts) {
            line(before, text);
            before = "";
        }
    }

    private void status(long lost) {
        String errors = record.problemCount() == 0 ? "" : ", " + Wording.count(record.problemCount(), "problem");
        String gone = lost == 0 ? "" : ", " + Wording.count(lost, "file") + " lost for good";
        line("status", Quoting.quote(record.status()) + errors + gone);
        lines(
                "",
                record.problems().stream()
                        .map(problem -> problem.path() + ": " + Quoting.quote(problem.message()))
                        .toList());
        long more = record.problemCount() - record.problems().size();
        line("", more > 0 ? "and " + Wording.count(more) + " more" : "");
    }

    private void counts(SnapshotCounts counts) {
        line(
                "holds",
                Wording.count(counts.files(), "file") + " of " + Wording.size(counts.bytes()) + ", "
                        + Wording.count(counts.directories(), "folder")
                        + (counts.others() == 0 ? "" : ", " + Wording.count(counts.others()) + " of other kinds"));
        line(
                "files",
                Wording.count(counts.filesNew()) + " new, " + Wording.count(counts.filesChanged()) + " changed, "
                        + Wording.count(counts.filesUnchanged()) + " unchanged");
        line(
                "bytes",
                Wording.size(counts.bytesRead()) + " read, " + Wording.size(counts.bytesNew()) + " new, "
                        + Wording.size(counts.bytesStored()) + " stored");
    }

    private void fidelity(@Nullable Fidelity fidelity) {
        if (fidelity == null) {
            line("lacks", "unknown: its writer did not tell");
            return;
        }
        List<String> lacks = fidelity.lacks().stream().map(SnapshotText::lack).toList();
        lines("lacks", lacks.isEmpty() ? List.of("no metadata") : lacks);
    }

    private static String lack(Fidelity.Lack lack) {
        String kind = Quoting.quote(lack.kind());
        if (lack.count() == 0) {
            return kind + ", of which nobody but the superuser can know";
        }
        String first = lack.path().length() == 0 ? "" : ", the first of them " + lack.path();
        return Wording.count(lack.count()) + " " + kind + first;
    }
}
