package io.packstone.cli.command;

import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.LeftOutText;
import io.packstone.cli.text.SnapshotText;
import io.packstone.cli.text.Table;
import io.packstone.cli.text.Wording;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import io.packstone.snapshot.Fidelity;
import io.packstone.snapshot.RepairRecord;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.snapshot.TakenAs;
import io.packstone.source.rules.RecordedRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists snapshots. */
@Command(
        name = "snapshots",
        aliases = "list",
        description = "List the snapshots, oldest first.",
        footer = {
            "  packstone snapshots",
            "  packstone snapshots --tag nightly --last 5",
            "  packstone snapshots --last 1 --long",
            "  packstone snapshots --json | jq -r '.[].id'"
        })
public final class SnapshotsCommand implements Action {
    /** Of the paths of one snapshot; a document has them all. */
    private static final int PATHS_SHOWN = 5;

    @Option(names = "--host", paramLabel = "H", description = "only those of this host")
    @Nullable
    String host;

    @Option(names = "--tag", paramLabel = "T", description = "only those with this tag; repeated: with all of them")
    List<String> tags = new ArrayList<>();

    @Option(names = "--path", paramLabel = "PATH", description = "only those taken of this path")
    @Nullable
    String path;

    @Option(names = "--last", paramLabel = "N", description = "only the last N")
    @Nullable
    Integer last;

    @Option(
            names = {"-l", "--long"},
            description = "all that each one says of itself: counts, problems, rules and what they left out")
    boolean all;

    private Map<SnapshotId, RepairRecord.Loss> losses = Map.of();

    @Option(names = "--forgotten", description = "those that were forgotten and can still be brought back")
    boolean forgotten;

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        if (last != null && last < 1) {
            throw new UsageException("--last must be at least 1");
        }
        RawName wanted = path == null ? null : context.surroundings().absolute(path);
        SnapshotLog.View view;
        try (Repository repository = context.opener().open()) {
            view = repository.snapshots().list();
            losses = repository.repairs().list(damage -> {}).losses();
        }
        List<StoredSnapshot> all = forgotten ? view.forgotten() : view.snapshots();
        List<StoredSnapshot> chosen =
                all.stream().filter(snapshot -> fits(snapshot.record(), wanted)).toList();
        if (last != null && chosen.size() > last) {
            chosen = chosen.subList(chosen.size() - last, chosen.size());
        }
        print(context, chosen);
        context.passedOver(view.unreadable());
        return ExitCode.DONE;
    }

    private boolean fits(SnapshotRecord record, @Nullable RawName wanted) {
        return (host == null || host.equals(record.host()))
                && record.tags().containsAll(tags)
                && (wanted == null || record.paths().contains(wanted));
    }

    private void print(Context context, List<StoredSnapshot> snapshots) {
        if (context.json()) {
            try (Json json = context.document()) {
                json.beginArray();
                snapshots.forEach(snapshot -> element(json, snapshot));
                json.endArray();
            }
            return;
        }
        if (snapshots.isEmpty()) {
            context.say("no snapshots");
            return;
        }
        if (all) {
            snapshots.forEach(snapshot ->
                    new SnapshotText(context.console(), snapshot).print(context.zone(), filesLost(snapshot)));
            return;
        }
        Table table = new Table("id", "time", "host", ">files", ">size", "paths", "tags", "strategy", "");
        for (StoredSnapshot snapshot : snapshots) {
            SnapshotRecord record = snapshot.record();
            table.row(
                    snapshot.id().toShortHex(),
                    Wording.local(record.time(), context.zone()),
                    Quoting.quote(record.host()),
                    Wording.count(record.counts().files()),
                    Wording.size(record.counts().bytes()),
                    paths(record),
                    Quoting.quote(String.join(",", record.tags())),
                    Quoting.quote(record.strategy()),
                    remark(snapshot));
        }
        table.print(context.console());
    }

    private static String paths(SnapshotRecord record) {
        List<RawName> paths = record.paths();
        String first = String.join(
                " ", paths.stream().limit(PATHS_SHOWN).map(RawName::toString).toList());
        int more = paths.size() - PATHS_SHOWN;
        return more > 0 ? first + " and " + Wording.count(more) + " more" : first;
    }

    private long filesLost(StoredSnapshot snapshot) {
        RepairRecord.Loss loss = losses.get(snapshot.id());
        return loss == null ? 0 : loss.files();
    }

    private String remark(StoredSnapshot snapshot) {
        String status = snapshot.record().status();
        String remark = status.equals(SnapshotRecord.COMPLETE) ? "" : Quoting.quote(status);
        long lost = filesLost(snapshot);
        String losses = lost == 0 ? "" : " " + Wording.count(lost, "file") + " lost";
        String consistency = snapshot.record().consistency();
        String kept = consistency.equals("live") ? "" : " " + Quoting.quote(consistency);
        return (remark
                        + kept
                        + lacks(snapshot.record().fidelity())
                        + losses
                        + (snapshot.isProtected() ? " protected" : ""))
                .strip();
    }

    private static String lacks(@Nullable Fidelity fidelity) {
        StringBuilder text = new StringBuilder();
        for (Fidelity.Lack lack : fidelity == null ? List.<Fidelity.Lack>of() : fidelity.lacks()) {
            if (lack.count() > 0) {
                text.append(text.isEmpty() ? " lacks " : ", ");
                text.append(Wording.count(lack.count())).append(' ').append(Quoting.quote(lack.kind()));
            }
        }
        return text.toString();
    }

    /** What it lacks of the files' metadata; null where its writer did not tell. */
    private static void lacks(Json json, @Nullable Fidelity fidelity) {
        if (fidelity == null) {
            json.field("lacks", (String) null);
            return;
        }
        json.beginArray("lacks");
        for (Fidelity.Lack lack : fidelity.lacks()) {
            json.beginObject().field("kind", lack.kind()).field("count", lack.count());
            json.path("path", lack.path()).endObject();
        }
        json.endArray();
    }

    private void element(Json json, StoredSnapshot snapshot) {
        SnapshotRecord record = snapshot.record();
        json.beginObject();
        json.field("id", snapshot.id()).field("time", record.time()).field("host", record.host());
        json.field("user", record.user()).paths("paths", record.paths()).texts("tags", record.tags());
        json.field("status", record.status()).field("files", record.counts().files());
        json.field("bytes", record.counts().bytes()).field("parentId", record.parent());
        TakenAs as = TakenAs.parse(record.strategy());
        json.field("strategy", as.taken()).field("strategyAsked", as.asked());
        SnapshotRecord.Origin origin = record.origin();
        json.field("originalId", origin == null ? null : origin.snapshot());
        json.field("filesLost", filesLost(snapshot));
        json.field("protected", snapshot.isProtected()).field("consistency", record.consistency());
        json.texts("rules", record.options());
        LeftOutText.document(json, RecordedRules.counts(record.options()));
        lacks(json, record.fidelity());
        json.endObject();
    }
}
