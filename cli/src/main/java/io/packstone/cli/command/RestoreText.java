package io.packstone.cli.command;

import io.packstone.cli.setup.Context;
import io.packstone.cli.text.Console;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.Wording;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import io.packstone.restore.RestoreReport;
import io.packstone.restore.RestoreReport.Action;
import io.packstone.restore.RestoreReport.Kind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a restore did, or a dry run foresees, as text or as one JSON document. For one thread. */
final class RestoreText implements AutoCloseable {
    private final Context context;
    private final RawName target;
    private final boolean dryRun;
    private final boolean verbose;
    private final @Nullable Json json;
    private boolean isPartial;
    private long bytesToWrite;

    /** {@code verbose} tells of what stays too. */
    RestoreText(Context context, RawName target, boolean dryRun, boolean verbose) {
        this.context = context;
        this.target = target;
        this.dryRun = dryRun;
        this.verbose = verbose;
        json = context.json() ? context.document() : null;
        if (json != null) {
            json.beginObject();
            if (dryRun) {
                json.field("dryRun", true).beginArray("actions");
            }
        }
    }

    /** {@code partial} is whether the snapshot ends where its writer had got to. */
    void begin(boolean partial) {
        isPartial = partial;
    }

    /** As {@link #begin} was told. */
    boolean isPartial() {
        return isPartial;
    }

    /** Tells of one name. */
    void tell(Action action) {
        bytesToWrite += action.bytes();
        if (action.kind() == Kind.KEEP && !verbose) {
            return;
        }
        String word = action.kind().name().toLowerCase(Locale.ROOT);
        if (json != null) {
            json.beginObject().field("action", word).path("path", action.path());
            json.field("bytes", action.bytes()).endObject();
        } else {
            String size = action.bytes() == 0 ? "" : "  " + Wording.size(action.bytes());
            context.console().print(" ".repeat(7 - word.length()) + word + "  " + action.path() + size);
        }
    }

    /** Tells of all. */
    void end(RestoreReport report) {
        if (json != null) {
            document(json, report);
            return;
        }
        Console console = context.console();
        if (!context.talks()) {
            // Otherwise each was told as a warning when it happened.
            report.problems().forEach(problem -> console.tell("packstone: " + Quoting.quote(problem)));
            return;
        }
        console.print((dryRun ? "would restore " : "restored ") + Wording.count(report.filesRestored(), "file")
                + " to " + target + ", " + Wording.count(report.filesUnchanged()) + " unchanged, "
                + Wording.count(report.filesDeleted()) + " deleted");
        String seconds = ", in " + Wording.duration(report.seconds());
        if (dryRun) {
            console.print("  " + Wording.size(bytesToWrite) + " to be written, " + Wording.size(report.bytesWritten())
                    + " of them from the repository" + seconds);
        } else {
            console.print("  " + Wording.size(report.bytesWritten()) + " written, " + Wording.size(report.bytesReused())
                    + " reused" + seconds);
        }
        if (isPartial) {
            console.print("  the snapshot is a partial one: there is more than this where it was taken");
        }
    }

    private void document(Json json, RestoreReport report) {
        if (dryRun) {
            json.endArray().field("bytesToWrite", bytesToWrite);
        }
        json.field("filesRestored", report.filesRestored()).field("filesUnchanged", report.filesUnchanged());
        json.field("filesDeleted", report.filesDeleted()).field("bytesWritten", report.bytesWritten());
        json.field("bytesReused", report.bytesReused()).field("errors", report.errors());
        json.seconds("seconds", report.seconds()).field("damaged", report.damaged());
        json.field("partial", isPartial);
        json.texts("problems", report.problems());
        json.beginArray("notSet");
        for (RestoreReport.NotSet each : report.notSet()) {
            json.beginObject().field("kind", each.kind()).field("count", each.count());
            json.field("path", each.path()).field("reason", each.reason()).endObject();
        }
        json.endArray().endObject();
    }

    @Override
    public void close() {
        if (json != null) {
            json.close();
        }
    }
}
