package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a snapshot says of how it was taken is said by whatever is made from it, too. */
class HandedOnTest extends ShellCase {
    private static final List<String> SAID = List.of(
            "time",
            "host",
            "user",
            "paths",
            "tags",
            "status",
            "files",
            "bytes",
            "strategy",
            "strategyAsked",
            "consistency",
            "leftOut",
            "lacks",
            "rules");

    private Shell away;
    private String original;

    @BeforeEach
    void takeOneByRules() throws IOException {
        shell.run("init").expect(0);
        Path elsewhere = work.resolve("away");
        try (Stream<Path> all = Files.walk(repository)) {
            for (Path each : all.toList()) {
                Files.copy(each, elsewhere.resolve(repository.relativize(each).toString()));
            }
        }
        away = new Shell(work);
        away.environment.putAll(shell.environment);
        away.environment.put("PACKSTONE_REPOSITORY", "away");
        away.environment.put("PACKSTONE_CACHE_DIR", work.resolve("away-cache").toString());
        Files.writeString(source.resolve(".packstoneignore"), "*.log\n!keep.log\n");
        Files.writeString(source.resolve("a.log"), "");
        Files.createDirectories(source.resolve("skipped"));
        Files.writeString(source.resolve("skipped/.nobackup"), "");
        Files.writeString(source.resolve("skipped/x"), "");
        shell.run(
                        "snapshot",
                        "source",
                        "absent",
                        "--strategy",
                        "hybrid",
                        "--exclude",
                        "*.txt",
                        "--exclude-if-present",
                        ".nobackup",
                        "--exclude-larger-than",
                        "50M",
                        "--before",
                        "true",
                        "--tag",
                        "nightly")
                .expect(3);
        original = shell.ids().get(0);
    }

    private static Map<String, Object> said(Shell by, String id) throws IOException {
        Map<String, Object> listed = by.run("snapshots", "--json").expect(0).array().stream()
                .filter(one -> id.equals(one.get("id")))
                .findAny()
                .orElseThrow();
        Map<String, Object> said = new LinkedHashMap<>(listed);
        said.keySet().retainAll(SAID);
        assertEquals(SAID.size(), said.size());
        return said;
    }

    private static String other(Shell by, String id) throws IOException {
        return by.ids().stream().filter(one -> !one.equals(id)).findAny().orElseThrow();
    }

    @Test
    void theOriginalSaysAllOfIt() throws IOException {
        Map<String, Object> said = said(shell, original);
        assertEquals("full", said.get("strategy"));
        assertEquals("hybrid", said.get("strategyAsked"));
        assertEquals("hook", said.get("consistency"));
        assertEquals("degraded", said.get("status"));
        String rules = String.valueOf(said.get("rules"));
        for (String rule : List.of(
                "ignore=*.txt", "ignore=*.log", "ignore=!keep.log", "if-present=2e6e6f6261636b7570", "52428800")) {
            assertTrue(rules.contains(rule), rules);
        }
    }

    @Test
    void whatARewriteMakesSaysWhatItDroppedBesides() throws IOException {
        Map<String, Object> before = said(shell, original);
        shell.run("rewrite", original, "--exclude", "big.bin").expect(0);
        Map<String, Object> made = said(shell, other(shell, original));
        List<Object> rules = new ArrayList<>((List<?>) Shell.require(before.get("rules")));
        rules.addAll(List.of("rewritten", "ignore=big.bin"));
        assertEquals(rules, made.get("rules"));
        assertEquals((long) before.get("files") - 1, made.get("files"));
        for (String changed : List.of("rules", "files", "bytes")) {
            made.put(changed, before.get(changed));
        }
        assertEquals(before, made);
    }

    @Test
    void whatComesBackSaysTheSame() throws IOException {
        Map<String, Object> before = said(shell, original);
        shell.run("forget", original, "--confirm", "1").expect(0);
        assertEquals(List.of(), shell.ids());
        shell.run("undelete", original).expect(0);
        assertEquals(before, said(shell, shell.ids().get(0)));
    }

    @Test
    void whatIsImportedSaysTheSame() throws IOException {
        shell.run("export", original, "full.bundle").expect(0);
        away.run("import", "full.bundle").expect(0);
        assertEquals(said(shell, original), said(away, away.ids().get(0)));
    }
}
