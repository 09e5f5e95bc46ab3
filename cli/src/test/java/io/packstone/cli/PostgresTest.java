package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.testkit.AsOrdinaryUser;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Both recipes for PostgreSQL: snapshots of a server that writes; each is restored, started and asked. Where no server is
 * installed the test is skipped.
 */
@EnabledIf(value = "isInstalled", disabledReason = "no PostgreSQL server is installed")
class PostgresTest {
    private static final List<String> PROGRAMS = List.of("initdb", "pg_ctl", "psql", "pg_basebackup");
    private static final int SECONDS_MAX = 60;
    private static final int ROWS = 1000;

    @TempDir
    Path folder;

    private Path programs;
    private Path data;

    static boolean isInstalled() throws IOException {
        return !installed().isEmpty();
    }

    /** Folders that hold all programs, the newest version first. */
    private static List<Path> installed() throws IOException {
        List<Path> folders = new ArrayList<>();
        Path versions = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(versions)) {
            try (Stream<Path> all = Files.list(versions)) {
                folders.addAll(all.map(version -> version.resolve("bin"))
                        .sorted(java.util.Comparator.reverseOrder())
                        .toList());
            }
        }
        for (String each : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            folders.add(Path.of(each));
        }
        return folders.stream()
                .filter(bin -> PROGRAMS.stream().allMatch(name -> Files.isExecutable(bin.resolve(name))))
                .toList();
    }

    @BeforeEach
    void find() throws IOException {
        programs = installed().get(0);
        data = folder.resolve("data");
    }

    private String program(String name) {
        return programs.resolve(name).toString();
    }

    private String run(String... command) throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        boolean ended = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(said, StandardCharsets.UTF_8);
        assertTrue(ended && process.exitValue() == 0, () -> String.join(" ", command) + ": " + text);
        return text.strip();
    }

    private void start(Path cluster) throws IOException, InterruptedException {
        String options = "-c listen_addresses='' -c unix_socket_directories='" + folder + "' -c fsync=off";
        run(
                program("pg_ctl"),
                "-D",
                cluster.toString(),
                "-w",
                "-l",
                folder.resolve("log").toString(),
                "-o",
                options,
                "start");
    }

    private void stop(Path cluster) throws IOException, InterruptedException {
        run(program("pg_ctl"), "-D", cluster.toString(), "-w", "-m", "immediate", "stop");
    }

    private String ask(String sql) throws IOException, InterruptedException {
        return run(program("psql"), "-h", folder.toString(), "-U", "me", "-d", "postgres", "-X", "-A", "-t", "-c", sql);
    }

    /** Money goes from one account to another, in as many transactions as the server takes. */
    private Process write() throws IOException {
        StringBuilder script = new StringBuilder();
        for (int i = 0; i < 200_000; i++) {
            script.append("begin; update account set money = money - 1 where id = ")
                    .append(i % ROWS);
            script.append("; insert into journal values (").append(i % ROWS).append(", repeat('x', 200))");
            script.append("; update account set money = money + 1 where id = ").append(i * 7 % ROWS);
            script.append("; commit;\n");
        }
        Path file = Files.writeString(folder.resolve("writes.sql"), script);
        String[] psql = {program("psql"), "-h", folder.toString(), "-U", "me", "-d", "postgres", "-X", "-q", "-f"};
        List<String> command = new ArrayList<>(List.of(psql));
        command.add(file.toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("written").toFile())
                .start();
    }

    private long entries() throws IOException, InterruptedException {
        return Long.parseLong(ask("select count(*) from journal"));
    }

    /** Starts what was restored in place of the server: no money is lost, and nothing that was written before. */
    private void prove(Path cluster, long least) throws IOException, InterruptedException {
        Files.setPosixFilePermissions(cluster, PosixFilePermissions.fromString("rwx------"));
        start(cluster);
        try {
            assertEquals("0|" + ROWS, ask("select sum(money), count(*) from account"));
            long there = entries();
            assertTrue(there >= least, there + " entries, and " + least + " were written before");
            ask("insert into journal values (0, 'again')");
            assertEquals(there + 1, entries());
        } finally {
            stop(cluster);
        }
    }

    @AsOrdinaryUser
    @Test
    void aServerThatWritesIsSnapshotAndStartsAgain() throws Exception {
        run(program("initdb"), "-D", data.toString(), "-U", "me", "-A", "trust", "-N", "-E", "UTF8", "--locale=C");
        start(data);
        Process writer = null;
        Shell shell = new Shell(folder);
        shell.environment.put("PACKSTONE_PASSWORD", "correct horse");
        shell.environment.put("PACKSTONE_REPOSITORY", "repository");
        shell.run("init").expect(0);
        long first;
        long second;
        try {
            ask(
                    "create table account (id int primary key, money int not null); create table journal (id int, text text);"
                            + "insert into account select id, 0 from generate_series(0, " + (ROWS - 1) + ") id");
            writer = write();
            String copy = program("pg_basebackup") + " -h '" + folder + "' -U me -c fast -D ";
            while (entries() < 100) {
                assertTrue(writer.isAlive(), "the writer has ended");
            }
            first = entries();
            shell.run("snapshot", "--command", copy + "- -F tar -X fetch", "--stdin-name", "pg/base.tar")
                    .expect(0);
            second = entries();
            assertTrue(second > first, "nothing was written during the snapshot");
            shell.run(
                            "snapshot",
                            "data",
                            "--before",
                            copy + "copy -X stream",
                            "--after",
                            "rm -r copy",
                            "--map",
                            "data=copy")
                    .expect(0);
            assertTrue(entries() > second, "nothing was written during the snapshot");
        } finally {
            if (writer != null) {
                writer.destroy();
                writer.waitFor();
            }
            stop(data);
        }
        Path tar = folder.resolve("base.tar");
        Files.write(tar, shell.run("cat", "latest~1:/pg/base.tar").expect(0).output());
        Path one = Files.createDirectories(folder.resolve("one"));
        run("tar", "-x", "-f", tar.toString(), "-C", one.toString());
        prove(one, first);
        Path two = folder.resolve("two");
        shell.run("restore", "latest:" + data, "--target", "two").expect(0);
        prove(two, second);
    }
}
