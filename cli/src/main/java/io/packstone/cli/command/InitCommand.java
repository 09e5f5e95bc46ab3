package io.packstone.cli.command;

import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.Parsing;
import io.packstone.cli.setup.RawText;
import io.packstone.cli.setup.StoreOpener;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.compress.Compression;
import io.packstone.id.RepositoryId;
import io.packstone.metadata.RawName;
import io.packstone.repository.InitOptions;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a repository. */
@Command(
        name = "init",
        description = {
            "Make a repository.",
            "With --key-file the key is a random one; the file is made when it is absent. Otherwise a password is asked for."
        },
        footer = {
            "  packstone init --repo /mnt/disk/backup",
            "  packstone init --repo /mnt/disk/backup --key-file ~/backup.key",
            "  packstone init --repo /mnt/disk/backup --compression zstd:9",
            "  packstone init --repo /mnt/disk/backup --parity"
        })
public final class InitCommand implements Action {
    @Option(
            names = "--chunk-average",
            paramLabel = "N",
            description = "average length of a chunk, a power of two from 16K to 1M; fixed for ever (64K)")
    @Nullable
    String chunkAverage;

    @Option(
            names = "--compression",
            paramLabel = "C",
            description = "auto, none, lz4, zstd or zstd:LEVEL, for snapshots that do not say (auto)")
    @Nullable
    String compression;

    @Option(
            names = "--parity",
            description = "put parity beside what is stored: a sixteenth more space, from which damage is repaired")
    boolean parity;

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        InitOptions how = InitOptions.defaults().withParity(parity);
        if (chunkAverage != null) {
            how = how.withChunkAverage(average(Parsing.size("--chunk-average", chunkAverage)));
        }
        Compression chosen = compression(compression);
        if (chosen != null) {
            how = how.withCompression(chosen);
        }
        StoreOpener opener = context.opener();
        RepositoryId id = opener.init(how);
        RawName place = RawText.name(opener.folder());
        if (context.json()) {
            try (Json json = context.document()) {
                json.beginObject().field("repositoryId", id.toString()).path("path", place);
                json.endObject();
            }
        } else if (context.talks()) {
            context.console().print("made repository " + id + " in " + place);
            context.console().print("keep the password or key safe: without it nothing can be read;");
            context.console().print("\"packstone key recovery-sheet\" prints a second key for a drawer");
        }
        return ExitCode.DONE;
    }

    private static int average(long bytes) throws UsageException {
        if (bytes < 16 << 10 || bytes > 1 << 20 || Long.bitCount(bytes) != 1) {
            throw new UsageException("--chunk-average must be a power of two from 16K to 1M");
        }
        return (int) bytes;
    }

    /** The compression that {@code text} names; null for none given. */
    public static @Nullable Compression compression(@Nullable String text) throws UsageException {
        try {
            return text == null ? null : Compression.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--compression: " + e.getMessage());
        }
    }
}
