package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.cli.setup.ExitCode;
import io.packstone.error.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parsing, help, failures: what needs no repository. */
class ProgramTest {
    private static final List<String> COMMANDS = List.of(
            "init",
            "snapshot",
            "watch",
            "explain",
            "export",
            "import",
            "snapshots",
            "restore",
            "ls",
            "find",
            "diff",
            "cat",
            "dump",
            "check",
            "scrub",
            "repair",
            "recover",
            "fingerprint",
            "parity",
            "rebuild-index",
            "stats",
            "key",
            "completion",
            "help");

    @TempDir
    Path folder;

    private Shell shell;

    @BeforeEach
    void openShell() {
        shell = new Shell(folder);
    }

    @Test
    void helpListsEveryCommand() {
        String help = shell.run("--help").expect(0).text();
        for (String command : COMMANDS) {
            assertTrue(help.contains("\n  " + command), command);
        }
        assertEquals(help, shell.run("help").expect(0).text());
    }

    @Test
    void everyCommandHasHelpTwoWays() {
        for (String command : COMMANDS) {
            String help = shell.run("help", command).expect(0).text();
            assertTrue(help.contains("packstone " + command), help);
            assertEquals(help, shell.run(command, "--help").expect(0).text());
        }
        for (String command : COMMANDS) {
            String help = shell.run("help", command).text();
            assertTrue(help.lines().allMatch(line -> line.length() <= 80), help);
        }
        assertTrue(shell.run("help").text().lines().allMatch(line -> line.length() <= 80));
        assertTrue(shell.run("help", "restore").text().contains("restore SNAP[:PATH] --target DIR [OPTIONS]"));
        for (String below : List.of("list", "add", "remove", "passwd", "recovery-sheet")) {
            assertTrue(shell.run("help", "key", below).expect(0).text().contains("packstone key " + below));
        }
    }

    @Test
    void nothingToDoIsAUsageError() {
        Shell.Outcome outcome = shell.run().expect(2);
        assertEquals("", outcome.text());
        assertTrue(outcome.messages().contains("packstone"), outcome.messages());
    }

    @Test
    void versionSaysFormatAndJava() {
        String version = shell.run("--version").expect(0).text();
        assertTrue(version.startsWith("packstone "), version);
        assertTrue(version.contains("format 1"), version);
        assertTrue(version.contains(System.getProperty("java.version")), version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frobnicate",
                "snapshots --frob",
                "snapshot",
                "snapshot --strategy partial x",
                "snapshot --full-every 7d x",
                "snapshot --strategy hybrid --full-every often x",
                "snapshot --strategy differential --parent latest x",
                "snapshot --strategy differential --stdin",
                "snapshot --mount x",
                "restore latest",
                "restore latest --target x --overwrite perhaps",
                "snapshots --last 0",
                "snapshots --last many",
                "ls",
                "diff one",
                "dump latest --format rar",
                "check --read-data=150%",
                "check --read-data=lots",
                "check --read-data=0",
                "check --read-data=5X",
                "init --chunk-average 65K",
                "init --compression brotli",
                "init --repo s3:host/bucket",
                "completion powershell",
                "key",
                "key remove abc",
                "help frobnicate",
                "snapshots --password-file a --key-file b --repo .",
                "snapshots --repo a --repo b",
                "prune --max-unused much",
                "forget --keep-within soon",
                "snapshot --command x y"
            })
    void whatMakesNoSenseIsRefused(String line) throws IOException {
        Files.createDirectories(folder.resolve("config"));
        Files.writeString(folder.resolve("config/1"), "so that secrets are looked at");
        Shell.Outcome outcome = shell.run(line.split(" ")).expect(2);
        assertEquals("", outcome.text());
        assertTrue(outcome.messages().startsWith("packstone: "), outcome.messages());
        assertEquals(1, outcome.messages().lines().count(), outcome.messages());
    }

    @Test
    void failuresAreJsonDocuments() throws IOException {
        Shell.Outcome usage = shell.run("snapshots", "--json", "--frob").expect(2);
        assertEquals(2L, usage.object().get("exitCode"));
        assertEquals("usage", usage.error().get("kind"));
        Shell.Outcome absent =
                shell.run("--json", "snapshots", "--repo", "nowhere").expect(10);
        assertEquals(10L, absent.object().get("exitCode"));
        assertEquals("noRepository", absent.error().get("kind"));
        assertTrue(absent.error().keySet().containsAll(List.of("kind", "message", "object", "path")));
        Shell.Outcome missing = shell.run("snapshot", "no-such-file", "--json").expect(1);
        assertEquals("source", missing.error().get("kind"));
        assertEquals(folder.toRealPath() + "/no-such-file", missing.error().get("path"));
    }

    @Test
    void noRepositoryIsMadeForNothing() {
        shell.run("snapshot", "no-such-file").expect(1);
        for (String command : List.of("snapshots", "stats", "check", "rebuild-index", "key list", "ls latest")) {
            shell.run(command.split(" ")).expect(10);
        }
        assertFalse(Files.exists(folder.resolve("home")));
    }

    @Test
    void traceOnlyWithDebug() {
        assertFalse(shell.run("snapshots", "--repo", "nowhere").messages().contains("\n    at "));
        assertTrue(shell.run("snapshots", "--repo", "nowhere", "--debug")
                .messages()
                .contains("\n    at "));
    }

    @Test
    void anAtSignIsNoFileOfArguments() throws IOException {
        Files.writeString(folder.resolve("arguments"), "--help");
        shell.run("snapshot", "@arguments").expect(1);
    }

    @ParameterizedTest
    @EnumSource(ErrorKind.class)
    void everyKindHasAnExitCode(ErrorKind kind) {
        int wanted = switch (kind) {
            case CORRUPTION, MISSING, LIMIT -> 4;
            case NO_REPOSITORY -> 10;
            case UNSUPPORTED_FORMAT -> 11;
            case UNLOCK -> 12;
            case BACKEND, OCCUPIED, NO_ROOM, NOT_FOUND -> 1;
        };
        assertEquals(wanted, ExitCode.of(kind).number());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completionIsAScriptOfTheShell(String name) throws Exception {
        String script = shell.run("completion", name).expect(0).text();
        for (String command : COMMANDS) {
            assertTrue(script.contains(command), command);
        }
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")));
        Path file = Files.writeString(folder.resolve("script"), script);
        Process process = new ProcessBuilder("bash", "-n", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), said);
    }

    @Test
    void fishCompletesEveryCommandAndOption() {
        String script = shell.run("completion", "fish").expect(0).text();
        for (String command : COMMANDS) {
            assertTrue(script.contains(" -a '" + command + "'"), command);
        }
        assertTrue(script.contains("-l one-file-system"), script);
        assertTrue(script.contains("-s x"), script);
        assertTrue(script.contains("__fish_seen_subcommand_from key; and __fish_seen_subcommand_from add"), script);
        assertNull(script.lines()
                .filter(line -> !line.startsWith("complete -c packstone") && !line.startsWith("#") && !line.isEmpty())
                .findFirst()
                .orElse(null));
    }
}
