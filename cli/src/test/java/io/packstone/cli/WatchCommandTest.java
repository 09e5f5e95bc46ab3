package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A watch as a process: what it stores, what its health file says, and how it ends. */
class WatchCommandTest extends ShellCase {
    private static final int SECONDS_MAX = 60;

    /** As the text format 0.0.4 has it: a comment about a metric, or a metric without labels and its value. */
    private static final Pattern HELP = Pattern.compile("# HELP ([a-z_]+) [^\\\\]+");

    private static final Pattern TYPE = Pattern.compile("# TYPE ([a-z_]+) (gauge|counter)");
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+) ([0-9]+(?:\\.[0-9]+)?)");

    private RealProgram program;
    private Path health;

    /** Those that were started, to be ended if a test fails. */
    private RealProgram.@org.jspecify.annotations.Nullable Running running;

    @BeforeEach
    void makeRepository() {
        shell.run("init").expect(0);
        program = RealProgram.of(work);
        program.environment.putAll(shell.environment);
        health = work.resolve("health.prom");
    }

    @AfterEach
    void end() {
        if (running != null) {
            running.process.destroyForcibly();
        }
    }

    private RealProgram.Running watch(String... more) throws IOException {
        List<String> arguments = new java.util.ArrayList<>(List.of("watch", "source", "--health", "health.prom"));
        arguments.addAll(List.of(more));
        running = program.start(arguments.toArray(new String[0]));
        return running;
    }

    /** What the health file says; fails when a scraper could not read it. */
    private Map<String, Double> health() throws IOException {
        Map<String, Double> values = new TreeMap<>();
        String text = Files.readString(health);
        assertTrue(text.endsWith("\n"), text);
        Map<String, String> types = new HashMap<>();
        Set<String> helped = new java.util.HashSet<>();
        for (String line : text.split("\n")) {
            Matcher help = HELP.matcher(line);
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (help.matches()) {
                assertTrue(helped.add(help.group(1)), line);
            } else if (type.matches()) {
                assertEquals(null, types.put(type.group(1), type.group(2)), line);
            } else {
                assertTrue(sample.matches(), line);
                String name = sample.group(1);
                assertTrue(name.startsWith("packstone_watch_"), line);
                assertTrue(helped.contains(name), line);
                assertEquals(name.endsWith("_total") ? "counter" : "gauge", types.get(name), line);
                assertEquals(null, values.put(name.substring(16), Double.valueOf(sample.group(2))), line);
            }
        }
        assertEquals(types.keySet(), helped);
        assertEquals(types.size(), values.size());
        return values;
    }

    private interface Condition {
        boolean holds(Map<String, Double> values);
    }

    /** Waits until the health file says so; what it says then. */
    private Map<String, Double> await(Condition condition) throws IOException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        Map<String, Double> values = Map.of();
        while (System.nanoTime() < until) {
            if (Files.exists(health)) {
                values = health();
                if (condition.holds(values)) {
                    return values;
                }
            }
            Thread.sleep(20);
        }
        throw new AssertionError("the health file still says " + values);
    }

    private static Condition atLeast(String name, double value) {
        return values -> values.get(name) >= value;
    }

    private boolean isStored(String path, String text) {
        Shell.Outcome outcome = shell.run("cat", "latest:" + source.resolve(path));
        return outcome.code() == 0 && outcome.text().equals(text);
    }

    private String stored(String path) {
        return shell.run("cat", "latest:" + source.resolve(path)).expect(0).text();
    }

    @Test
    void whatChangesIsSoonInASnapshot() throws Exception {
        double begun = System.currentTimeMillis() / 1000.0;
        RealProgram.Running watch = watch("--settle", "0", "--tag", "mine", "--json");
        double first = await(atLeast("snapshots_total", 1)).get("last_success_timestamp_seconds");
        assertTrue(first >= Math.floor(begun) && first <= System.currentTimeMillis() / 1000.0 + 1, first + "");
        Files.writeString(source.resolve("a.txt"), "changed\n");
        Files.createDirectories(source.resolve("new/folder"));
        Files.writeString(source.resolve("new/folder/c.txt"), "new\n");
        Map<String, Double> after = await(values -> values.get("snapshots_total") >= 2
                && values.get("pending_changes") == 0
                && isStored("a.txt", "changed\n")
                && isStored("new/folder/c.txt", "new\n"));
        assertEquals("world\n", stored("below/b.txt"));
        assertTrue(after.get("last_success_timestamp_seconds") > first);
        assertEquals(0, after.get("lag_seconds"));
        assertEquals(0, after.get("errors_total"));
        assertEquals(0, after.get("failing"));
        assertEquals(0, after.get("folders_unwatched"));
        assertTrue(after.get("folders_watched") >= 5, after.toString());
        watch.process.destroy();
        RealProgram.Outcome outcome = watch.end(SECONDS_MAX).expect(0);
        List<Map<String, Object>> listed =
                shell.run("snapshots", "--json").expect(0).array();
        assertEquals(listed.size(), outcome.output().lines().count(), outcome.output());
        int i = 0;
        for (String line : outcome.output().lines().toList()) {
            Map<?, ?> report = (Map<?, ?>) Shell.require(Shell.json(line));
            assertEquals(listed.get(i).get("id"), report.get("snapshotId"));
            assertEquals(i == 0, report.get("whole"));
            assertEquals("complete", report.get("status"));
            assertEquals(Set.of("mine", "watch"), Set.copyOf((List<?>)
                    Shell.require(listed.get(i++).get("tags"))));
        }
    }

    @Test
    void aSignalEndsItWithALastSnapshot() throws Exception {
        RealProgram.Running watch = watch("--settle", "0", "--every", "1h");
        await(atLeast("snapshots_total", 1));
        Files.writeString(source.resolve("last.txt"), "word\n");
        Map<String, Double> waiting = await(values -> values.get("lag_seconds") > 0);
        assertEquals(1, waiting.get("snapshots_total"));
        assertEquals(1, waiting.get("pending_changes"));
        assertEquals(1, shell.ids().size());
        watch.process.destroy();
        RealProgram.Outcome outcome = watch.end(SECONDS_MAX).expect(0);
        assertEquals(2, shell.ids().size());
        assertEquals("word\n", stored("last.txt"));
        assertEquals(2, health().get("snapshots_total"));
        assertEquals(0, health().get("lag_seconds"));
        assertEquals(2, outcome.output().lines().count(), outcome.output());
        assertEquals("", outcome.messages().replaceAll("warning: the repository is on the same disk .*\n", ""));
    }

    @Test
    void aRepositoryThatGoesAwayIsWaitedFor() throws Exception {
        RealProgram.Running watch = watch("--settle", "0");
        double before = await(atLeast("snapshots_total", 1)).get("last_success_timestamp_seconds");
        Path away = work.resolve("away");
        Files.move(repository, away);
        Files.writeString(source.resolve("a.txt"), "while it was away\n");
        Map<String, Double> gone = await(atLeast("errors_total", 1));
        assertEquals(1, gone.get("failing"));
        assertEquals(1, gone.get("snapshots_total"));
        assertTrue(gone.get("pending_changes") >= 1, gone.toString());
        assertTrue(gone.get("lag_seconds") > 0, gone.toString());
        assertEquals(gone.get("last_success_timestamp_seconds"), health().get("last_success_timestamp_seconds"));
        assertFalse(Files.exists(repository), "what was put there would be in the way of the repository");
        Files.move(away, repository);
        Map<String, Double> back = await(values -> values.get("failing") == 0);
        assertEquals("while it was away\n", stored("a.txt"));
        assertEquals(2, back.get("snapshots_total"));
        assertEquals(0, back.get("lag_seconds"));
        assertTrue(back.get("last_success_timestamp_seconds") > before);
        watch.process.destroy();
        RealProgram.Outcome outcome = watch.end(SECONDS_MAX).expect(0);
        assertTrue(outcome.messages().contains("the repository is gone from"), outcome.messages());
        assertTrue(outcome.messages().contains("trying again in 5 s"), outcome.messages());
        shell.run("check", "--read-data").expect(0);
    }

    /** What could not be stored to the very end is said, and by the exit code too. */
    @Test
    void toEndWithoutTheLastChangesIsAFailure() throws Exception {
        RealProgram.Running watch = watch("--settle", "0", "--every", "1h");
        await(atLeast("snapshots_total", 1));
        Files.move(repository, work.resolve("away"));
        Files.writeString(source.resolve("a.txt"), "too late\n");
        await(values -> values.get("pending_changes") > 0);
        watch.process.destroy();
        RealProgram.Outcome outcome = watch.end(SECONDS_MAX);
        assertTrue(outcome.messages().contains("what has changed lately is in no snapshot"), outcome.messages());
        assertEquals(1, outcome.code());
        assertFalse(Files.exists(repository));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "watch",
                "watch source --settle soon",
                "watch source --every -1s",
                "watch source --rescan 1x",
                "watch source --keep-hourly -1",
                "watch source --keep-within never",
                "watch source --keep-daily many",
                "watch source --exclude [open",
                "watch source --health",
                "watch source --dry-run",
                "watch source --no-such-option"
            })
    void argumentsThatMakeNoSenseAreRefused(String line) throws IOException {
        Shell.Outcome outcome = shell.run(line.split(" ")).expect(2);
        assertEquals("", new String(outcome.output(), StandardCharsets.UTF_8));
        assertTrue(outcome.messages().startsWith("packstone: "), outcome.messages());
        assertEquals(List.of(), shell.ids());
    }

    @Test
    void withoutARepositoryOrItsPasswordItDoesNotBegin() {
        usePassword();
        shell.environment.put("PACKSTONE_PASSWORD", "wrong");
        shell.run("watch", "source").expect(12);
        shell.environment.put("PACKSTONE_REPOSITORY", "nowhere");
        shell.run("watch", "source").expect(10);
        assertFalse(Files.exists(work.resolve("nowhere")));
    }
}
