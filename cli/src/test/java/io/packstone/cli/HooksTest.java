package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands before and after a snapshot: when they run, what they are told, and what becomes of a snapshot when they fail. */
class HooksTest extends ShellCase {
    private static final String TELL =
            "echo \"$PACKSTONE_HOOK ${PACKSTONE_STATUS-unset} ${PACKSTONE_SNAPSHOT-unset}\" >> ";
    private static final int SECONDS_MAX = 60;

    private Path told;

    @BeforeEach
    void makeRepository() {
        shell.run("init").expect(0);
        told = work.resolve("told");
    }

    private List<String> told() throws IOException {
        return Files.exists(told) ? Files.readAllLines(told) : List.of();
    }

    private List<String> stored() throws IOException {
        try (Stream<Path> all = Files.walk(repository)) {
            return all.map(Path::toString)
                    .filter(path -> path.contains("/packs/") || path.contains("/snapshots/"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void bothRunAroundTheReadingAndTheLastKnowsTheSnapshot() throws IOException {
        Map<String, Object> report = shell.run(
                        "snapshot",
                        "source",
                        "--json",
                        "--before",
                        "printf %s \"$PACKSTONE_PATHS\" > paths; touch source/frozen; echo noise; " + TELL + told,
                        "--after",
                        "rm source/frozen; " + TELL + told)
                .expect(0)
                .object();
        String id = (String) Shell.require(report.get("snapshotId"));
        assertEquals(List.of("before unset unset", "after complete " + id), told());
        assertEquals(source.toString(), Files.readString(work.resolve("paths")));
        assertNull(report.get("afterProblem"));
        assertTrue(shell.run("find", "frozen").expect(0).text().contains(source + "/frozen"));
        assertFalse(Files.exists(source.resolve("frozen")));
        assertEquals(
                "hook",
                shell.run("snapshots", "--json").expect(0).array().get(0).get("consistency"));
        assertTrue(shell.run("snapshots").expect(0).text().contains("hook"));
        shell.run("snapshot", "source", "--dry-run", "--after", TELL + told).expect(0);
        assertEquals("after complete ", told().get(2));
        shell.run("snapshot", "source").expect(0);
        assertEquals(
                "live",
                shell.run("snapshots", "--json").expect(0).array().get(1).get("consistency"));
    }

    @Test
    void whenTheFirstFailsNothingIsStoredAndTheLastStillRuns() throws IOException {
        List<String> before = stored();
        for (String fails :
                List.of("echo no space; echo in volume >&2; exit 3", "kill -9 $$", "no-such-program-here")) {
            Shell.Outcome outcome = shell.run("snapshot", "source", "--before", fails, "--after", TELL + told)
                    .expect(1);
            String code = fails.startsWith("echo") ? "3" : fails.startsWith("kill") ? "137" : "127";
            String wanted = "the command before the snapshot, '" + fails + "', ended with exit code " + code;
            assertTrue(outcome.messages().contains(wanted), outcome.messages());
            assertTrue(outcome.messages().contains("no snapshot was taken"), outcome.messages());
            assertEquals(
                    fails.startsWith("echo"),
                    outcome.messages().contains("(it said: no space / in volume)"),
                    outcome.messages());
        }
        Shell.Outcome slow = shell.run(
                        "snapshot",
                        "source",
                        "--json",
                        "--before",
                        "sleep 60",
                        "--hook-timeout",
                        "1s",
                        "--after",
                        TELL + told)
                .expect(1);
        assertTrue(slow.messages().contains("'sleep 60', was ended, since it took longer"), slow.messages());
        assertEquals(java.util.Collections.nCopies(4, "after failed "), told());
        assertEquals(List.of(), shell.ids());
        assertEquals(before, stored());
        shell.run("snapshot", "source", "--hook-timeout", "1d").expect(2);
        shell.run("snapshot", "source", "--hook-timeout", "soon").expect(2);
    }

    @Test
    void theLastRunsWhenTheSnapshotFailsOrIsDegraded() throws IOException {
        shell.run("snapshot", "absent", "--before", "true", "--after", TELL + told)
                .expect(1);
        assertEquals(List.of("after failed "), told());
        shell.run("snapshot", "source", "absent", "--after", TELL + told).expect(3);
        assertEquals("after degraded " + shell.ids().get(0), told().get(1));
        shell.run("snapshot", "--command", "exit 4", "--after", TELL + told).expect(1);
        assertEquals("after failed ", told().get(2));
    }

    @Test
    void whenTheLastFailsTheSnapshotStaysAndTheExitCodeTells() throws IOException {
        Shell.Outcome outcome = shell.run("snapshot", "source", "--json", "--after", "echo busy >&2; exit 5")
                .expect(3);
        assertEquals("complete", outcome.object().get("status"));
        String problem = (String) Shell.require(outcome.object().get("afterProblem"));
        assertTrue(problem.contains("exit code 5 (it said: busy); the snapshot is taken and stays"), problem);
        assertTrue(outcome.messages().contains(problem), outcome.messages());
        assertEquals(1, shell.ids().size());
        Shell.Outcome both = shell.run("snapshot", "absent", "--before", "true", "--after", "exit 5")
                .expect(1);
        assertTrue(both.messages().contains("exit code 5"), both.messages());
        assertTrue(both.messages().contains("absent"), both.messages());
    }

    /** As a session of a database that must stay open, and that may still speak. */
    @Test
    void whatTheFirstLeavesRunningLivesUntilTheLast() throws IOException {
        long begun = System.nanoTime();
        shell.run(
                        "snapshot",
                        "source",
                        "--before",
                        "(sleep 50; echo late >&2) & echo $! > pid",
                        "--after",
                        "kill $(cat pid) && echo ended > ended")
                .expect(0);
        assertTrue(Files.exists(work.resolve("ended")));
        assertTrue(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) < 50);
    }

    @Test
    void commandsAndPathsAreBytesInEveryLocale() throws Exception {
        RealProgram program = RealProgram.of(work);
        program.environment.putAll(shell.environment);
        program.environment.put("LC_ALL", "C");
        program.run(
                        "snapshot",
                        "--files-from",
                        "list",
                        "--before",
                        "printf %s \"$PACKSTONE_PATHS\" > paths; printf gr\u00fcn > color")
                .expect(1); // There is no list yet, so nothing was begun.
        assertFalse(Files.exists(work.resolve("color")));
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.writeBytes((source + "/a.txt\n" + source + "/").getBytes(StandardCharsets.UTF_8));
        list.write(0xff);
        Files.write(work.resolve("list"), list.toByteArray());
        Path script = work.resolve("script");
        // An argument that is not ASCII has to come from a shell that knows bytes.
        Files.writeString(
                script, "exec \"$@\" --before 'printf %s \"$PACKSTONE_PATHS\" > paths; printf gr\u00fcn > color'");
        RealProgram.Outcome outcome =
                program.through(List.of("sh", script.toString())).run("snapshot", "--files-from", "list");
        assertEquals(3, outcome.code(), outcome.messages());
        assertArrayEquals(list.toByteArray(), Files.readAllBytes(work.resolve("paths")));
        assertEquals("gr\u00fcn", Files.readString(work.resolve("color")));
        Files.writeString(script, "exec \"$@\" --command 'printf gr\u00fcn; printf %s \"it'\\''s\"'");
        program.through(List.of("sh", script.toString()))
                .run("snapshot", "--stdin-name", "/dump")
                .expect(0);
        assertEquals("gr\u00fcnit's", shell.run("cat", "latest:/dump").expect(0).text());
    }

    /** Told to end while the first runs, and while files are read. */
    @Test
    void aSignalLeavesNothingFrozen() throws Exception {
        RealProgram program = RealProgram.of(work);
        program.environment.putAll(shell.environment);
        RealProgram.Running first =
                program.start("snapshot", "source", "--before", "touch begun; sleep 50", "--after", TELL + told);
        await(work.resolve("begun"));
        first.process.destroy();
        first.end(SECONDS_MAX).expect(143);
        assertEquals(List.of("after failed "), told());
        RealProgram.Running second = program.start(
                "snapshot", "--command", "touch reading; sleep 50", "--before", "true", "--after", TELL + told);
        await(work.resolve("reading"));
        boolean interrupts = !ignoresInterrupts();
        new ProcessBuilder("kill", interrupts ? "-INT" : "-TERM", Long.toString(second.process.pid()))
                .start()
                .waitFor();
        second.end(SECONDS_MAX).expect(interrupts ? 130 : 143);
        assertEquals(List.of("after failed ", "after failed "), told());
        assertEquals(List.of(), shell.ids());
    }

    /** True in what a shell has put in the background, and in all that this starts (signal(7), SIG_IGN is inherited). */
    private static boolean ignoresInterrupts() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("SigIgn:")) {
                return (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0;
            }
        }
        return false;
    }

    private static void await(Path file) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (!Files.exists(file) && System.nanoTime() < until) {
            Thread.sleep(20);
        }
        assertTrue(Files.exists(file));
    }
}
