package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Partial snapshots as a person meets them: after a run that was killed, and while one goes on. */
class CheckpointTest extends ShellCase {
    private static final int FILES = 80;
    private static final int LENGTH = 20_000;

    /** Files that were last changed so long ago that the next snapshot believes their times. */
    private void settledFiles() throws IOException, InterruptedException {
        for (int i = 0; i < FILES; i++) {
            byte[] bytes = new byte[LENGTH];
            new Random(i).nextBytes(bytes);
            Files.write(source.resolve("f" + (100 + i)), bytes);
        }
        TimeUnit.MILLISECONDS.sleep(2500);
    }

    private static long checkpoints(String messages) {
        return messages.lines()
                .filter(line -> line.contains("\"type\":\"checkpoint\""))
                .count();
    }

    /** Kills a snapshot with SIGKILL once so many partial ones were told of. */
    private void killAfter(int partials) throws IOException, InterruptedException {
        RealProgram program = RealProgram.of(work);
        program.environment.putAll(shell.environment);
        RealProgram.Running running =
                program.start("snapshot", "source", "--checkpoint-every", "1", "--json", "--progress");
        Path said = work.resolve("said-0.err");
        while (running.process.isAlive() && checkpoints(Files.readString(said)) < partials) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        running.process.destroyForcibly();
        RealProgram.Outcome outcome = running.end(60);
        assertEquals(137, outcome.code(), outcome.messages());
    }

    @Test
    void whatAKilledSnapshotHadReadIsNotReadAgain() throws IOException, InterruptedException {
        shell.run("init").expect(0);
        settledFiles();
        killAfter(10);
        List<Map<String, Object>> left =
                shell.run("snapshots", "--json").expect(0).array();
        assertFalse(left.isEmpty());
        for (Map<String, Object> snapshot : left) {
            assertEquals("partial", snapshot.get("status"));
        }
        long taken = (long) left.get(left.size() - 1).get("bytes");
        assertTrue(taken >= 9L * LENGTH, "taken " + taken);
        assertTrue(shell.run("snapshots").expect(0).text().contains("partial"));
        shell.run("check", "--read-data").expect(0);

        Shell.Outcome restored =
                shell.run("restore", "latest", "--target", "back", "--json").expect(3);
        assertEquals(true, restored.object().get("partial"));
        assertEquals(0L, restored.object().get("errors"));
        for (Path file : List.of(source.resolve("f100"), source.resolve("f105"))) {
            assertEquals(-1, Files.mismatch(file, work.resolve("back" + file)));
        }
        assertTrue(
                shell.run("ls", "latest").expect(0).messages().contains("is partial: it was stored while"),
                "a note says so");

        long all = FILES * (long) LENGTH + 3_000_012;
        Map<String, Object> next =
                shell.run("snapshot", "source", "--json").expect(0).object();
        assertEquals("complete", next.get("status"));
        assertEquals(all - taken, next.get("bytesRead"));
        assertEquals(left.get(left.size() - 1).get("id"), next.get("parentId"));
        List<Map<String, Object>> then =
                shell.run("snapshots", "--json").expect(0).array();
        assertEquals(1, then.size());
        assertEquals(next.get("snapshotId"), then.get(0).get("id"));
        assertEquals("complete", then.get(0).get("status"));
        shell.run("prune", "--grace", "0").expect(0);
        shell.run("check", "--read-data").expect(0);
        shell.run("restore", "latest", "--target", "again").expect(0);
    }

    @Test
    void progressTellsOfThemAndTheyGo() throws IOException {
        shell.run("init").expect(0);
        Shell.Outcome json = shell.run("snapshot", "source", "--checkpoint-every", "1", "--json", "--progress")
                .expect(0);
        assertEquals(3, checkpoints(json.messages()));
        assertEquals(List.of(json.object().get("snapshotId")), shell.ids());
        Files.writeString(source.resolve("a.txt"), "HELLO\n");
        String log = shell.run("snapshot", "source", "--checkpoint-every", "1", "--progress")
                .expect(0)
                .messages();
        assertTrue(log.contains("checkpoint: what there is so far is snapshot "), log);
        Files.writeString(source.resolve("a.txt"), "hello again\n");
        String plain = shell.run("snapshot", "source", "--checkpoint-every", "1")
                .expect(0)
                .messages();
        assertFalse(plain.contains("checkpoint"), plain);
        assertEquals(3, shell.ids().size());
    }

    @Test
    void intervalsAreSpansSizesOrNever() {
        shell.run("init").expect(0);
        for (String good : List.of("never", "5min", "90s", "1h30min", "8G", "20GiB", "500")) {
            shell.run("snapshot", "source", "--checkpoint-every", good).expect(0);
        }
        for (String bad : List.of("0", "", "always", "5m", "-1", "1x")) {
            shell.run("snapshot", "source", "--checkpoint-every", bad).expect(2);
        }
        assertTrue(shell.run("snapshot", "source", "--checkpoint-every", "5m")
                .expect(2)
                .messages()
                .contains("write 5min for minutes, 5MiB for bytes"));
    }
}
