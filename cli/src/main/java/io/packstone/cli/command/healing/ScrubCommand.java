package io.packstone.cli.command.healing;

import io.packstone.backend.ObjectNames;
import io.packstone.cli.command.Action;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.ProgressDisplay;
import io.packstone.cli.text.Wording;
import io.packstone.id.PackId;
import io.packstone.maintenance.Proofs;
import io.packstone.maintenance.healing.Scrub;
import io.packstone.metadata.Quoting;
import io.packstone.repository.memory.ProvenPacks;
import io.packstone.repository.objects.StoredObjects;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;

/** Compares every object with its name. */
@Command(
        name = "scrub",
        description = {
            "Read every stored object and compare it with its name and checksums.",
            "It needs no password and no key, so the machine that only stores can run it."
        },
        footer = {
            "  packstone scrub --repo /srv/backups/ada",
            "  packstone scrub --json | jq .errors",
            "",
            "Exit code 4: something is not as it was written; each line names an object.",
            "What that means for snapshots and files says packstone check; packstone repair mends."
        })
public final class ScrubCommand implements Action {
    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        Scrub.Report report;
        try (StoredObjects objects = context.opener().openKeyless();
                ProgressDisplay progress = context.progress()) {
            Path cache = context.opener().cache();
            ProvenPacks memory = cache == null ? null : new ProvenPacks(cache, objects.id());
            Proofs proofs = Proofs.of(memory, context.surroundings().clock());
            try {
                report = new Scrub(objects).run(new Proving(proofs), progress);
            } finally {
                proofs.finish();
            }
        }
        if (context.json()) {
            try (Json json = context.document()) {
                document(json, report);
            }
        } else {
            print(context, report);
        }
        return report.faults().isEmpty() ? ExitCode.DONE : ExitCode.DAMAGED;
    }

    /** A pack whose bytes have its name is proved, for the next check as well. */
    private record Proving(Proofs proofs) implements Scrub.Listener {
        @Override
        public void whole(String object) {
            PackId pack = ObjectNames.packId(object);
            if (pack != null) {
                proofs.proved(pack);
            }
        }

        @Override
        public void faulty(Scrub.Fault fault) {
            PackId pack = ObjectNames.packId(fault.object());
            if (pack != null) {
                proofs.refuted(pack);
            }
        }
    }

    private static void print(Context context, Scrub.Report report) {
        for (Scrub.Fault fault : report.faults()) {
            context.console().print(Quoting.quote(fault.object()) + ": " + Quoting.quote(fault.message()));
        }
        String read = Wording.count(report.objects(), "object") + ", " + Wording.size(report.bytesRead()) + " read";
        if (!report.faults().isEmpty()) {
            context.console()
                    .print(Wording.count(report.faults().size(), "error") + " in " + read
                            + "; packstone check says which files that touches, packstone repair mends what it can");
        } else if (context.talks()) {
            context.console().print("every object is as it was written: " + read);
        }
    }

    private static void document(Json json, Scrub.Report report) {
        json.beginObject()
                .field("status", report.faults().isEmpty() ? "ok" : "damaged")
                .beginArray("errors");
        for (Scrub.Fault fault : report.faults()) {
            json.beginObject().field("kind", fault.kind()).field("object", fault.object());
            json.field("message", fault.message()).endObject();
        }
        json.endArray().field("objects", report.objects()).field("bytesRead", report.bytesRead());
        json.seconds("seconds", report.seconds()).endObject();
    }
}
