package io.packstone.cli.command;

import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.RawText;
import io.packstone.cli.setup.SecretOptions;
import io.packstone.cli.setup.StoreOpener;
import io.packstone.cli.setup.UsageException;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.Table;
import io.packstone.cli.text.Wording;
import io.packstone.crypto.Randomness;
import io.packstone.crypto.SecretKey;
import io.packstone.id.SlotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.KeyText;
import io.packstone.keyslot.Secret;
import io.packstone.keyslot.SlotSummary;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.Timestamp;
import io.packstone.repository.KeyRegistry;
import io.packstone.repository.Repository;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The key slots: each opens the same repository with a password, key file or recovery sheet of its own. */
@Command(
        name = "key",
        description = {
            "Passwords, key files and recovery sheets of a repository.",
            "Each is a key slot; any one of them opens the repository. Data is never encrypted anew."
        },
        subcommands = {
            KeyCommand.ListSlots.class,
            KeyCommand.Add.class,
            KeyCommand.Remove.class,
            KeyCommand.Passwd.class,
            KeyCommand.Sheet.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  packstone key list", "  packstone key recovery-sheet | lpr", "  packstone help key add"})
public final class KeyCommand implements Action {
    @Override
    public ExitCode run(Context context) throws UsageException {
        throw new UsageException("key needs to know what to do: list, add, remove, passwd or recovery-sheet");
    }

    /** Where the new secret comes from. */
    static final class NewSecret {
        @Option(
                names = "--new-password-file",
                paramLabel = "FILE",
                description = "the new password is the first line of FILE")
        @Nullable
        String passwordFile;

        @Option(
                names = "--new-password-command",
                paramLabel = "CMD",
                description = "the new password is what CMD prints")
        @Nullable
        String passwordCommand;

        @Option(
                names = "--new-key-file",
                paramLabel = "FILE",
                description = "a key file; made with a random key when absent")
        @Nullable
        String keyFile;

        Secret read(StoreOpener opener) throws IOException, UsageException {
            SecretOptions options = new SecretOptions(passwordFile, passwordCommand, keyFile).checked("--new-");
            return opener.secrets().fresh(options, false);
        }
    }

    private static void printSlot(Context context, SlotId id, String said) {
        if (context.json()) {
            try (Json json = context.document()) {
                json.beginObject().field("slotId", id).endObject();
            }
        } else if (context.talks()) {
            context.console().print(said + " " + id.toShortHex());
        }
    }

    /** Lists the slots. */
    @Command(name = "list", description = "List the key slots.")
    static final class ListSlots implements Action {
        @Override
        public ExitCode run(Context context) throws IOException, UsageException {
            List<KeyRegistry.Entry> slots;
            try (Repository repository = context.opener().open()) {
                slots = repository.keyRegistry().list();
            }
            if (context.json()) {
                try (Json json = context.document()) {
                    json.beginArray();
                    slots.forEach(slot -> element(json, slot));
                    json.endArray();
                }
            } else {
                Table table = new Table("id", "kind", "");
                slots.forEach(slot -> table.row(slot.id().toShortHex(), kind(slot), remark(slot)));
                table.print(context.console());
            }
            List<ExitCode> failures = slots.stream()
                    .map(KeyRegistry.Entry::damage)
                    .filter(Objects::nonNull)
                    .map(damage -> ExitCode.of(damage.kind()))
                    .toList();
            return ExitCode.worst(ExitCode.DONE, failures);
        }

        private static void element(Json json, KeyRegistry.Entry slot) {
            json.beginObject().field("id", slot.id()).field("kind", kind(slot)).field("damage", damage(slot));
            json.endObject();
        }

        private static String kind(KeyRegistry.Entry slot) {
            SlotSummary summary = slot.summary();
            return summary == null ? "unknown" : summary.kind();
        }

        private static @Nullable String damage(KeyRegistry.Entry slot) {
            return slot.damage() == null ? null : slot.damage().getMessage();
        }

        private static String remark(KeyRegistry.Entry slot) {
            String damage = damage(slot);
            return damage == null ? "" : Quoting.quote(damage);
        }
    }

    /** Adds a slot. */
    @Command(
            name = "add",
            description = "Add a password or key file.",
            footerHeading = "%nExamples:%n",
            footer = {"  packstone key add", "  packstone key add --new-key-file /media/stick/backup.key"})
    static final class Add implements Action {
        @Mixin
        NewSecret fresh = new NewSecret();

        @Override
        public ExitCode run(Context context) throws IOException, UsageException {
            StoreOpener opener = context.opener();
            SlotId id;
            try (Repository repository = opener.open()) {
                Secret secret = fresh.read(opener);
                id = repository
                        .keyRegistry()
                        .add(
                                secret,
                                "added",
                                KeyCost.STANDARD,
                                context.surroundings().clock());
            }
            printSlot(context, id, "added key slot");
            return ExitCode.DONE;
        }
    }

    /** Removes a slot. */
    @Command(name = "remove", description = "Remove a key slot; never the last one.")
    static final class Remove implements Action {
        @Parameters(paramLabel = "ID", description = "the beginning of the slot's id, as key list prints it")
        String prefix = "";

        @Override
        public ExitCode run(Context context) throws IOException, UsageException {
            if (prefix.length() < 4) {
                throw new UsageException("give at least 4 digits of the slot's id; see packstone key list");
            }
            SlotId id;
            try (Repository repository = context.opener().open()) {
                id = repository.keyRegistry().remove(prefix);
            }
            printSlot(context, id, "removed key slot");
            return ExitCode.DONE;
        }
    }

    /** Changes the password. */
    @Command(
            name = "passwd",
            description = "Put a new password or key file in place of the one given.",
            footerHeading = "%nExamples:%n",
            footer = {"  packstone key passwd", "  packstone key passwd --password-file old --new-password-file new"})
    static final class Passwd implements Action {
        @Mixin
        NewSecret fresh = new NewSecret();

        @Override
        public ExitCode run(Context context) throws IOException, UsageException {
            StoreOpener opener = context.opener();
            opener.requireRepository();
            Secret old = opener.secret();
            SlotId id;
            try (Repository repository = opener.open(old)) {
                Secret secret = fresh.read(opener);
                id = repository
                        .keyRegistry()
                        .replace(
                                old,
                                secret,
                                KeyCost.STANDARD,
                                context.surroundings().clock());
            }
            printSlot(context, id, "changed; the new key slot is");
            return ExitCode.DONE;
        }
    }

    /** Prints a key for a drawer. */
    @Command(
            name = "recovery-sheet",
            description = {
                "Print a new key as 26 words on a page for a drawer, for the day everything else is lost.",
                "Type the words into a file, or save the page, and open the repository with --key-file FILE.",
                "Each run makes a key slot of its own; packstone key remove takes one back."
            },
            footerHeading = "%nExamples:%n",
            footer = {"  packstone key recovery-sheet | lpr", "  packstone snapshots --key-file words.txt"})
    static final class Sheet implements Action {
        @Override
        public ExitCode run(Context context) throws IOException, UsageException {
            StoreOpener opener = context.opener();
            SecretKey key = SecretKey.random(Randomness.secure());
            Timestamp now =
                    new Timestamp(context.surroundings().clock().instant().getEpochSecond(), 0);
            SlotId id;
            String repositoryId;
            try (Repository repository = opener.open()) {
                repositoryId = repository.id().toString();
                id = repository
                        .keyRegistry()
                        .add(
                                new Secret.RecoverySheet(key),
                                "recovery sheet",
                                KeyCost.STANDARD,
                                context.surroundings().clock());
            }
            List<String> words = KeyText.formatWords(key);
            if (context.json()) {
                try (Json json = context.document()) {
                    json.beginObject()
                            .field("slotId", id)
                            .field("sheet", String.join(" ", words))
                            .endObject();
                }
            } else {
                String made = Wording.local(now, context.zone()) + " on "
                        + Quoting.quote(context.surroundings().host());
                String place = Quoting.quote(RawText.name(opener.folder()));
                new SheetPage(words, repositoryId, place, made, id.toShortHex())
                        .lines()
                        .forEach(context.console()::print);
            }
            return ExitCode.DONE;
        }
    }
}
