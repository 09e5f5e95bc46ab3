package io.packstone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many files, many names in one folder, one large file: through the launcher, with a heap of 256 MiB, each command stays
 * under 400 MB of resident memory, as the kernel counts it. What comes back is compared by tools of the system.
 */
@Tag("soak")
@Tag("launcher")
class ScaleTest {
    private static final long RESIDENT_KIB_MAX = 400_000_000 / 1024;
    private static final int FOLDER_FILES = 1000;
    private static final long LARGE = 4L << 30;

    @TempDir
    Path folder;

    private Path work;
    private Path source;
    private RealProgram program;
    private String label = "";

    @BeforeEach
    void makeRepository() throws Exception {
        work = folder.toRealPath();
        source = Files.createDirectories(work.resolve("source"));
        program = RealProgram.launched(work);
        program.environment.put("PACKSTONE_PASSWORD", "correct horse");
        program.environment.put(
                "PACKSTONE_REPOSITORY", work.resolve("repository").toString());
        program.environment.put("PACKSTONE_CACHE_DIR", work.resolve("cache").toString());
        program.run("init").expect(0);
    }

    /** Millions of files go faster this way. */
    @AfterEach
    void delete() throws Exception {
        shell("rm -rf source again cache repository");
    }

    private String shell(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", script)
                .directory(work.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), script);
        return output;
    }

    private RealProgram.Outcome measured(String... arguments) throws IOException, InterruptedException {
        RealProgram.Outcome outcome = program.run(arguments).expect(0);
        System.out.printf(
                "%s: %s %.1f s, %.1f s of processor time, peak %.0f MB%n",
                label, arguments[0], outcome.seconds(), outcome.cpuSeconds(), outcome.peakKib() * 1.024e-3);
        assertTrue(outcome.peakKib() < RESIDENT_KIB_MAX, outcome.peakKib() + " KiB");
        return outcome;
    }

    /** Files of up to {@code longest} random bytes, one in {@code oneIn}, the others empty, in folders of a thousand. */
    private void fill(int count, int oneIn, int longest) throws IOException {
        Random random = new Random(count);
        byte[] bytes = new byte[longest];
        for (int i = 0; i < count; i++) {
            int number = i / FOLDER_FILES;
            Path inner = source.resolve("group-" + number / 100).resolve("folder-" + number);
            if (i % FOLDER_FILES == 0) {
                Files.createDirectories(inner);
            }
            Path file = inner.resolve("a file of this folder, the number is " + i);
            if (i % oneIn == 0) {
                random.nextBytes(bytes);
                try (OutputStream output = Files.newOutputStream(file)) {
                    output.write(bytes, 0, 1 + random.nextInt(longest));
                }
            } else {
                Files.createFile(file);
            }
        }
    }

    /** Names, kinds, modes, owners, sizes of files, times to the nanosecond, and all bytes. */
    private String fingerprint(String tree) throws IOException, InterruptedException {
        String sorted = "| LC_ALL=C sort -z -S 64M -T " + work;
        String kinds = "\\( -type d -printf '%P d %m %U %G %T@\\0' -o -printf '%P %y %m %U %G %s %T@\\0' \\) ";
        return shell("cd " + tree + " && find . -mindepth 1 " + kinds + sorted
                + " | sha256sum && find . -type f -size +0 -print0 " + sorted + " | xargs -0 cat | sha256sum");
    }

    private void comesBack(int fileCount) throws Exception {
        assertEquals(
                (long) fileCount,
                measured("snapshot", "source", "--json").object().get("filesNew"));
        assertEquals(
                (long) fileCount,
                measured("snapshot", "source", "--json").object().get("filesUnchanged"));
        measured("check", "--read-data");
        shell("rm -r cache");
        measured("rebuild-index");
        measured("diff", "latest~1", "latest");
        measured("restore", "latest:" + source, "--target", "again");
        assertEquals(fingerprint("source"), fingerprint("again"));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 16})
    void eightyThousandFiles(int processors) throws Exception {
        label = "80,000 files, " + processors + " processors";
        program.environment.put("PACKSTONE_JAVA_OPTS", "-Xmx256m -XX:ActiveProcessorCount=" + processors);
        fill(80_000, 1, 8000);
        Thread.sleep(2100);
        comesBack(80_000);
    }

    @Test
    void twoMillionNamesInOneFolder() throws Exception {
        label = "2,000,000 names in a folder";
        Path crowd = Files.createDirectories(source.resolve("crowd"));
        for (int i = 0; i < 2_000_000; i++) {
            Files.createFile(crowd.resolve(Integer.toString(Integer.reverse(i), 36) + " is a name in no order"));
        }
        Thread.sleep(2100);
        comesBack(2_000_000);
    }

    @Test
    void fiveMillionFiles() throws Exception {
        label = "5,000,000 files";
        fill(5_000_000, 5, 100);
        Thread.sleep(2100);
        comesBack(5_000_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 16})
    void oneFileOfFourGigabytes(int processors) throws Exception {
        label = "4 GiB, " + processors + " processors";
        program.environment.put("PACKSTONE_JAVA_OPTS", "-Xmx256m -XX:ActiveProcessorCount=" + processors);
        Random random = new Random(processors);
        byte[] bytes = new byte[1 << 20];
        try (OutputStream output = Files.newOutputStream(source.resolve("large"))) {
            for (long at = 0; at < LARGE; at += bytes.length) {
                random.nextBytes(bytes);
                output.write(bytes);
            }
        }
        Thread.sleep(2100);
        long kept = killInTheMiddle();
        long bytesNew = (long) measured("snapshot", "source", "--json").object().get("bytesNew");
        System.out.printf(
                "%s: killed with %.1f GB in packs, the next run read %.1f GB anew%n",
                label, kept / 1e9, bytesNew / 1e9);
        // What was in packs that were put is not stored again; a chunk or two at the ends of blocks may be.
        assertTrue(bytesNew < LARGE - kept + (16 << 20), bytesNew + " bytes after " + kept);
        measured("check", "--read-data");
        measured("restore", "latest:" + source, "--target", "again");
        assertEquals(fingerprint("source"), fingerprint("again"));
    }

    /** Kills a snapshot once a gigabyte is in packs; the bytes of all packs then. */
    private long killInTheMiddle() throws Exception {
        RealProgram.Running running = program.start("snapshot", "source");
        while (packBytes() < 1 << 30) {
            assertTrue(running.process.isAlive());
            Thread.sleep(20);
        }
        running.process.destroyForcibly();
        assertEquals(137, running.end().code());
        assertEquals(List.of(), program.run("snapshots", "--json").expect(0).array());
        return packBytes();
    }

    private long packBytes() throws IOException {
        Path packs = work.resolve("repository/packs");
        if (!Files.isDirectory(packs)) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(packs)) {
            return all.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
