package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.testkit.SeededTree;
import io.packstone.testkit.TreeCompare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes work on one repository of one machine, with one cache: nobody waits, and all succeed. */
class ConcurrencyTest {
    /** A process that waited for another would wait for one that does not end. */
    private static final int SECONDS_MAX = 180;

    @TempDir
    Path folder;

    private Path work;
    private Path first;
    private Path second;
    private RealProgram program;
    private Shell shell;

    @BeforeEach
    void makeRepository() throws IOException {
        work = folder.toRealPath();
        first = Files.createDirectories(work.resolve("first"));
        second = Files.createDirectories(work.resolve("second"));
        new SeededTree(1, 400_000).create(first, 120);
        new SeededTree(2, 400_000).create(second, 120);
        program = RealProgram.of(work);
        shell = new Shell(work);
        for (Map<String, String> environment : List.of(program.environment, shell.environment)) {
            environment.put("PACKSTONE_KEY_FILE", work.resolve("key").toString());
            environment.put("PACKSTONE_REPOSITORY", work.resolve("repository").toString());
            environment.put("PACKSTONE_CACHE_DIR", work.resolve("cache").toString());
        }
        shell.run("init", "--key-file", "key").expect(0);
        shell.run("snapshot", "first").expect(0);
    }

    /** A snapshot of standard input, which does not end, in the hold of the lasting index. */
    private RealProgram.Running holdTheIndex() throws IOException, InterruptedException {
        RealProgram.Running holder = program.start("snapshot", "--stdin", "--stdin-name", "held");
        holder.process.getOutputStream().write(new byte[100_000]);
        holder.process.getOutputStream().flush();
        Path jobs = work.resolve("repository/jobs");
        for (int i = 0; i < 600 && isEmpty(jobs); i++) {
            assertTrue(holder.process.isAlive());
            Thread.sleep(100);
        }
        return holder;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return true;
        }
        try (Stream<Path> below = Files.walk(folder)) {
            return below.noneMatch(Files::isRegularFile);
        }
    }

    private void forgetTheCache() throws IOException {
        try (Stream<Path> below = Files.walk(work.resolve("cache"))) {
            for (Path path : below.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void twoSnapshotsARestoreAndARebuildWaitForNobody() throws Exception {
        fourAtOnce();
    }

    @Test
    void norDoTheyWithoutACache() throws Exception {
        forgetTheCache();
        fourAtOnce();
    }

    private void fourAtOnce() throws Exception {
        RealProgram.Running holder = holdTheIndex();
        Files.writeString(first.resolve("new"), "a new file");
        List<RealProgram.Running> all = List.of(
                program.start("snapshot", "first", "--json"),
                program.start("snapshot", "second", "--json"),
                program.start("restore", "@2100-01-01:" + first, "--target", "restored", "--json"),
                program.start("rebuild-index", "--json"));
        for (RealProgram.Running each : all) {
            each.end(SECONDS_MAX).expect(0);
        }
        assertTrue(holder.process.isAlive(), "nothing held the index");
        holder.process.getOutputStream().close();
        holder.end(SECONDS_MAX).expect(0);
        assertEquals(4, shell.run("snapshots", "--json").expect(0).array().size());
        everythingIsThere("first", first);
        everythingIsThere("second", second);
    }

    @Test
    void fourSnapshotsOfOneTreeAtOnce() throws Exception {
        Path grown = Files.createDirectories(first.resolve("grown"));
        new SeededTree(3, 400_000).create(grown, 60);
        List<RealProgram.Running> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(program.start("snapshot", "first", "--json"));
        }
        Set<Object> ids = new TreeSet<>();
        for (RealProgram.Running each : all) {
            Map<String, Object> report = each.end(SECONDS_MAX).expect(0).object();
            assertEquals("complete", report.get("status"));
            ids.add(report.get("snapshotId"));
        }
        assertEquals(4, ids.size());
        Set<Object> listed = shell.run("snapshots", "--json").expect(0).array().stream()
                .map(snapshot -> snapshot.get("id"))
                .collect(Collectors.toSet());
        assertTrue(listed.containsAll(ids));
        everythingIsThere("first", first);
    }

    @Test
    void fourSnapshotsOfDifferentTreesAtOnce() throws Exception {
        Map<String, RealProgram.Running> all = new java.util.TreeMap<>();
        for (int i = 0; i < 4; i++) {
            String name = "tree" + i;
            new SeededTree(10 + i, 200_000).create(Files.createDirectories(work.resolve(name)), 60);
            all.put(name, program.start("snapshot", name));
        }
        for (RealProgram.Running each : all.values()) {
            each.end(SECONDS_MAX).expect(0);
        }
        for (String name : all.keySet()) {
            everythingIsThere(name, work.resolve(name));
        }
    }

    /** Checked and restored, with the cache that was left and with none. */
    private void everythingIsThere(String name, Path tree) throws IOException {
        for (String attempt : List.of("with", "without")) {
            if (attempt.equals("without")) {
                forgetTheCache();
            }
            assertEquals(
                    List.of(),
                    shell.run("check", "--read-data", "--json")
                            .expect(0)
                            .object()
                            .get("errors"));
            String target = name + "-" + attempt;
            Shell.Outcome listed =
                    shell.run("snapshots", "--path", tree.toString(), "--json").expect(0);
            List<Map<String, Object>> snapshots = listed.array();
            Object newest = snapshots.get(snapshots.size() - 1).get("id");
            shell.run("restore", newest + ":" + tree, "--target", target).expect(0);
            assertEquals(List.of(), TreeCompare.differences(tree, work.resolve(target)));
        }
    }
}
