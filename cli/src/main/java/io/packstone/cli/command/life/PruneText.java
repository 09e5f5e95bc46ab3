package io.packstone.cli.command.life;

import io.packstone.cli.setup.Context;
import io.packstone.cli.text.Console;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.Table;
import io.packstone.cli.text.Wording;
import io.packstone.maintenance.prune.PrunePlan;
import io.packstone.maintenance.prune.PruneReport;
import io.packstone.metadata.Quoting;

/** What a prune would do, or did, as people and machines read it. */
final class PruneText {
    private PruneText() {}

    static void print(Console console, PrunePlan plan) {
        Table table = new Table("", ">packs", ">bytes");
        table.row("in use", Wording.count(plan.packsLive()), Wording.size(plan.bytesLive()));
        table.row("of no use", "", Wording.size(plan.bytesDead()));
        table.row("would be deleted unread", Wording.count(plan.packsDead()), "");
        table.row("would be repacked", Wording.count(plan.packsRepacked()), Wording.size(plan.bytesRewritten()));
        table.row("pending", Wording.count(plan.packsPending()), "");
        table.row("waiting", Wording.count(plan.packsWaiting()), "");
        table.row("would be freed", "", Wording.size(plan.bytesFreed()));
        table.print(console);
        if (plan.bytesSealed() > 0) {
            console.print(Wording.size(plan.bytesSealed())
                    + " of no use would stay in blocks that are of use in part; --max-unused 0 opens them all");
        }
        console.print("about " + Wording.count(plan.requests(), "request") + " to the storage; "
                + Wording.count(plan.snapshotsRemoved(), "forgotten snapshot") + " would be gone for good");
        plan.problems().forEach(problem -> console.print(Quoting.quote(problem)));
    }

    static void fields(Json json, PrunePlan plan) {
        json.field("dryRun", true);
        json.field("packsDeleted", plan.packsDead() + plan.packsRepacked());
        json.field("packsRewritten", plan.packsRepacked()).field("packsPending", plan.packsPending());
        json.field("packsWaiting", plan.packsWaiting()).field("bytesFreed", plan.bytesFreed());
        json.field("bytesRewritten", plan.bytesRewritten()).field("bytesLive", plan.bytesLive());
        json.field("bytesDead", plan.bytesDead()).field("bytesSealed", plan.bytesSealed());
        json.field("snapshotsRemoved", plan.snapshotsRemoved()).field("requests", plan.requests());
        json.texts("problems", plan.problems());
    }

    static void print(Context context, PruneReport report) {
        if (context.talks()) {
            context.console()
                    .print("deleted " + Wording.count(report.packsDeleted(), "pack") + ", repacked "
                            + Wording.count(report.packsRewritten()) + " of them; "
                            + Wording.size(Math.max(0, report.bytesFreed())) + " freed, "
                            + Wording.size(report.bytesRewritten()) + " written, in "
                            + Wording.duration(report.seconds()));
            if (report.packsSpared() > 0) {
                context.console()
                        .print("  " + Wording.count(report.packsSpared(), "pack")
                                + " stayed after all: somebody came to need them");
            }
            if (report.packsWaiting() > 0) {
                context.console()
                        .print("  " + Wording.count(report.packsWaiting(), "pack") + " wait for a later prune");
            }
        }
        report.problems().forEach(problem -> context.console().tell("packstone: " + Quoting.quote(problem)));
    }

    static void fields(Json json, PruneReport report) {
        json.field("packsDeleted", report.packsDeleted()).field("packsRewritten", report.packsRewritten());
        json.field("packsSpared", report.packsSpared()).field("packsWaiting", report.packsWaiting());
        json.field("bytesFreed", report.bytesFreed()).field("bytesRewritten", report.bytesRewritten());
        json.field("snapshotsRemoved", report.snapshotsRemoved()).seconds("seconds", report.seconds());
        json.texts("problems", report.problems());
    }
}
