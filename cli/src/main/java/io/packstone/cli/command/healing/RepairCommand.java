package io.packstone.cli.command.healing;

import io.packstone.backup.Backup;
import io.packstone.cli.command.Action;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.RawText;
import io.packstone.cli.setup.SecretOptions;
import io.packstone.cli.setup.StoreOpener;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.ProgressDisplay;
import io.packstone.id.RepositoryId;
import io.packstone.keyslot.Secret;
import io.packstone.maintenance.healing.KeylessRepair;
import io.packstone.maintenance.healing.Repair;
import io.packstone.maintenance.healing.RepairOptions;
import io.packstone.maintenance.healing.RepairReport;
import io.packstone.metadata.RawName;
import io.packstone.repository.Repository;
import io.packstone.repository.objects.StoredObjects;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Brings back what is damaged. */
@Command(
        name = "repair",
        description = {
            "Bring back what is damaged, and say exactly which files a damage beyond repair touches.",
            "First bit by bit: from parity, second copies and, with --from, a mirror. Chunks that are then still lost are",
            "looked for in --from, which may be any repository that holds the same files, and in the files themselves.",
            "Nothing is deleted, and snapshots that lost something stay. It only says what it would do, unless --apply."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  packstone repair                       (what could be repaired, what is lost)",
            "  packstone repair --apply",
            "  packstone repair --apply --from /mnt/other/copy         (a mirror, or another)",
            "  packstone repair --apply --no-key --from ...  (on a machine that only stores)",
            "",
            "Exit code 4: something is damaged and not repaired, or would be repaired with --apply."
        })
public final class RepairCommand implements Action {
    @Option(names = "--apply", description = "do it; without this nothing is changed")
    boolean apply;

    @Option(
            names = "--from",
            paramLabel = "URL",
            description =
                    "look for what is lost in this repository: a mirror of this one, or another with the same files")
    @Nullable
    String from;

    @Option(
            names = "--from-password-file",
            paramLabel = "FILE",
            description = "its password is the first line of FILE (else it opens as this one does)")
    @Nullable
    String passwordFile;

    @Option(names = "--from-password-command", paramLabel = "CMD", description = "its password is what CMD prints")
    @Nullable
    String passwordCommand;

    @Option(names = "--from-key-file", paramLabel = "FILE", description = "its key file")
    @Nullable
    String keyFile;

    @Option(
            names = "--no-key",
            description = "only what needs no password or key: bit by bit from parity, second copies and a mirror")
    boolean noKey;

    @Override
    public ExitCode run(Context context) throws IOException, UsageException {
        RepairReport report;
        context.opener().requireRepository();
        try (ScratchFolder scratch = apply ? null : new ScratchFolder();
                ProgressDisplay progress = context.progress()) {
            Path folder = scratch == null ? null : scratch.path();
            report = noKey ? keyless(context, folder, progress) : keyed(context, folder, progress);
        }
        new RepairText(context, apply).print(report);
        boolean done = report.isWhole() || apply && report.isHealed();
        return done ? ExitCode.DONE : ExitCode.DAMAGED;
    }

    private RepairReport keyless(Context context, @Nullable Path scratch, ProgressDisplay progress)
            throws IOException, UsageException {
        StoreOpener opener = context.opener();
        try (StoredObjects objects = scratch == null ? opener.openKeyless() : opener.openKeylessTrial(scratch);
                StoredObjects mirror = mirror(opener, objects.id())) {
            if (from != null && mirror == null) {
                throw new UsageException("--from is no mirror of this repository: without a key it can't help");
            }
            return new KeylessRepair(objects, mirror).run(progress);
        }
    }

    /** What {@code --from} names, when it is the same repository. */
    private @Nullable StoredObjects mirror(StoreOpener opener, RepositoryId id) throws IOException, UsageException {
        if (from == null) {
            return null;
        }
        StoredObjects other = opener.openOther(from);
        if (other.id().equals(id)) {
            return other;
        }
        other.close();
        return null;
    }

    private RepairReport keyed(Context context, @Nullable Path scratch, ProgressDisplay progress)
            throws IOException, UsageException {
        StoreOpener opener = context.opener();
        Secret secret = opener.secret();
        RepairOptions options = RepairOptions.of(Backup.PROGRAM).withFiles(RepairCommand::readFile);
        try (Repository repository = scratch == null ? opener.openIndexed(secret) : opener.openTrial(secret, scratch);
                StoredObjects mirror = mirror(opener, repository.id());
                Repository other = other(opener, secret)) {
            return new Repair(
                            repository,
                            options.withMirror(mirror).withOther(other),
                            context.surroundings().clock())
                    .run(progress);
        }
    }

    private @Nullable Repository other(StoreOpener opener, Secret secret) throws IOException, UsageException {
        SecretOptions own = new SecretOptions(passwordFile, passwordCommand, keyFile).checked("--from-");
        Secret given = opener.secrets().of(own);
        if (from == null) {
            if (given != null) {
                throw new UsageException("a secret for --from without --from");
            }
            return null;
        }
        return opener.openOther(from, given == null ? secret : given);
    }

    /** Part of a regular file of this machine; null when it is not there or not as long. */
    static byte @Nullable [] readFile(RawName path, long offset, int length) {
        Path file = RawText.path(path);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            channel.position(offset);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    return null;
                }
            }
        } catch (IOException e) {
            return null; // A file that can't be read is no help, and no damage either.
        }
        return bytes.array();
    }
}
