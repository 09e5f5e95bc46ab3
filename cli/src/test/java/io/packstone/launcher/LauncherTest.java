package io.packstone.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a small checkout of its own, with a Maven and a Java that only write down what they were asked. */
class LauncherTest {
    private static final Path LAUNCHER =
            Path.of("..", "packstone").toAbsolutePath().normalize();
    private static final List<String> TOOLS = List.of(
            "sh",
            "find",
            "head",
            "date",
            "mkdir",
            "cp",
            "mv",
            "ln",
            "rm",
            "rmdir",
            "sleep",
            "readlink",
            "uname",
            "touch",
            "grep",
            "sed",
            "awk",
            "mktemp",
            "cat",
            "env",
            "flock");

    @TempDir
    Path folder;

    private Path checkout;
    private Path tools;
    private final Map<String, String> environment = new TreeMap<>();

    private record Outcome(int code, String out, String err) {}

    @BeforeEach
    void makeCheckout() throws IOException {
        checkout = folder.resolve("a checkout");
        for (String module : List.of("store", "cli")) {
            Path sources = Files.createDirectories(checkout.resolve(module + "/src/main/java"));
            Files.writeString(sources.resolve("A.java"), "class A {}");
            Files.writeString(checkout.resolve(module + "/pom.xml"), "<project/>");
        }
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        Files.copy(LAUNCHER, checkout.resolve("packstone"));
        tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : TOOLS) {
            for (String place : List.of("/usr/bin/", "/bin/")) {
                if (Files.exists(Path.of(place + tool))) {
                    script(tools.resolve(tool), "exec " + place + tool + " \"$@\"\n");
                }
            }
        }
        script(tools.resolve("mvn"), """
                echo built >> "$HOME/builds"
                echo "noise of maven"
                sleep 0.3
                [ -e "$HOME/broken" ] && echo "[ERROR] does not compile" && exit 1
                mkdir -p cli/target/launcher/packstone/lib cli/target/launcher/packstone/native
                : > cli/target/launcher/packstone/lib/packstone-cli.jar
                : > cli/target/launcher/packstone/stamp
                """);
        environment.put("PATH", tools.toString());
        environment.put("HOME", folder.toString());
        environment.put("PACKSTONE_JAVA_HOME", java("99.0.1", "jdk-99").toString());
    }

    @Test
    void buildsOnFirstUseAndThenNoMore() throws Exception {
        Outcome first = run("snapshots");
        assertEquals(0, first.code, first.err);
        assertTrue(first.err.matches("packstone: building \\(first use; log: .*build\\.log\\)\n"), first.err);
        Outcome second = run("snapshots");
        assertEquals("", second.err);
        assertEquals(1, builds());
    }

    @Test
    void buildsAgainWhenASourceIsNewerOrGone() throws Exception {
        run("ls");
        Path source = checkout.resolve("store/src/main/java/A.java");
        Files.writeString(source, "class A { int a; }");
        assertTrue(run("ls").err.contains("sources have changed"));
        Files.delete(source);
        run("ls");
        run("ls");
        assertEquals(3, builds());
    }

    @Test
    void aSourceFromTheFutureIsBuiltOnce() throws Exception {
        Path source = checkout.resolve("cli/src/main/java/A.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.parse("2099-01-01T00:00:00Z")));
        run("ls");
        run("ls");
        assertEquals(1, builds());
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        manyAtOnce();
    }

    @Test
    void twoAtOnceBuildOnceWithoutFlock() throws Exception {
        Files.delete(tools.resolve("flock"));
        Files.createDirectories(checkout.resolve("target/launcher"));
        // The lock of a holder that died: no process has a number this large.
        Files.createSymbolicLink(checkout.resolve("target/launcher/holder"), Path.of("99999999"));
        manyAtOnce();
        assertFalse(Files.isSymbolicLink(checkout.resolve("target/launcher/holder")));
    }

    private void manyAtOnce() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(start("ls"));
        }
        for (Process process : processes) {
            assertEquals(0, finish(process).code);
        }
        assertEquals(1, builds());
    }

    @Test
    void aFailedBuildShowsItsLog() throws Exception {
        Files.createFile(folder.resolve("broken"));
        Outcome outcome = run("ls");
        assertEquals(1, outcome.code);
        assertEquals("", outcome.out);
        assertTrue(outcome.err.contains("[ERROR] does not compile"), outcome.err);
        assertTrue(
                outcome.err.contains("the build failed; see " + checkout + "/target/launcher/build.log"), outcome.err);
        Files.delete(folder.resolve("broken"));
        assertEquals(0, run("ls").code);
    }

    @Test
    void aBuildByHandServes() throws Exception {
        Path layout = Files.createDirectories(checkout.resolve("cli/target/packstone"));
        Files.createDirectories(layout.resolve("native"));
        Files.createFile(Files.createDirectories(layout.resolve("lib")).resolve("packstone-cli.jar"));
        Files.createFile(layout.resolve("stamp"));
        Outcome outcome = run("ls");
        assertEquals("", outcome.err);
        assertEquals(0, outcome.code);
        assertFalse(Files.exists(folder.resolve("builds")));
    }

    @Test
    void argumentsArriveAsTheyWereGiven() throws Exception {
        Outcome outcome = run("find", "*.java", "two words", "", "$HOME", "a\nb");
        assertTrue(
                outcome.out.endsWith("[io.packstone.cli.Main]\n[find]\n[*.java]\n[two words]\n[]\n[$HOME]\n[a\nb]\n"),
                outcome.out);
        assertTrue(outcome.out.contains("LC_ALL=C.UTF-8\n"), outcome.out);
    }

    @Test
    void optionsForTheJvmWin() throws Exception {
        environment.put("PACKSTONE_JAVA_OPTS", "-Xmx2g -XX:+UseParallelGC");
        String out = run("snapshot", "docs").out;
        assertTrue(out.indexOf("[-Xmx2g]") > out.indexOf("[-Xmx256m]"), out);
        assertTrue(out.contains("[-XX:+UseParallelGC]"), out);
        assertFalse(out.contains("[-XX:+UseSerialGC]"), out);
    }

    @Test
    void onlyLightCommandsStopAtTheFirstCompiler() throws Exception {
        assertTrue(run("--version").out.contains("TieredStopAtLevel=1"));
        assertTrue(run("help", "snapshot").out.contains("TieredStopAtLevel=1"));
        assertFalse(run("--repo", "help-desk", "snapshot", "docs").out.contains("TieredStopAtLevel"));
        assertTrue(run("--json", "snapshots", "--path", "restore").out.contains("TieredStopAtLevel=1"));
        assertFalse(run("check").out.contains("TieredStopAtLevel"));
    }

    @Test
    void theNewestJavaRuns() throws Exception {
        environment.remove("PACKSTONE_JAVA_HOME");
        environment.put("JAVA_HOME", java("97.0.9", "older").toString());
        java("97.0.10", ".sdkman/candidates/java/newest");
        java("1.8.0_402", ".sdkman/candidates/java/ancient");
        assertTrue(run("ls").out.contains("java 97.0.10\n"));
        environment.put("JAVA_HOME", java("97.1.0", "newer").toString());
        assertTrue(run("ls").out.contains("java 97.1.0\n"));
    }

    @Test
    void aJavaTooOldIsRefused() throws Exception {
        environment.put("PACKSTONE_JAVA_HOME", java("11.0.2", "old").toString());
        Outcome outcome = run("ls");
        assertEquals(1, outcome.code);
        assertTrue(outcome.err.contains("is no Java of version 17 or newer"), outcome.err);
    }

    @Test
    void itMayBeCalledThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("ps"), checkout.resolve("packstone"));
        assertEquals(0, finish(process(List.of(link.toString(), "ls"))).code);
        assertTrue(Files.exists(checkout.resolve("target/launcher/current")));
    }

    @Test
    void aBuildInUseIsKept() throws Exception {
        Files.createFile(folder.resolve("linger"));
        Process lingering = start("watch");
        Path used = await("classpath");
        for (int i = 0; i < 3; i++) {
            Files.writeString(checkout.resolve("store/src/main/java/A.java"), "class A { int a" + i + "; }");
            assertEquals(0, run("ls").code);
        }
        assertTrue(Files.exists(used), used + " went while a process ran from it");
        Files.delete(folder.resolve("linger"));
        finish(lingering);
    }

    @Test
    @Tag("launcher")
    void theRealOneSaysItsVersion() throws Exception {
        Process process = new ProcessBuilder(LAUNCHER.toString(), "--version").start();
        Outcome outcome = finish(process);
        assertEquals(0, outcome.code, outcome.err);
        assertTrue(outcome.out.startsWith("packstone "), outcome.out);
    }

    @Test
    @Tag("launcher")
    void theRealOneLeavesNothingInTheTemporaryFolder() throws Exception {
        Path temporary = Files.createDirectories(folder.resolve("temporary"));
        Path home = Files.createDirectories(folder.resolve("home"));
        ProcessBuilder builder = new ProcessBuilder(LAUNCHER.toString(), "snapshot", checkout.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("PACKSTONE_") || name.startsWith("XDG_"));
        builder.environment().put("HOME", home.toString());
        builder.environment().put("PACKSTONE_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
        Outcome outcome = finish(builder.start());
        assertEquals(0, outcome.code, outcome.err);
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList());
        }
    }

    /** A Java that prints its arguments, one a line, and lingers on {@code watch} while asked to. */
    private Path java(String version, String name) throws IOException {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/javac"), "exit 0\n");
        script(home.resolve("bin/java"), "echo java " + version + """

                echo "LC_ALL=$LC_ALL"
                for word; do
                    echo "[$word]"
                    case $word in */lib/*.jar) [ -e "$HOME/linger" ] && echo "$word" > "$HOME/classpath" ;; esac
                done
                case $word in watch) while [ -e "$HOME/linger" ]; do sleep 0.1; done ;; esac
                """);
        return home;
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path await(String name) throws Exception {
        Path file = folder.resolve(name);
        for (int i = 0; i < 200 && (!Files.exists(file) || Files.size(file) == 0); i++) {
            Thread.sleep(50);
        }
        return Path.of(Files.readString(file).strip());
    }

    private int builds() throws IOException {
        return Files.readAllLines(folder.resolve("builds")).size();
    }

    private Outcome run(String... words) throws Exception {
        return finish(start(words));
    }

    private Process start(String... words) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(checkout.resolve("packstone").toString()));
        command.addAll(List.of(words));
        return process(command);
    }

    private Process process(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Outcome finish(Process process) throws Exception {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the launcher hangs");
        return new Outcome(process.exitValue(), out, err);
    }
}
