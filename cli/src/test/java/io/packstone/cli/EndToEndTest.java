package io.packstone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.cli.setup.RawText;
import io.packstone.metadata.RawName;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whole stories, through the command line only, on a repository on disk. */
class EndToEndTest extends ShellCase {
    private static void assertSameTree(Path expected, Path actual) throws IOException {
        assertEquals(describe(expected), describe(actual));
    }

    private static List<String> describe(Path top) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> all = Files.walk(top)) {
            for (Path path : all.sorted().toList()) {
                String name = top.relativize(path).toString();
                if (Files.isSymbolicLink(path)) {
                    lines.add(name + " -> " + Files.readSymbolicLink(path));
                } else if (Files.isDirectory(path)) {
                    lines.add(name + "/");
                } else {
                    lines.add(name + " " + Files.getLastModifiedTime(path) + " "
                            + java.util.Arrays.hashCode(Files.readAllBytes(path)));
                }
            }
        }
        return lines;
    }

    /** Files that changed within two seconds before a snapshot are read again by the next: waits until they did not. */
    private static void settle() throws InterruptedException {
        Thread.sleep(2100);
    }

    @Test
    void theEmbeddedRepositoryIsMadeByTheFirstSnapshot() throws IOException {
        shell.environment.remove("PACKSTONE_KEY_FILE");
        shell.environment.remove("PACKSTONE_REPOSITORY");
        Shell.Outcome first = shell.run("snapshot", "source").expect(0);
        Path key = work.resolve("home/.config/packstone/default.key");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        assertTrue(first.messages().contains(key.toString()), first.messages());
        assertTrue(first.messages().contains("recovery-sheet"), first.messages());
        assertTrue(Files.isDirectory(work.resolve("home/.local/share/packstone/repository")));
        Shell.Outcome second = shell.run("snapshot", "source").expect(0);
        assertFalse(second.messages().contains("recovery-sheet"), second.messages());
        assertEquals(2, shell.run("snapshots", "--json").expect(0).array().size());
        shell.environment.put("PACKSTONE_PASSWORD", "wins over the key file");
        shell.run("snapshots").expect(12);
    }

    @Test
    void snapshotsTellWhatTheyTook() throws Exception {
        settle();
        assertEquals(
                32, ((String) shell.run("init", "--json").expect(0).object().get("repositoryId")).length());
        shell.run("init").expect(1);
        Map<String, Object> first = shell.run("snapshot", "source", "--tag", "x", "--tag", "y", "--json")
                .expect(0)
                .object();
        assertTrue(first.keySet()
                .containsAll(Set.of(
                        "snapshotId",
                        "parentId",
                        "filesNew",
                        "filesChanged",
                        "filesUnchanged",
                        "directories",
                        "bytesRead",
                        "bytesNew",
                        "bytesStored",
                        "errors",
                        "seconds",
                        "status")));
        assertEquals(3L, first.get("filesNew"));
        assertEquals(3_000_012L, first.get("bytesRead"));
        assertEquals("complete", first.get("status"));
        assertNull(first.get("parentId"));
        Files.writeString(source.resolve("a.txt"), "hello again\n");
        Map<String, Object> second =
                shell.run("backup", source.toString(), "--json").expect(0).object();
        assertEquals(first.get("snapshotId"), second.get("parentId"));
        assertEquals(1L, second.get("filesChanged"));
        assertEquals(2L, second.get("filesUnchanged"));
        assertEquals(12L, second.get("bytesRead"));

        List<Map<String, Object>> all = shell.run("list", "--json").expect(0).array();
        assertEquals(2, all.size());
        assertTrue(all.get(0)
                .keySet()
                .containsAll(Set.of("id", "time", "host", "user", "paths", "tags", "status", "files", "bytes")));
        assertEquals(List.of("x", "y"), all.get(0).get("tags"));
        assertEquals(List.of(source.toString()), all.get(0).get("paths"));
        assertEquals(1, shell.run("snapshots", "--tag", "x", "--json").array().size());
        assertEquals(
                0,
                shell.run("snapshots", "--host", "elsewhere", "--json").array().size());
        assertEquals(
                2, shell.run("snapshots", "--path", "source", "--json").array().size());
        assertEquals(
                second.get("snapshotId"),
                shell.run("snapshots", "--last", "1", "--json").array().get(0).get("id"));
        String table = shell.run("snapshots").expect(0).text();
        assertEquals(3, table.lines().count(), table);
        assertTrue(table.contains(((String) first.get("snapshotId")).substring(0, 10)), table);
    }

    @Test
    void snapshotsAreBrowsed() throws IOException {
        shell.run("init").expect(0);
        String first = snapshot();
        String below = source + "/below";
        String listing = shell.run("ls", "latest:" + source).expect(0).text();
        assertEquals(
                Set.of(source + "/a.txt", below, source + "/link"),
                Set.copyOf(listing.lines().toList()));
        List<Map<String, Object>> entries =
                shell.run("ls", "latest:" + below, "-r", "--json").expect(0).array();
        assertEquals(3, entries.size());
        Map<String, Object> file = entries.stream()
                .filter(entry -> entry.get("path").equals(below + "/b.txt"))
                .findFirst()
                .orElseThrow();
        assertEquals("file", file.get("type"));
        assertEquals(6L, file.get("size"));
        assertTrue(file.keySet().containsAll(Set.of("path", "type", "size", "mode", "mtime")));
        assertTrue(shell.run("ls", "latest", "-lr").expect(0).text().contains(source + "/link -> a.txt"));

        assertEquals(
                "hello\n",
                shell.run("cat", first.substring(0, 8) + ":" + source + "/a.txt")
                        .expect(0)
                        .text());
        assertEquals(
                "world\n",
                shell.run("cat", "latest:source/below/b.txt").expect(0).text());
        assertArrayEquals(
                Files.readAllBytes(source.resolve("below/deep/big.bin")),
                shell.run("cat", "latest:" + below + "/deep/big.bin").expect(0).output());
        shell.run("cat", "latest:" + below).expect(1);
        shell.run("cat", "latest").expect(2);
        shell.run("cat", "latest:/no/such").expect(1);
        shell.run("ls", "ffff").expect(1);
        byte[] tar = shell.run("dump", "latest:" + source).expect(0).output();
        assertEquals(0, tar.length % 512);
        assertTrue(tar.length > 3_000_000);
    }

    @Test
    void snapshotsAreCompared() throws IOException {
        String below = source + "/below";
        shell.run("init").expect(0);
        String first = snapshot();
        Files.writeString(source.resolve("a.txt"), "changed\n");
        Files.writeString(source.resolve("new.txt"), "new\n");
        Files.delete(source.resolve("below/b.txt"));
        String second = snapshot();
        assertNotEquals(first, second);
        List<String> diff =
                shell.run("diff", "latest~1", "latest").expect(0).text().lines().toList();
        assertTrue(diff.contains("M " + source + "/a.txt"), diff.toString());
        assertTrue(diff.contains("+ " + source + "/new.txt"), diff.toString());
        assertTrue(diff.contains("- " + below + "/b.txt"), diff.toString());
        assertFalse(diff.toString().contains("big.bin"), diff.toString());
        List<Map<String, Object>> changes =
                shell.run("diff", first, second, "--json").expect(0).array();
        assertEquals(diff.size(), changes.size());
        assertEquals(Set.of("path", "change"), changes.get(0).keySet());

        assertEquals(2, shell.run("find", "a.txt", "--json").expect(0).array().size());
        assertEquals(
                1,
                shell.run("find", "*.txt", "--snapshot", first, "--json").expect(0).array().stream()
                        .filter(entry -> entry.get("path").equals(below + "/b.txt"))
                        .count());
        assertEquals("", shell.run("find", "nothing").expect(0).text());
    }

    @Test
    void namesThatAreNotTextGoThereAndBack() throws Exception {
        RawName odd =
                RawName.takeOver((source + "/odd\u00ff\u00fe").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        Files.writeString(RawText.path(odd), "odd");
        shell.run("init").expect(0);
        shell.run("snapshot", RawText.decode(odd.array()), "--quiet").expect(0);
        Map<String, Object> entry =
                shell.run("find", "odd*", "--json").expect(0).array().get(0);
        assertArrayEquals(odd.array(), java.util.Base64.getDecoder().decode((String) entry.get("pathBytes")));
        assertTrue(shell.run("ls", "latest:" + source).expect(0).text().contains("odd\\xff\\xfe"));
        assertEquals(
                "odd",
                shell.run("cat", "latest:" + RawText.decode(odd.array()))
                        .expect(0)
                        .text());
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.writeBytes(odd.array());
        list.write('\n');
        shell.input(list.toByteArray());
        assertEquals(
                1L,
                shell.run("snapshot", "--files-from", "-", "--json")
                        .expect(0)
                        .object()
                        .get("filesUnchanged"));
    }

    @Test
    void restoresBringEverythingBack() throws IOException {
        shell.run("init").expect(0);
        snapshot();
        Map<String, Object> report = shell.run("restore", "latest", "--target", "back", "--json")
                .expect(0)
                .object();
        assertTrue(report.keySet()
                .containsAll(Set.of(
                        "filesRestored",
                        "filesUnchanged",
                        "filesDeleted",
                        "bytesWritten",
                        "bytesReused",
                        "errors",
                        "seconds")));
        assertEquals(3L, report.get("filesRestored"));
        assertSameTree(source, work.resolve("back" + source));
        assertEquals(
                3L,
                shell.run("restore", "latest", "--target", "back", "--json")
                        .object()
                        .get("filesUnchanged"));
        shell.run("restore", "latest:" + source + "/below", "--target", "part").expect(0);
        assertSameTree(source.resolve("below"), work.resolve("part"));
        shell.run("restore", "latest:" + source + "/a.txt", "--target", "one").expect(0);
        assertEquals("hello\n", Files.readString(work.resolve("one/a.txt")));
        shell.run("restore", "latest", "--target", "dry", "--dry-run").expect(0);
        assertFalse(Files.exists(work.resolve("dry/source")));
        shell.run("restore", "latest:" + source, "--target", "/").expect(2);
        Files.writeString(source.resolve("a.txt"), "spoilt");
        shell.run("restore", "latest", "--target", "/", "--include", source + "/a.txt")
                .expect(0);
        assertEquals("hello\n", Files.readString(source.resolve("a.txt")));
    }

    @Test
    void standardInputIsAFile() throws IOException {
        shell.run("init").expect(0);
        shell.input("from a pipe".getBytes(UTF_8));
        shell.run("snapshot", "--stdin", "--stdin-name", "dump.sql").expect(0);
        String path = shell.run("find", "dump.sql", "--json")
                .array()
                .get(0)
                .get("path")
                .toString();
        assertEquals("from a pipe", shell.run("cat", "latest:" + path).expect(0).text());
    }

    @Test
    void rulesLeaveOut() throws IOException {
        shell.run("init").expect(0);
        Files.writeString(work.resolve("rules"), "# a comment\n\nb.txt\n");
        shell.run(
                        "snapshot",
                        "source",
                        "--exclude-file",
                        "rules",
                        "--exclude-larger-than",
                        "1M",
                        "--exclude",
                        "/nothing")
                .expect(0);
        String listing = shell.run("ls", "latest", "-r").text();
        assertTrue(listing.contains("a.txt"));
        assertFalse(listing.contains("b.txt"), listing);
        assertFalse(listing.contains("big.bin"), listing);
        Shell.Outcome all = shell.run("snapshot", ".").expect(0);
        assertTrue(all.messages().contains("leaving out the repository"), all.messages());
        assertFalse(shell.run("ls", "latest", "-r").text().contains("repository/config"));
        String before = shell.run("snapshots", "--json").text();
        assertNull(shell.run("snapshot", "source", "--dry-run", "--json")
                .expect(0)
                .object()
                .get("snapshotId"));
        assertEquals(before, shell.run("snapshots", "--json").text());
    }

    @Test
    void whatIsMissingMakesASnapshotDegraded() throws IOException {
        shell.run("init").expect(0);
        shell.run("snapshot", "absent").expect(1);
        Shell.Outcome outcome =
                shell.run("snapshot", "source", "absent", "--json").expect(3);
        assertEquals("degraded", outcome.object().get("status"));
        assertEquals(1L, outcome.object().get("errors"));
        Shell.Outcome told =
                shell.run("snapshot", "source", "absent", "--quiet").expect(3);
        assertEquals(
                1,
                told.messages().lines().filter(line -> line.contains("/absent")).count(),
                told.messages());
        assertTrue(shell.run("ls", "latest:" + source).expect(0).messages().contains("degraded"));
    }

    @Test
    void keysComeAndGo() throws IOException {
        usePassword();
        shell.run("init").expect(0);
        snapshot();
        String firstSlot = (String)
                shell.run("key", "list", "--json").expect(0).array().get(0).get("id");
        shell.run("key", "remove", firstSlot).expect(1);
        shell.run("key", "add", "--new-key-file", "my.key").expect(0);
        String sheet = shell.run("key", "recovery-sheet").expect(0).text();
        Files.writeString(work.resolve("sheet.txt"), sheet.toLowerCase(java.util.Locale.ROOT));
        assertTrue(sheet.contains("    place        " + work.resolve("repository")), sheet);
        assertTrue(sheet.lines().allMatch(line -> line.length() < 80 || line.contains("--repo")), sheet);
        Files.writeString(work.resolve("next"), "battery staple\n");
        shell.run("key", "passwd", "--new-password-file", "next").expect(0);
        assertEquals(12L, shell.run("snapshots", "--json").expect(12).object().get("exitCode"));
        assertEquals("unlock", shell.run("snapshots", "--json").error().get("kind"));
        assertEquals(1, shell.run("snapshots").messages().lines().count());
        shell.run("snapshots", "--password-file", "next").expect(0);
        shell.run("snapshots", "--key-file", "my.key").expect(0);
        String[] words = sheet.lines()
                .filter(line -> line.matches(" {4,5}\\d.*"))
                .reduce("", String::concat)
                .replaceAll("[^a-z ]", "")
                .strip()
                .split(" +");
        assertEquals(26, words.length);
        Files.writeString(work.resolve("words.txt"), String.join("\n", words));
        shell.run("snapshots", "--key-file", "sheet.txt").expect(0);
        shell.run("restore", "latest", "--key-file", "words.txt", "--target", "restored")
                .expect(0);
        words[6] = words[6].equals("zoo") ? "zone" : "zoo";
        Files.writeString(work.resolve("words.txt"), String.join("\n", words));
        String slip =
                shell.run("snapshots", "--key-file", "words.txt").expect(12).messages();
        assertTrue(slip.contains("word 7 of the recovery sheet"), slip);
        assertEquals(
                3,
                shell.run("key", "list", "--key-file", "my.key", "--json")
                        .array()
                        .size());
        shell.environment.remove("PACKSTONE_PASSWORD");
        shell.run("snapshots").expect(12);
        shell.typed.add("battery staple");
        shell.run("snapshots").expect(0);
        String slot = shell.run("key", "list", "--key-file", "my.key", "--json").array().stream()
                .filter(entry -> entry.get("kind").equals("password"))
                .findFirst()
                .orElseThrow()
                .get("id")
                .toString();
        shell.run("key", "remove", slot.substring(0, 12), "--key-file", "my.key")
                .expect(0);
        shell.run("snapshots", "--password-file", "next").expect(12);
    }

    @Test
    void theIndexIsOnlyACache() throws IOException {
        shell.run("init").expect(0);
        snapshot();
        Map<String, Object> stats = shell.run("stats", "--json").expect(0).object();
        assertEquals(
                Set.of("snapshots", "files", "bytes", "chunks", "bytesUnique", "bytesStored", "packs"), stats.keySet());
        assertEquals(3L, stats.get("files"));
        assertEquals(3_000_012L, stats.get("bytes"));
        shell.run("rebuild-index").expect(0);
        assertEquals(stats, shell.run("stats", "--json").object());
        assertEquals(stats, shell.run("stats", "--json", "--no-cache").object());
        assertEquals(
                "hello\n",
                shell.run("cat", "latest:source/a.txt", "--cache-dir", "other")
                        .expect(0)
                        .text());
        assertTrue(shell.run("stats").expect(0).text().contains("snapshots"));
    }

    @Test
    void damageIsFoundAndNamed() throws IOException {
        byte[] blocks = new byte[9_000_000];
        new Random(6).nextBytes(blocks);
        Files.write(source.resolve("below/deep/big.bin"), blocks);
        shell.run("init").expect(0);
        snapshot();
        Map<String, Object> good =
                shell.run("check", "--read-data", "--json").expect(0).object();
        assertEquals("ok", good.get("status"));
        assertEquals(List.of(), good.get("errors"));
        assertTrue((long) good.get("bytesRead") > 3_000_000);
        long least = (long) shell.run("check", "--read-data=1K", "--json")
                .expect(0)
                .object()
                .get("bytesRead");
        assertTrue(least > 0 && least < (long) good.get("bytesRead"), least + " bytes");
        assertTrue(shell.run("help", "check").text().contains("--read-data[=N%|SIZE]"));
        Path pack;
        try (Stream<Path> packs = Files.walk(work.resolve("repository/packs"))) {
            pack = packs.filter(Files::isRegularFile)
                    .max(java.util.Comparator.comparingLong(
                            file -> file.toFile().length()))
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length / 2] ^= 1;
        assertTrue(pack.toFile().setWritable(true));
        Files.write(pack, bytes);
        Map<String, Object> bad =
                shell.run("check", "--read-data", "--json").expect(4).object();
        assertEquals("damaged", bad.get("status"));
        String errors = String.valueOf(bad.get("errors"));
        assertTrue(errors.contains(pack.getFileName().toString()), errors);
        assertTrue(errors.contains("big.bin"), errors);
        shell.run("restore", "latest", "--target", "back").expect(4);
        assertEquals("world\n", Files.readString(work.resolve("back" + source + "/below/b.txt")));
        Files.delete(pack);
        shell.run("check").expect(4);
        shell.run("cat", "latest:source/below/deep/big.bin", "--json").expect(4);
    }

    @Test
    void aNewerFormatIsRefused() throws IOException {
        shell.run("init").expect(0);
        for (String name : List.of("config/1", "config/1.b")) {
            Path config = work.resolve("repository").resolve(name);
            byte[] bytes = Files.readAllBytes(config);
            bytes[9] = 2;
            java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
            crc.update(bytes, 0, 28);
            for (int i = 0; i < 4; i++) {
                bytes[28 + i] = (byte) (crc.getValue() >>> 8 * i);
            }
            assertTrue(config.toFile().setWritable(true));
            Files.write(config, bytes);
        }
        assertEquals(
                "unsupportedFormat",
                shell.run("snapshots", "--json").expect(11).error().get("kind"));
    }

    /** What this test runs on, whoever runs it. */
    private static String classPath() {
        String surefire = System.getProperty("surefire.test.class.path");
        if (surefire == null && Main.class.getClassLoader() instanceof URLClassLoader loader) {
            return Stream.of(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator));
        }
        return surefire == null ? System.getProperty("java.class.path") : surefire;
    }

    private ProcessBuilder process(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                classPath(),
                "io.packstone.cli.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PACKSTONE_") || name.startsWith("XDG_"));
        builder.environment().putAll(shell.environment);
        return builder.redirectErrorStream(true);
    }

    @Test
    void twoProcessesAtOnceBothSucceed() throws Exception {
        shell.run("init").expect(0);
        Process one = process("snapshot", "source").start();
        Process two = process("snapshot", "source").start();
        String saidOne = new String(one.getInputStream().readAllBytes(), UTF_8);
        String saidTwo = new String(two.getInputStream().readAllBytes(), UTF_8);
        assertTrue(one.waitFor(60, TimeUnit.SECONDS) && two.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, one.exitValue(), saidOne);
        assertEquals(0, two.exitValue(), saidTwo);
        assertEquals(2, shell.run("snapshots", "--json").expect(0).array().size());
        shell.run("check", "--read-data").expect(0);
    }

    @Test
    void aSignalEndsARunWithItsOwnCode() throws Exception {
        shell.run("init").expect(0);
        for (Map.Entry<String, Integer> signal : Map.of("INT", 130, "TERM", 143).entrySet()) {
            // Standard input that never ends keeps the snapshot waiting.
            Process process = process("snapshot", "--stdin", "--json")
                    .redirectErrorStream(false)
                    .redirectError(new File(work.toFile(), "messages"))
                    .redirectOutput(new File(work.toFile(), "output"))
                    .start();
            process.getOutputStream().write(new byte[100]);
            process.getOutputStream().flush();
            Thread.sleep(3000);
            assertTrue(process.isAlive());
            String pid = Long.toString(process.pid());
            assertEquals(
                    0,
                    new ProcessBuilder("kill", "-" + signal.getKey(), pid)
                            .start()
                            .waitFor());
            boolean ended = process.waitFor(20, TimeUnit.SECONDS);
            process.destroyForcibly();
            assertTrue(ended);
            assertEquals(signal.getValue(), process.exitValue(), Files.readString(work.resolve("messages")));
            Object code = Shell.require(Shell.json(Files.readString(work.resolve("output"))));
            assertEquals((long) signal.getValue(), ((Map<?, ?>) code).get("exitCode"));
        }
        assertEquals(List.of(), shell.run("snapshots", "--json").expect(0).array());
        shell.run("snapshot", "source").expect(0);
        shell.run("check").expect(0);
    }

    @Test
    void rawArgumentsReachAProcessInEveryLocale() throws Exception {
        RawName odd = RawName.takeOver((source + "/odd\u00ff").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        Files.writeString(RawText.path(odd), "odd");
        shell.run("init").expect(0);
        String script = "exec \"$@\" \"$(printf '" + source + "/odd\\377')\"";
        for (String locale : List.of("C", "C.UTF-8")) {
            List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
            ProcessBuilder inner = process("snapshot", "--quiet");
            command.addAll(inner.command());
            inner.command(command).environment().put("LC_ALL", locale);
            Process process = inner.start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue(), said);
        }
        assertEquals(2, shell.run("find", "odd*", "--json").array().size());
    }
}
