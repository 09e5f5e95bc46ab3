package io.packstone.cli.command.healing;

import io.packstone.cli.setup.Context;
import io.packstone.cli.text.Console;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.Wording;
import io.packstone.maintenance.healing.RepairReport;
import io.packstone.maintenance.healing.Scrub;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.TreePath;
import io.packstone.snapshot.RepairRecord;
import java.io.IOException;
import java.util.Map;

/** The report of a repair, as text or as a document. */
final class RepairText {
    private static final int NAMES_TOLD = 10;
    private static final Map<String, String> PLACES =
            Map.of("mirror", "the mirror", "other", "the other repository", "files", "the files themselves");

    private final Context context;
    private final boolean applied;

    RepairText(Context context, boolean applied) {
        this.context = context;
        this.applied = applied;
    }

    void print(RepairReport report) throws IOException {
        if (context.json()) {
            try (Json json = context.document()) {
                document(json, report);
            }
            return;
        }
        Console console = context.console();
        for (RepairReport.Mended each : report.mended()) {
            console.print(Quoting.quote(each.object()) + ": " + (applied ? "whole again" : "can be made whole")
                    + ", from " + (each.means().equals("copy") ? "its other copy" : "its " + each.means()));
        }
        for (RepairReport.Rewritten each : report.rewritten()) {
            console.print(each.object() + ": " + Wording.count(each.kept(), "chunk")
                    + (applied ? " moved" : " to be moved") + " to new packs, "
                    + Wording.count(each.unreadable(), "chunk") + " can't be read from it");
        }
        for (String pack : report.indexed()) {
            console.print(pack + ": no index segment spoke of it; " + (applied ? "one does now" : "one can be made"));
        }
        report.found()
                .forEach((means, count) -> console.print(
                        Wording.count(count, "lost chunk") + " found in " + PLACES.getOrDefault(means, means)));
        for (Scrub.Fault fault : report.unmended()) {
            console.print(Quoting.quote(fault.object()) + ": " + Quoting.quote(fault.message())
                    + "; nothing has its bytes" + hint(fault.object()));
        }
        report.losses().forEach(this::print);
        for (RepairReport.LostPart part : report.lostParts()) {
            console.print("lost from snapshot " + part.snapshot().toShortHex() + ": what its manifest lists after "
                    + part.after() + ", up to " + part.before());
        }
        verdict(report);
    }

    private static String hint(String object) {
        return object.startsWith("snapshots/") ? "; packstone recover may find what it was" : "";
    }

    private void print(RepairRecord.Loss loss) {
        Console console = context.console();
        console.print("lost from snapshot " + loss.snapshot().toShortHex() + ": " + Wording.count(loss.files(), "file")
                + " can't be restored whole");
        loss.paths().stream().limit(NAMES_TOLD).forEach(path -> console.print("  /" + path));
        if (loss.files() > NAMES_TOLD) {
            console.print("  and " + Wording.count(loss.files() - NAMES_TOLD, "more path"));
        }
    }

    private void verdict(RepairReport report) {
        Console console = context.console();
        if (report.isWhole()) {
            if (context.talks()) {
                console.print("nothing is damaged");
            }
        } else if (!applied) {
            console.print("nothing was changed; do it with packstone repair --apply");
        } else if (report.isHealed()) {
            console.print("everything is whole again; damaged packs stay until they are pruned");
        } else {
            console.print("what is named above is lost unless --from finds it; all else can be restored");
        }
    }

    private void document(Json json, RepairReport report) {
        json.beginObject()
                .field("status", report.isWhole() ? "ok" : report.isHealed() ? "healed" : "damaged")
                .field("applied", applied)
                .beginArray("mended");
        for (RepairReport.Mended each : report.mended()) {
            json.beginObject().field("object", each.object()).field("from", each.means());
            json.endObject();
        }
        json.endArray().beginArray("rewritten");
        for (RepairReport.Rewritten each : report.rewritten()) {
            json.beginObject().field("object", each.object()).field("chunksKept", each.kept());
            json.field("chunksUnreadable", each.unreadable()).endObject();
        }
        json.endArray().texts("indexed", report.indexed());
        json.beginObject("chunksFound");
        report.found().forEach(json::field);
        json.endObject().beginArray("errors");
        for (Scrub.Fault fault : report.unmended()) {
            json.beginObject().field("kind", fault.kind()).field("object", fault.object());
            json.field("message", fault.message()).endObject();
        }
        json.endArray().beginArray("losses");
        for (RepairRecord.Loss loss : report.losses()) {
            json.beginObject().field("snapshot", loss.snapshot()).field("files", loss.files());
            json.paths("paths", loss.paths().stream().map(TreePath::absolute).toList());
            json.endObject();
        }
        json.endArray().beginArray("lostParts");
        for (RepairReport.LostPart part : report.lostParts()) {
            json.beginObject().field("snapshot", part.snapshot()).field("after", part.after());
            json.field("before", part.before()).field("message", part.message()).endObject();
        }
        json.endArray().seconds("seconds", report.seconds()).endObject();
    }
}
