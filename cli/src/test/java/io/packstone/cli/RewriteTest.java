package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dropping paths from history, through the command line only. */
class RewriteTest extends ShellCase {
    private String first;
    private String second;

    @BeforeEach
    void takeTwo() throws IOException {
        shell.run("init").expect(0);
        first = snapshot();
        Files.writeString(source.resolve("below/new.txt"), "new\n");
        second = snapshot();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> document, String key) {
        return (List<Map<String, Object>>) Shell.require(document.get(key));
    }

    @Test
    void aDryRunTellsWhatWouldGoAndChangesNothing() throws IOException {
        Shell.Outcome dry =
                shell.run("rewrite", "--all", "--exclude", "*.bin", "--dry-run").expect(0);
        assertTrue(dry.text().contains("would rewrite 2 of 2 snapshots"), dry.text());
        assertTrue(dry.text().contains("2.9 MiB"), dry.text());
        assertEquals(List.of(first, second), shell.ids());
        Map<String, Object> document = shell.run("rewrite", "--all", "--exclude", "*.bin", "-n", "--json")
                .expect(0)
                .object();
        assertEquals(true, document.get("dryRun"));
        assertEquals(first, list(document, "rewritten").get(0).get("snapshotId"));
        assertEquals(1L, list(document, "rewritten").get(0).get("entries"));
        assertEquals(3_000_000L, list(document, "rewritten").get(0).get("bytes"));
        assertEquals(null, list(document, "rewritten").get(0).get("newId"));
    }

    @Test
    void theFormerOnesStayUntilTheyAreForgottenAndTheBytesUntilThePrune() throws IOException {
        Shell.Outcome kept = shell.run("rewrite", "--all", "--exclude", "*.bin").expect(0);
        assertTrue(kept.text().contains("rewrote 2 of 2 snapshots"), kept.text());
        assertTrue(kept.text().contains("--forget"), kept.text());
        assertEquals(4, shell.ids().size());
        assertFalse(shell.run("ls", "-r", "latest").expect(0).text().contains("big.bin"));
        assertTrue(shell.run("ls", "-r", second).expect(0).text().contains("big.bin"));
        Map<String, Object> latest = shell.run("snapshots", "--json", "--last", "1")
                .expect(0)
                .array()
                .get(0);
        assertEquals(second, latest.get("originalId"));
        Map<String, Object> document = shell.run("rewrite", "--all", "--exclude", "*.bin", "--forget", "--json")
                .expect(0)
                .object();
        assertEquals(latest.get("id"), list(document, "rewritten").get(1).get("newId"));
        assertEquals(true, list(document, "rewritten").get(1).get("forgotten"));
        assertEquals(2, shell.ids().size());
        assertEquals(List.of(first, second), shell.ids("--forgotten"));
        Map<String, Object> pruned = shell.run("prune", "--json").expect(0).object();
        assertTrue((long) pruned.get("bytesFreed") > 2_900_000, pruned.toString());
        shell.run("check", "--read-data").expect(0);
        shell.run("restore", "latest", "--target", "target").expect(0);
        assertTrue(Files.exists(work.resolve("target" + source.resolve("below/new.txt"))));
        assertFalse(Files.exists(work.resolve("target" + source.resolve("below/deep/big.bin"))));
    }

    @Test
    void onePathOfOneSnapshotGoesByName() throws IOException {
        Files.writeString(source.resolve("odd[*"), "x");
        String third = snapshot();
        Shell.Outcome outcome = shell.run("rewrite", third, "--drop", "source/odd[*", "--forget")
                .expect(0);
        assertTrue(outcome.text().contains("rewrote 1 of 1 snapshot, forgot 1;"), outcome.text());
        assertTrue(outcome.text().contains("packstone prune"), outcome.text());
        assertFalse(shell.run("ls", "-r", "latest").expect(0).text().contains("odd"));
        assertEquals(3, shell.ids().size());
        Map<String, Object> next =
                shell.run("snapshot", "source", "--json").expect(0).object();
        assertEquals(shell.ids().get(2), next.get("parentId"));
        assertEquals(1L, next.get("filesNew"));
    }

    @Test
    void whereNothingFitsNothingHappens() throws IOException {
        Shell.Outcome outcome =
                shell.run("rewrite", "--all", "--exclude", "*.iso", "--forget").expect(0);
        assertTrue(outcome.text().contains("nothing was changed"), outcome.text());
        Map<String, Object> document = shell.run("rewrite", "latest", "--exclude", "*.iso", "--json")
                .expect(0)
                .object();
        assertEquals(List.of(second), document.get("untouched"));
        assertEquals(List.of(first, second), shell.ids());
    }

    @Test
    void aSnapshotThatNothingWouldBeLeftOfStaysAndTheNextStepIsSaid() throws IOException {
        Shell.Outcome outcome =
                shell.run("rewrite", "--all", "--drop", "source", "--forget").expect(3);
        assertTrue(outcome.messages().contains("packstone forget " + first.substring(0, 8)), outcome.messages());
        assertEquals(List.of(first, second), shell.ids());
        Map<String, Object> document = shell.run("rewrite", "--all", "--drop", "source", "--json")
                .expect(3)
                .object();
        assertEquals(List.of(first, second), document.get("emptied"));
    }

    @Test
    void protectionGoesAlong() throws IOException {
        shell.run("protect", first).expect(0);
        shell.run("rewrite", first, "--exclude", "*.bin", "--forget", "--quiet").expect(0);
        String made = shell.ids().get(0);
        assertTrue(shell.run("forget", made).expect(1).messages().contains("protected"));
        assertEquals(List.of(made, second), shell.ids());
    }

    @Test
    void whatIsNotClearIsRefused() throws IOException {
        shell.run("rewrite", "--exclude", "x").expect(2);
        shell.run("rewrite", "--all", "latest", "--exclude", "x").expect(2);
        shell.run("rewrite", "--all").expect(2);
        shell.run("rewrite", "--all", "--exclude", "[").expect(2);
        shell.run("rewrite", "--all", "--drop", "/").expect(2);
        shell.run("rewrite", "latest:/etc", "--exclude", "x").expect(2);
        shell.run("rewrite", "0000", "--exclude", "x").expect(1);
        assertEquals(List.of(first, second), shell.ids());
    }

    @Test
    void aRecordThatCanNotBeReadIsToldAndTheOthersAreRewritten() throws IOException {
        flip("snapshots/" + first);
        flip("snapshots/" + first + ".b");
        Shell.Outcome outcome =
                shell.run("rewrite", "--all", "--exclude", "*.bin", "--forget").expect(4);
        assertTrue(outcome.messages().contains(first), outcome.messages());
        assertTrue(outcome.text().contains("rewrote 1 of 1 snapshot"), outcome.text());
    }
}
