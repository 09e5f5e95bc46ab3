package io.packstone.cli.command.healing;

import io.packstone.backup.Backup;
import io.packstone.cli.command.Action;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.ProgressDisplay;
import io.packstone.cli.text.Table;
import io.packstone.cli.text.Wording;
import io.packstone.maintenance.healing.Recover;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.Timestamp;
import io.packstone.repository.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes snapshots of trees that nothing refers to any more. */
@Command(
        name = "recover",
        description = {
            "Find snapshots whose records are gone, from packs alone, and make them snapshots again.",
            "Without --apply they are only listed. Also found are trees of runs that were stopped, and of snapshots that",
            "were forgotten and whose packs are still there."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  packstone recover",
            "  packstone recover --apply                (all but parts)",
            "  packstone recover recovered-2 --apply",
            "",
            "Exit code 4: something in a recovered snapshot is lost; the snapshot is degraded and says what."
        })
public final class RecoverCommand implements Action {
    @Parameters(paramLabel = "NAME", arity = "0..*", description = "only these, by the names that recover gave them")
    List<String> names = new ArrayList<>();

    @Option(names = "--apply", description = "do it; without this nothing is changed")
    boolean apply;

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        List<Recover.Offer> chosen;
        List<Recover.Recovered> recovered = new ArrayList<>();
        try (Repository repository = context.opener().openIndexed();
                ProgressDisplay progress = context.progress()) {
            Recover recover = new Recover(repository, Backup.PROGRAM);
            chosen = choose(recover.offers(progress));
            for (Recover.Offer offer : apply ? chosen : List.<Recover.Offer>of()) {
                recovered.add(recover.apply(offer, progress));
            }
        }
        if (context.json()) {
            try (Json json = context.document()) {
                json.beginArray();
                chosen.forEach(offer -> element(json, offer, find(recovered, offer)));
                json.endArray();
            }
        } else {
            print(context, chosen, recovered);
        }
        boolean whole = recovered.stream().allMatch(each -> each.problems() == 0);
        return whole ? ExitCode.DONE : ExitCode.DAMAGED;
    }

    private List<Recover.Offer> choose(List<Recover.Offer> offers) throws UsageException {
        for (String name : names) {
            if (offers.stream().noneMatch(offer -> offer.name().equals(name))) {
                throw new UsageException("nothing to recover is called '" + Quoting.quote(name) + "'");
            }
        }
        return offers.stream()
                .filter(offer -> names.isEmpty() ? !apply || !offer.isPart() : names.contains(offer.name()))
                .toList();
    }

    private static Recover.@Nullable Recovered find(List<Recover.Recovered> recovered, Recover.Offer offer) {
        return recovered.stream()
                .filter(each -> each.name().equals(offer.name()))
                .findFirst()
                .orElse(null);
    }

    private void print(Context context, List<Recover.Offer> chosen, List<Recover.Recovered> recovered) {
        if (chosen.isEmpty()) {
            context.say("there is nothing to recover");
            return;
        }
        Table table = new Table("name", "newest file", ">files", ">size", "path", "");
        for (Recover.Offer offer : chosen) {
            table.row(
                    offer.name(),
                    Wording.local(new Timestamp(offer.totals().newest(), 0), context.zone()),
                    Wording.count(offer.totals().files()),
                    Wording.size(offer.totals().bytes()),
                    offer.top().toString(),
                    remark(offer, find(recovered, offer)));
        }
        table.print(context.console());
        if (!apply) {
            context.say("nothing was changed; make them snapshots with packstone recover --apply");
        }
    }

    private static String remark(Recover.Offer offer, Recover.@Nullable Recovered recovered) {
        if (recovered == null) {
            return offer.isPart() ? "part of a tree" : offer.claim() == null ? "" : "its record is there";
        }
        String lost =
                recovered.problems() == 0 ? "" : ", " + Wording.count(recovered.problems(), "file") + " not whole";
        return "snapshot " + recovered.snapshot().toShortHex() + lost;
    }

    private static void element(Json json, Recover.Offer offer, Recover.@Nullable Recovered recovered) {
        json.beginObject().field("name", offer.name()).field("root", offer.root());
        json.field("newest", new Timestamp(offer.totals().newest(), 0));
        json.field("files", offer.totals().files())
                .field("bytes", offer.totals().bytes());
        json.path("path", offer.top()).field("part", offer.isPart());
        json.field("snapshotId", recovered == null ? null : recovered.snapshot());
        json.field("filesLost", recovered == null ? 0 : recovered.problems());
        json.endObject();
    }
}
