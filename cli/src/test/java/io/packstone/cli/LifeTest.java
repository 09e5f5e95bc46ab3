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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forgetting, bringing back, protecting, tagging and pruning, through the command line only. */
class LifeTest {
    @TempDir
    Path folder;

    private Shell shell;

    @BeforeEach
    void init() throws IOException {
        Path work = folder.toRealPath();
        Files.createDirectories(work.resolve("source"));
        shell = new Shell(work);
        shell.environment.put("PACKSTONE_KEY_FILE", ShellCase.keyFile().toString());
        shell.environment.put("PACKSTONE_REPOSITORY", "repository");
        shell.run("init").expect(0);
    }

    private String snapshot(int number, String... more) throws IOException {
        byte[] bytes = new byte[200_000];
        new Random(number).nextBytes(bytes);
        Files.write(folder.resolve("source/f"), bytes);
        String[] arguments = new String[more.length + 3];
        arguments[0] = "snapshot";
        arguments[1] = "source";
        arguments[2] = "--json";
        System.arraycopy(more, 0, arguments, 3, more.length);
        return (String) Shell.require(shell.run(arguments).expect(0).object().get("snapshotId"));
    }

    @Test
    void rulesForgetAfterTheNumberWasSaid() throws IOException {
        snapshot(1);
        snapshot(2);
        String third = snapshot(3);
        Shell.Outcome dry = shell.run("forget", "--keep-last", "1", "--dry-run").expect(0);
        assertTrue(dry.text().contains("--confirm 2"), dry.text());
        assertTrue(dry.text().contains("last"), dry.text());
        assertEquals(3, shell.ids().size());
        Shell.Outcome refused = shell.run("forget", "--keep-last", "1").expect(1);
        assertTrue(refused.messages().contains("--confirm 2"), refused.messages());
        shell.run("forget", "--keep-last", "1", "--confirm", "2").expect(0);
        assertEquals(List.of(third), shell.ids());
        assertEquals(2, shell.ids("--forgotten").size());
        shell.run("ls", "latest~1").expect(1);
    }

    @Test
    void nothingIsForgottenWithoutOrWithMisspeltRules() throws IOException {
        snapshot(1);
        snapshot(2);
        assertTrue(shell.run("forget").expect(0).messages().contains("everything is kept"));
        assertTrue(shell.run("forget", "--keep-tag", "nighlty", "--keep-last", "1")
                .expect(0)
                .messages()
                .contains("nighlty"));
        shell.run("forget", "--kep-last", "1").expect(2);
        shell.run("forget", "--keep-last", "-1").expect(2);
        shell.run("forget", "--keep-last", "1", "latest").expect(2);
        shell.run("forget", "--keep-within", "soon").expect(2);
        assertEquals(2, shell.ids().size());
    }

    @Test
    void forgetWithPruneFreesAndUndeleteComesTooLate() throws IOException {
        String first = snapshot(1);
        snapshot(2);
        shell.run("forget", first).expect(0);
        String again = (String) shell.run("undelete", first.substring(0, 12), "--json")
                .expect(0)
                .object()
                .get("snapshotId");
        assertEquals(2, shell.ids().size());
        Map<String, Object> report =
                shell.run("forget", again, "--prune", "--json").expect(0).object();
        assertEquals(List.of(again), report.get("forgotten"));
        @SuppressWarnings("unchecked")
        Map<String, Object> pruned = (Map<String, Object>) Shell.require(report.get("prune"));
        assertTrue((long) pruned.get("bytesFreed") > 150_000, pruned.toString());
        shell.run("undelete", first.substring(0, 12)).expect(1);
        shell.run("check", "--read-data").expect(0);
    }

    @Test
    void pruneTellsWhatItWouldDoAndDoesIt() throws IOException {
        String first = snapshot(1);
        snapshot(2);
        shell.run("forget", first).expect(0);
        Map<String, Object> plan =
                shell.run("prune", "--dry-run", "--json").expect(0).object();
        assertTrue((long) plan.get("bytesFreed") > 150_000, plan.toString());
        assertTrue(shell.run("prune", "--dry-run").expect(0).text().contains("would be freed"));
        Map<String, Object> report = shell.run("prune", "--json").expect(0).object();
        for (String key : List.of("packsDeleted", "packsRewritten", "bytesFreed", "bytesRewritten")) {
            assertTrue(report.containsKey(key), key);
        }
        assertTrue((long) report.get("packsDeleted") > 0);
        shell.run("check", "--read-data").expect(0);
        shell.run("prune", "--max-unused", "much").expect(2);
        shell.run("prune", "--max-unused", "0", "--sealed-only", "--max-repack", "1G", "--grace", "0")
                .expect(0);
    }

    @Test
    void protectedSnapshotsStayAndTagsAreEdited() throws IOException {
        String first = snapshot(1, "--tag", "old");
        snapshot(2);
        shell.run("protect", first).expect(0);
        assertTrue(shell.run("snapshots").expect(0).text().contains("protected"));
        assertTrue(shell.run("forget", first).expect(1).messages().contains("--remove"));
        shell.run("forget", "--keep-last", "1").expect(0);
        assertEquals(2, shell.ids().size());
        shell.run("protect", "--remove", first).expect(0);
        shell.run("tag", first, "--add", "new", "--remove", "old").expect(0);
        assertEquals(List.of(first), shell.ids("--tag", "new"));
        assertFalse(shell.ids("--tag", "old").contains(first));
        shell.run("tag", first).expect(2);
        shell.run("tag", first, "--add", "x", "--remove", "x").expect(2);
        shell.run("forget", first).expect(0);
        assertEquals(1, shell.ids().size());
    }
}
