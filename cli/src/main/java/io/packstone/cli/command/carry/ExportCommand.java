package io.packstone.cli.command.carry;

import io.packstone.backend.local.DurableFile;
import io.packstone.bundle.Export;
import io.packstone.bundle.ExportReport;
import io.packstone.cli.command.Action;
import io.packstone.cli.command.life.Named;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.ProgressDisplay;
import io.packstone.cli.text.Wording;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.metadata.Quoting;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a snapshot as one sealed file. */
@Command(
        name = "export",
        description = {
            "Write a snapshot, or what is new in it, as one sealed file to carry to a copy of the repository.",
            "Without a key of the repository nobody can read it. Another program may take snapshots or prune meanwhile."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  packstone export latest /media/usb/full.bundle",
            "  packstone export --since 1a2b3c4d latest new.bundle   (for who has 1a2b3c4d)",
            "  packstone export --since latest~1 latest - | ssh far packstone import -",
            "",
            "A copy of the repository to import into is any copy of its folder, be it old or without any snapshot."
        })
public final class ExportCommand implements Action {
    @Parameters(index = "0", paramLabel = "SNAP", description = "the snapshot")
    String snapshot = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "the file to write; - is standard output")
    String file = "";

    @Option(
            names = "--since",
            paramLabel = "SNAP",
            description = "leave out what this snapshot has: who imports the file must have it")
    @Nullable
    String since;

    @Option(names = "--overwrite", description = "take the place of a file of that name")
    boolean overwrite;

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        boolean standard = file.equals(ImportCommand.STANDARD);
        if (standard && context.surroundings().resultsAreTerminal()) {
            throw new UsageException("a bundle is nothing for a terminal: name a file, or add | or >");
        }
        ExportReport report;
        try (Repository repository = context.opener().openIndexed();
                ProgressDisplay progress = context.progress()) {
            StoredSnapshot chosen = Named.snapshot(context, repository, snapshot);
            StoredSnapshot base = since == null ? null : Named.snapshot(context, repository, since);
            if (base != null && base.id().equals(chosen.id())) {
                throw new UsageException("--since names the same snapshot: there is nothing to carry");
            }
            Export export = new Export(repository);
            if (standard) {
                report = export.run(chosen, base, context.console().results(), progress);
                context.console().results().push();
            } else {
                Path target = context.surroundings().path(file);
                try (DurableFile output = DurableFile.begin(target, mark(repository), overwrite)) {
                    report = export.run(chosen, base, output, progress);
                    output.commit();
                } catch (FileAlreadyExistsException e) {
                    throw new RepositoryException(
                            ErrorKind.OCCUPIED,
                            null,
                            Quoting.quote(file) + " exists; name another file, or give --overwrite");
                }
            }
        }
        print(context, report, standard);
        return ExitCode.DONE;
    }

    private static String mark(Repository repository) {
        byte[] drawn = new byte[8];
        repository.randomness().fill(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    private void print(Context context, ExportReport report, boolean standard) {
        if (context.json()) {
            if (standard) {
                context.console().tell(json -> fields(json, report));
            } else {
                try (Json json = context.document()) {
                    fields(json.beginObject(), report);
                    json.endObject();
                }
            }
        } else if (context.talks()) {
            String since =
                    report.base() == null ? "" : " since " + report.base().id().toShortHex();
            String line = "exported snapshot " + report.snapshot().id().toShortHex() + ", "
                    + report.kind().word() + since + ": " + Wording.count(report.chunks(), "chunk") + ", "
                    + Wording.size(report.bytes());
            if (standard) {
                context.console().tell(line);
            } else {
                context.console().print(line);
            }
        }
    }

    private static void fields(Json json, ExportReport report) {
        json.field("snapshotId", report.snapshot().id());
        json.field("baseId", report.base() == null ? null : report.base().id());
        json.field("kind", report.kind().word());
        json.field("chunks", report.chunks()).field("bytes", report.bytes());
    }
}
