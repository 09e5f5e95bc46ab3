package io.packstone.cli;

import io.packstone.cli.command.Action;
import io.packstone.cli.command.CatCommand;
import io.packstone.cli.command.CheckCommand;
import io.packstone.cli.command.CompletionCommand;
import io.packstone.cli.command.DiffCommand;
import io.packstone.cli.command.DumpCommand;
import io.packstone.cli.command.FindCommand;
import io.packstone.cli.command.HelpCommand;
import io.packstone.cli.command.InitCommand;
import io.packstone.cli.command.KeyCommand;
import io.packstone.cli.command.LsCommand;
import io.packstone.cli.command.RebuildIndexCommand;
import io.packstone.cli.command.RestoreCommand;
import io.packstone.cli.command.SnapshotsCommand;
import io.packstone.cli.command.StatsCommand;
import io.packstone.cli.command.carry.ExportCommand;
import io.packstone.cli.command.carry.ImportCommand;
import io.packstone.cli.command.healing.FingerprintCommand;
import io.packstone.cli.command.healing.ParityCommand;
import io.packstone.cli.command.healing.RecoverCommand;
import io.packstone.cli.command.healing.RepairCommand;
import io.packstone.cli.command.healing.ScrubCommand;
import io.packstone.cli.command.life.ForgetCommand;
import io.packstone.cli.command.life.ProtectCommand;
import io.packstone.cli.command.life.PruneCommand;
import io.packstone.cli.command.life.RewriteCommand;
import io.packstone.cli.command.life.TagCommand;
import io.packstone.cli.command.life.UndeleteCommand;
import io.packstone.cli.command.taking.ExplainCommand;
import io.packstone.cli.command.taking.SnapshotCommand;
import io.packstone.cli.command.taking.WatchCommand;
import java.util.List;

/** Every command by name, in groups for the help; made one at a time, so that a run loads only its own. */
final class CommandList {
    /** Commands that belong together. */
    record Group(String title, List<String> names) {}

    private static final List<Group> GROUPS = List.of(
            new Group("Back up and restore", List.of("snapshot", "watch", "snapshots", "restore", "explain")),
            new Group("Look into snapshots", List.of("ls", "find", "diff", "cat", "dump")),
            new Group("Keep and free", List.of("forget", "undelete", "protect", "tag", "rewrite", "prune")),
            new Group("Carry elsewhere", List.of("export", "import")),
            new Group(
                    "Look after the repository",
                    List.of(
                            "init",
                            "check",
                            "scrub",
                            "repair",
                            "recover",
                            "parity",
                            "fingerprint",
                            "rebuild-index",
                            "stats",
                            "key")),
            new Group("About the program", List.of("help", "completion")));

    private CommandList() {}

    /** All of them, in the order of the help. */
    static List<Group> groups() {
        return GROUPS;
    }

    /** The name that {@code typed} stands for. */
    static String canonical(String typed) {
        return switch (typed) {
            case "backup" -> "snapshot";
            case "list" -> "snapshots";
            default -> typed;
        };
    }

    /** A fresh command of that name. */
    static Action make(String name) {
        return switch (name) {
            case "snapshot" -> new SnapshotCommand();
            case "watch" -> new WatchCommand();
            case "snapshots" -> new SnapshotsCommand();
            case "explain" -> new ExplainCommand();
            case "restore" -> new RestoreCommand();
            case "ls" -> new LsCommand();
            case "find" -> new FindCommand();
            case "diff" -> new DiffCommand();
            case "cat" -> new CatCommand();
            case "dump" -> new DumpCommand();
            case "forget" -> new ForgetCommand();
            case "undelete" -> new UndeleteCommand();
            case "protect" -> new ProtectCommand();
            case "tag" -> new TagCommand();
            case "rewrite" -> new RewriteCommand();
            case "prune" -> new PruneCommand();
            case "export" -> new ExportCommand();
            case "import" -> new ImportCommand();
            case "init" -> new InitCommand();
            case "check" -> new CheckCommand();
            case "scrub" -> new ScrubCommand();
            case "repair" -> new RepairCommand();
            case "recover" -> new RecoverCommand();
            case "fingerprint" -> new FingerprintCommand();
            case "parity" -> new ParityCommand();
            case "rebuild-index" -> new RebuildIndexCommand();
            case "stats" -> new StatsCommand();
            case "key" -> new KeyCommand();
            case "help" -> new HelpCommand();
            case "completion" -> new CompletionCommand();
            default -> throw new IllegalArgumentException("no command " + name);
        };
    }
}
