package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Snapshots are carried to a copy of the repository, through the command line only. */
class CarryTest extends ShellCase {
    private Shell away;
    private String first;
    private String second;

    @BeforeEach
    void takeTwo() throws IOException {
        shell.run("init").expect(0);
        copy(repository, work.resolve("away"));
        away = new Shell(work);
        away.environment.putAll(shell.environment);
        away.environment.put("PACKSTONE_REPOSITORY", "away");
        away.environment.put("PACKSTONE_CACHE_DIR", work.resolve("away-cache").toString());
        first = snapshot();
        Files.writeString(source.resolve("below/new.txt"), "new\n");
        second = snapshot();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(work)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFullAndAnIncrementalBundleGoThere() throws IOException {
        Shell.Outcome full = shell.run("export", first, "full.bundle").expect(0);
        assertTrue(full.text().startsWith("exported snapshot " + first.substring(0, 10) + ", full: "), full.text());
        Map<String, Object> exported = shell.run("export", "--since", first, "latest", "new.bundle", "--json")
                .expect(0)
                .object();
        assertEquals(List.of("snapshotId", "baseId", "kind", "chunks", "bytes"), List.copyOf(exported.keySet()));
        assertEquals(second, exported.get("snapshotId"));
        assertEquals(first, exported.get("baseId"));
        assertEquals("incremental", exported.get("kind"));
        assertEquals(Files.size(work.resolve("new.bundle")), exported.get("bytes"));
        assertTrue(Files.size(work.resolve("new.bundle")) < 10_000);

        Shell.Outcome early = away.run("import", "new.bundle").expect(1);
        assertTrue(early.messages().contains(first), early.messages());
        assertEquals(List.of(), away.ids());
        Shell.Outcome imported = away.run("import", "full.bundle").expect(0);
        assertTrue(imported.text().startsWith("imported snapshot " + first.substring(0, 8)), imported.text());
        Map<String, Object> document =
                away.run("import", "new.bundle", "--json").expect(0).object();
        assertEquals(second, document.get("originalId"));
        assertEquals(away.ids().get(0), document.get("baseId"));
        assertEquals(away.ids().get(1), document.get("snapshotId"));
        assertEquals(false, document.get("alreadyThere"));
        assertEquals(exported.get("chunks"), document.get("chunks"));
        assertEquals(exported.get("bytes"), document.get("bytes"));

        away.run("check", "--read-data").expect(0);
        away.run("restore", "latest:" + source, "--target", "back").expect(0);
        assertEquals("new\n", Files.readString(work.resolve("back/below/new.txt")));
        assertArrayEquals(
                Files.readAllBytes(source.resolve("below/deep/big.bin")),
                Files.readAllBytes(work.resolve("back/below/deep/big.bin")));
        Shell.Outcome again = away.run("import", "new.bundle").expect(0);
        assertTrue(again.text().contains("is here already"), again.text());
        assertEquals(
                true,
                away.run("import", "new.bundle", "--json").expect(0).object().get("alreadyThere"));
        assertEquals(2, away.ids().size());
    }

    @Test
    void throughAPipe() throws IOException {
        Shell.Outcome stream = shell.run("export", "latest", "-").expect(0);
        assertTrue(stream.messages().contains("exported snapshot " + second.substring(0, 8)), stream.messages());
        away.input(stream.output()).run("import", "-").expect(0);
        assertEquals(1, away.ids().size());
        Shell.Outcome json =
                shell.run("export", "latest", "-", "--json", "--since", first).expect(0);
        assertEquals("incremental", ((Map<?, ?>) Shell.require(Shell.json(json.messages()))).get("kind"));
        assertEquals(0x89, json.output()[0] & 0xff);
    }

    @Test
    void aFileIsNeverOverwrittenByChance() throws IOException {
        Files.writeString(work.resolve("x"), "mine");
        Shell.Outcome refused = shell.run("export", "latest", "x").expect(1);
        assertTrue(refused.messages().contains("--overwrite"), refused.messages());
        assertEquals("mine", Files.readString(work.resolve("x")));
        shell.run("export", "latest", "x", "--overwrite").expect(0);
        away.run("import", "x").expect(0);
        shell.run("export", "latest", "nowhere/x").expect(1);
        shell.run("export", "0000", "y").expect(1);
        assertFalse(names().contains("y"), names().toString());
        assertTrue(names().stream().noneMatch(name -> name.endsWith(".part")), names().toString());
    }

    @Test
    void damageIsNamedByItsPlaceAndNothingIsThere() throws IOException {
        shell.run("export", "latest", "x").expect(0);
        byte[] whole = Files.readAllBytes(work.resolve("x"));
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 1;
        Files.write(work.resolve("x"), damaged);
        Shell.Outcome outcome = away.run("import", "x").expect(4);
        assertTrue(outcome.messages().contains("bundle x, block at offset "), outcome.messages());
        assertTrue(outcome.messages().contains("chunks"), outcome.messages());
        assertTrue(outcome.messages().contains("was not imported"), outcome.messages());
        assertEquals(List.of(), away.ids());
        Files.write(work.resolve("x"), Arrays.copyOf(whole, whole.length - 100));
        Shell.Outcome cut = away.run("import", "x").expect(4);
        assertTrue(cut.messages().contains("offset " + (whole.length - 100)), cut.messages());
        Files.write(work.resolve("x"), new byte[10]);
        away.run("import", "x").expect(4);
        Files.write(work.resolve("x"), whole);
        Map<String, Object> document =
                away.run("import", "x", "--json").expect(0).object();
        assertTrue((long) document.get("chunksStored") <= (long) document.get("chunks") / 2, document.toString());
        away.run("check", "--read-data").expect(0);
    }

    @Test
    void whatIsNotClearIsRefused() throws IOException {
        shell.run("export", "latest").expect(2);
        shell.run("export", "latest:/etc", "x").expect(2);
        Shell.Outcome same =
                shell.run("export", "--since", second, "latest", "x").expect(2);
        assertTrue(same.messages().contains("the same snapshot"), same.messages());
        shell.run("import", "no-such-file").expect(1);
        shell.run("import", "x", "--from-key-file", "k").expect(2);
        shell.run("export", "latest", "x").expect(0);
        Shell other = new Shell(work);
        other.environment.putAll(shell.environment);
        other.environment.put("PACKSTONE_REPOSITORY", "other");
        other.run("init").expect(0);
        Shell.Outcome refused = other.run("import", "x").expect(2);
        assertTrue(refused.messages().contains("its own repository only"), refused.messages());
        other.input(Files.readAllBytes(work.resolve("x"))).run("import", "-").expect(2);
        assertEquals(List.of(), other.ids());
    }
}
