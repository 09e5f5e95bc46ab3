package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.testkit.TreeCompare;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a snapshot takes and leaves out, as a person says it; why; and that nothing of it is deleted by a restore in place. */
class TakingTest extends ShellCase {
    @BeforeEach
    void makeRepository() {
        shell.run("init").expect(0);
    }

    private void file(String name, String text) throws IOException {
        Path file = source.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** The paths below the source in the newest snapshot. */
    private Set<String> taken(String... arguments) throws IOException {
        shell.run(arguments).expect(0);
        return shell.run("find", "*", "--snapshot", "latest", "--json").expect(0).array().stream()
                .map(entry -> (String) entry.get("path"))
                .filter(path -> path.startsWith(source + "/"))
                .map(path -> path.substring(source.toString().length() + 1))
                .collect(Collectors.toSet());
    }

    private static Map<?, ?> leftOut(Map<String, Object> document) {
        return (Map<?, ?>) Shell.require(document.get("leftOut"));
    }

    /** Of the source, unless another one is named. */
    private String explain(String path, String... options) {
        List<String> arguments = new ArrayList<>(List.of("explain", path));
        arguments.addAll(List.of(options));
        if (!arguments.contains("--source")) {
            arguments.addAll(List.of("--source", "source"));
        }
        return shell.run(arguments.toArray(new String[0])).expect(0).text().strip();
    }

    @Test
    void patternsAreThoseOfGit() throws IOException {
        file("src/a.o", "");
        file("src/keep.o", "");
        file("src/target/x", "");
        file("lib/src/target", "");
        file(" lead", "");
        Files.writeString(
                work.resolve("rules"), "# objects\n*.o\n!keep.o\n\ntarget/  \nsrc/nothing\n[open\n\\ lead\r\n");
        Shell.Outcome outcome =
                shell.run("snapshot", "source", "--exclude-file", "rules").expect(0);
        assertTrue(
                outcome.messages().contains(work + "/rules, line 7: the pattern \"[open\" fits nothing"),
                outcome.messages());
        assertTrue(
                outcome.messages()
                        .contains(
                                "/rules, line 6 is a path from the root, /src/nothing; to fit it anywhere write **/src/nothing"),
                outcome.messages());
        assertTrue(outcome.text().contains("left out 3 by --exclude"), outcome.text());
        Set<String> found = taken("snapshot", "source", "--exclude-file", "rules");
        assertTrue(found.containsAll(Set.of("src/keep.o", "lib/src/target", "a.txt")), found.toString());
        for (String absent : List.of("src/a.o", "src/target", "src/target/x", " lead")) {
            assertFalse(found.contains(absent), absent);
        }
        assertFalse(taken("snapshot", "source", "--exclude", "**/below/b.txt").contains("below/b.txt"));
        assertFalse(
                taken("snapshot", "source", "--exclude", source + "/below/*").contains("below/deep"));
        for (String never : List.of("[open", "", "!", "a\\")) {
            shell.run("snapshot", "source", "--exclude", never).expect(2);
        }
    }

    @Test
    void ignoreFilesTagsAndCounts() throws IOException {
        file(".packstoneignore", "*.log\n/below/deep/\n");
        file("a.log", "");
        file("below/.packstoneignore", "!b.log\n");
        file("below/b.log", "");
        file("nobackup/.nobackup", "");
        file("nobackup/x/y", "");
        file("cache/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55");
        file("cache/x", "");
        String[] arguments = {
            "snapshot",
            "source",
            "--exclude-if-present",
            ".nobackup",
            "--exclude-caches",
            "--exclude",
            "*.txt",
            "--json"
        };
        Map<String, Object> report = shell.run(arguments).expect(0).object();
        Map<String, Long> counts = Map.of(
                "own",
                0L,
                "exclude",
                2L,
                "ignoreFile",
                2L,
                "ifPresent",
                1L,
                "cache",
                1L,
                "fileSystem",
                0L,
                "largerThan",
                0L);
        assertEquals(counts, leftOut(report));
        Map<String, Object> listed =
                shell.run("snapshots", "--json").expect(0).array().get(0);
        assertEquals(counts, leftOut(listed));
        assertTrue(
                ((List<?>) Shell.require(listed.get("rules"))).containsAll(List.of("ignore=*.txt", "ignore=!b.log")));
        assertEquals(
                Set.of(
                        ".packstoneignore",
                        "below",
                        "below/.packstoneignore",
                        "below/b.log",
                        "cache",
                        "cache/CACHEDIR.TAG",
                        "link",
                        "nobackup",
                        "nobackup/.nobackup"),
                taken(arguments));
        assertTrue(taken("snapshot", "source", "--no-ignore-files").containsAll(Set.of("a.log", "below/deep/big.bin")));
        shell.run("snapshot", "source", "--exclude-if-present", "a/b").expect(2);
    }

    @Test
    void theLongListHasAllThatASnapshotSaysOfItself() throws IOException {
        file(".packstoneignore", "*.log\n");
        file("a.log", "");
        shell.run("snapshot", "source", "absent", "--strategy", "hybrid", "--exclude", "*.txt", "--tag", "nightly")
                .expect(3);
        String whole = shell.ids().get(0);
        shell.run("rewrite", whole, "--exclude", "big.bin").expect(0);
        List<String> lines =
                shell.run("snapshots", "--long").expect(0).text().lines().toList();
        assertEquals("snapshot " + whole, lines.get(0));
        for (String wanted : List.of(
                "tags        nightly",
                "strategy    full, where hybrid was asked for",
                "parent      none",
                "source      live",
                "status      degraded, 1 problem",
                "files       2 new, 0 changed, 0 unchanged",
                "left out    2 by --exclude, 1 by .packstoneignore files",
                "rules       ignore=*.txt")) {
            assertTrue(lines.contains("  " + wanted), wanted + " in " + lines);
        }
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("              " + work + "/absent: ")), lines + "");
        assertTrue(lines.stream().noneMatch(line -> line.contains("count")), lines + "");
        assertTrue(lines.contains("              left-out=" + repository), lines + "");
        int second = lines.lastIndexOf("  made from   " + whole);
        assertTrue(second > 0, lines.toString());
        assertTrue(lines.subList(second, lines.size()).contains("              ignore=big.bin"), lines.toString());
        assertEquals(
                2,
                lines.stream()
                        .filter(line -> line.equals("  strategy    full, where hybrid was asked for"))
                        .count());
    }

    /** Restores in place: what was not in the snapshot goes, what a rule left out of it does not. */
    @Test
    void aRestoreInPlaceDeletesNothingThatARuleLeftOut() throws IOException {
        file(".packstoneignore", "*.log\n");
        file("below/x.log", "kept");
        file("tagged/.no", "");
        file("tagged/precious", "kept");
        file("x.tmp", "kept");
        shell.run("snapshot", "source", "--exclude-if-present", ".no", "--exclude", "*.tmp")
                .expect(0);
        file("new.txt", "");
        file("below/new/y.log", "kept");
        file("below/new/z", "");
        Files.delete(source.resolve(".packstoneignore"));
        Files.delete(source.resolve("tagged/.no"));
        shell.run("restore", "latest", "--target", "/", "--include", source.toString(), "--delete")
                .expect(0);
        for (String kept : List.of("below/x.log", "tagged/precious", "x.tmp", "below/new/y.log")) {
            assertEquals("kept", Files.readString(source.resolve(kept)), kept);
        }
        assertFalse(Files.exists(source.resolve("new.txt")));
        assertFalse(Files.exists(source.resolve("below/new/z")));
        assertTrue(Files.exists(source.resolve(".packstoneignore")));
    }

    @Test
    void listsOfPathsAreTakenLiterally() throws IOException {
        file("odd\nname", "");
        file("#hash ", "");
        file("*", "");
        file("other", "");
        String list = source + "/odd\nname\0" + "source/#hash \0\0" + source + "/*\0";
        shell.input(list.getBytes(StandardCharsets.UTF_8));
        assertEquals(Set.of("odd\nname", "#hash ", "*"), taken("snapshot", "--files-from", "-"));
        Files.writeString(work.resolve("list"), source + "/#hash \n\nsource/*");
        assertEquals(Set.of("#hash ", "*"), taken("snapshot", "--files-from", "list", "--exclude", "*"));
        Files.writeString(work.resolve("list"), source + "/other\n" + source + "/absent\n");
        shell.run("snapshot", "--files-from", "list").expect(3);
    }

    @Test
    void manyPathsInOneSnapshot() throws IOException {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            file("many/" + i % 50 + "/" + i, "");
            list.append(source)
                    .append("/many/")
                    .append(i % 50)
                    .append('/')
                    .append(i)
                    .append('\n');
        }
        Files.writeString(work.resolve("list"), list);
        assertEquals(3000 + 51, taken("snapshot", "--files-from", "list").size());
        String table = shell.run("snapshots").expect(0).text();
        assertTrue(table.length() < 2000 && table.contains("and 2,99"), table);
        shell.input((source + "/" + "x".repeat(200) + "\n").repeat(30_000).getBytes(StandardCharsets.UTF_8));
        shell.run("snapshot", source.toString(), "--files-from", "-").expect(2);
        shell.run("restore", "latest", "--target", "again").expect(0);
        assertEquals(
                List.of(), TreeCompare.differences(source.resolve("many"), work.resolve("again" + source + "/many")));
    }

    @Test
    void explanations() throws IOException {
        file(".packstoneignore", "# no\n*.log\n");
        file("x.log", "");
        file("cache/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55");
        file("cache/x/y", "");
        Files.writeString(work.resolve("rules"), "a.txt\n!below/\n\nb.txt\n");
        assertEquals(source + "/a.txt is taken: no rule leaves it out", explain("source/a.txt"));
        assertEquals(source + " is taken: it was given", explain("source"));
        assertEquals(work + " is taken, but of what it holds only what was given", explain("."));
        assertEquals(repository + " is not taken: it is below none of the given paths", explain("repository"));
        assertEquals(
                source + "/a.txt is left out: --exclude '*.txt'", explain("source/a.txt", "--exclude", "*.txt", "-x"));
        assertEquals(
                source + "/a.txt is left out: 'a.txt' in " + work + "/rules, line 1",
                explain("source/a.txt", "--exclude-file", "rules"));
        assertEquals(
                source + "/below is taken: '!below/' in " + work + "/rules, line 2 takes it back",
                explain("source/below", "--exclude", "below", "--exclude-file", "rules"));
        assertEquals(
                source + "/below/deep/big.bin is left out with " + source + "/below: --exclude 'below'",
                explain("source/below/deep/big.bin", "--exclude", "below"));
        assertEquals(
                source + "/x.log is left out: '*.log' in " + source + "/.packstoneignore, line 2",
                explain("source/x.log"));
        assertEquals(source + "/x.log is taken: no rule leaves it out", explain("source/x.log", "--no-ignore-files"));
        assertEquals(
                source + "/cache/x/y is left out with " + source + "/cache: --exclude-caches, since " + source
                        + "/cache holds a CACHEDIR.TAG",
                explain("source/cache/x/y", "--exclude-caches"));
        assertEquals(
                source + "/below/deep is left out with " + source + "/below: --exclude-if-present b.txt, which "
                        + source + "/below holds",
                explain("source/below/deep", "--exclude-if-present", "b.txt"));
        assertEquals(
                source + "/below/deep/big.bin is left out: --exclude-larger-than 2M",
                explain("source/below/deep/big.bin", "--exclude-larger-than", "2M"));
        assertEquals(
                repository + " is left out: it is the repository or the cache", explain("repository", "--source", "."));
        assertEquals(
                source + "/link/x is not taken: " + source + "/link is no folder, and a link is not followed",
                explain("source/link/x"));
        assertEquals("/ is taken: it was given", explain("/", "--source", "/"));
        assertEquals(
                "given", shell.run("explain", "/", "--json").expect(0).object().get("reason"));
        shell.run("explain", "source/absent").expect(1);
        shell.run("explain").expect(2);
    }

    @Test
    void explanationsForScripts() throws IOException {
        file(".packstoneignore", "# no\n*.log\n");
        file("x.log", "");
        Map<String, Object> out = shell.run("explain", "source/x.log", "--json", "--source", "source")
                .expect(0)
                .object();
        assertEquals(source + "/x.log", out.get("path"));
        assertEquals(false, out.get("taken"));
        assertEquals("leftOut", out.get("reason"));
        Map<?, ?> rule = (Map<?, ?>) Shell.require(out.get("rule"));
        assertEquals("ignoreFile", rule.get("kind"));
        assertEquals("*.log", rule.get("pattern"));
        assertEquals(2L, rule.get("line"));
        assertEquals(source.toString(), rule.get("folder"));
        Map<String, Object> in = shell.run("explain", "source/a.txt", "--json", "--source", "source")
                .expect(0)
                .object();
        assertEquals(true, in.get("taken"));
        assertFalse(in.containsKey("rule"));
    }

    @Test
    void aCommandsOutputIsAFile() throws IOException {
        byte[] big = Files.readAllBytes(source.resolve("below/deep/big.bin"));
        shell.run("snapshot", "--command", "cat source/below/deep/big.bin", "--stdin-name", "big.sql")
                .expect(0);
        org.junit.jupiter.api.Assertions.assertArrayEquals(
                big, shell.run("cat", "latest:/big.sql").expect(0).output());
        shell.run("snapshot", "--command", "true", "--stdin-name", "empty").expect(0);
        assertEquals(2, shell.ids().size());
        for (String fails : List.of("cat source/below/deep/big.bin; exit 3", "kill -9 $$", "no-such-program-here")) {
            Shell.Outcome outcome = shell.run("snapshot", "--command", fails, "--stdin-name", "x")
                    .expect(1);
            String code = fails.startsWith("cat") ? "3" : fails.startsWith("kill") ? "137" : "127";
            assertTrue(
                    outcome.messages().contains("the command '" + fails + "' ended with exit code " + code),
                    outcome.messages());
            Map<String, Object> error = shell.run("snapshot", "--command", fails, "--json")
                    .expect(1)
                    .error();
            assertTrue(((String) Shell.require(error.get("message"))).contains("exit code " + code), error.toString());
        }
        assertEquals(2, shell.ids().size());
        shell.run("check", "--read-data").expect(0);
        shell.run("snapshot", "--command", "true", "source").expect(2);
        shell.run("snapshot", "--command", "true", "--stdin").expect(2);
        shell.run("snapshot", "source", "--stdin-name", "x").expect(2);
    }

    @Test
    void whatACommandSaysIsSeen() throws Exception {
        RealProgram program = RealProgram.of(work);
        program.environment.putAll(shell.environment);
        RealProgram.Outcome outcome = program.run(
                        "snapshot",
                        "--command",
                        "echo half; echo why it fails >&2; sleep 0.1; exit 9",
                        "--stdin-name",
                        "x")
                .expect(1);
        assertTrue(outcome.messages().contains("why it fails"), outcome.messages());
        assertTrue(outcome.messages().contains("exit code 9"), outcome.messages());
        assertEquals(List.of(), shell.ids());
    }
}
