package io.packstone.cli.command.carry;

import io.packstone.bundle.BundleFront;
import io.packstone.bundle.BundleSource;
import io.packstone.bundle.Import;
import io.packstone.bundle.ImportReport;
import io.packstone.cli.command.Action;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.ProgressDisplay;
import io.packstone.cli.text.Wording;
import io.packstone.id.RepositoryId;
import io.packstone.metadata.Quoting;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes in a snapshot that was exported. */
@Command(
        name = "import",
        description = {
            "Take the snapshot of a bundle into a copy of the repository that it was exported from.",
            "All of it is verified before the snapshot is there. What is stored already is not stored again, so an",
            "import that was interrupted goes on, and one that was done before does nothing."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  packstone import /media/usb/full.bundle",
            "  packstone import new.bundle   (needs the snapshot it was exported since)",
            "  ssh near packstone export latest - | packstone import -",
            "",
            "The snapshot comes under a new id, with time, host, paths, tags and status of the original.",
            "",
            "Exit code 4: the bundle is damaged, and nothing of it became a snapshot."
        })
public final class ImportCommand implements Action {
    /** What stands for standard input or output. */
    static final String STANDARD = "-";

    @Parameters(paramLabel = "FILE", description = "the bundle; - is standard input")
    String file = "";

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        ImportReport report;
        try (Repository repository = context.opener().open()) {
            BundleSource source = source(context);
            requireSameRepository(repository, source);
            try (ProgressDisplay progress = context.progress()) {
                report = new Import(repository).run(source, progress);
            }
        }
        print(context, report);
        IOException unfinished = report.unfinished();
        if (unfinished != null) {
            context.console()
                    .tell("packstone: the snapshot is imported; what failed after that is left to the next one: "
                            + Quoting.quote(String.valueOf(unfinished.getMessage())));
        }
        return ExitCode.DONE;
    }

    private BundleSource source(Context context) throws IOException {
        return file.equals(STANDARD)
                ? new Piped(new BufferedInputStream(context.console().input()))
                : new Filed(context.surroundings().path(file), "bundle " + Quoting.quote(file));
    }

    /** A bundle that can be read once. */
    private record Piped(InputStream input) implements BundleSource {
        @Override
        public InputStream open() {
            return input;
        }

        @Override
        public boolean opensAgain() {
            return false;
        }

        @Override
        public String name() {
            return "the bundle on standard input";
        }
    }

    /** A bundle in a file. */
    private record Filed(Path path, String name) implements BundleSource {
        /** Through a channel, where a thread that waits can be interrupted. */
        @Override
        public InputStream open() throws IOException {
            return Channels.newInputStream(FileChannel.open(path));
        }

        @Override
        public boolean opensAgain() {
            return true;
        }
    }

    private static void requireSameRepository(Repository repository, BundleSource source)
            throws IOException, UsageException {
        RepositoryId found;
        if (source instanceof Piped piped) {
            piped.input().mark(Import.openingLength());
            found = Import.repositoryOf(piped.input(), source.name());
            piped.input().reset();
        } else {
            try (InputStream input = source.open()) {
                found = Import.repositoryOf(input, source.name());
            }
        }
        if (!found.equals(repository.id())) {
            throw new UsageException(source.name() + " is of repository " + found + ", and this one is "
                    + repository.id() + "; it can be imported into a copy of its own repository only");
        }
    }

    private static void print(Context context, ImportReport report) {
        BundleFront front = report.front();
        StoredSnapshot original = front.snapshot();
        if (context.json()) {
            try (Json json = context.document()) {
                json.beginObject().field("snapshotId", report.snapshot()).field("originalId", original.id());
                json.field("baseId", report.base()).field("kind", front.kind().word());
                json.field("alreadyThere", !report.isNew());
                json.field("chunks", report.chunks()).field("chunksStored", report.chunksStored());
                json.field("bytes", report.bytes()).field("bytesStored", report.bytesStored());
                json.endObject();
            }
            return;
        }
        if (!context.talks()) {
            return;
        }
        String what = "snapshot " + original.id().toShortHex() + " of "
                + Wording.local(original.record().time(), context.zone());
        if (!report.isNew()) {
            context.console()
                    .print(what + " is here already, as " + report.snapshot().toShortHex() + "; nothing was done");
            return;
        }
        String since = report.base() == null ? "" : " since " + report.base().toShortHex();
        context.console()
                .print("imported " + what + " as " + report.snapshot().toShortHex() + ", "
                        + front.kind().word() + since + ": "
                        + Wording.count(report.chunks(), "chunk") + ", " + Wording.count(report.chunksStored())
                        + " stored, " + Wording.size(report.bytesStored()));
    }
}
