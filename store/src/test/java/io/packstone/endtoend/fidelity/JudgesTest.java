package io.packstone.endtoend.fidelity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.Posix;
import io.packstone.restore.RestoreFixture;
import io.packstone.restore.RestoreReport;
import io.packstone.testkit.Abilities;
import io.packstone.testkit.HostileTree;
import io.packstone.testkit.TreeCompare;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * One tree with everything, a folder of many names, a thousand folders in each other, a file of 4 GiB and a byte that is
 * nearly all hole, and what is empty; compared here, and by rsync and GNU tar where they are.
 */
class JudgesTest {
    private static final int DEPTH = 1000;
    private static final int MANY = 20_000;
    private static final long LONG = (4L << 30) + 1;

    private static void make(Path source, Abilities can) throws IOException {
        new HostileTree(42, can).create(Files.createDirectory(source.resolve("tree")), 500);
        Path many = Files.createDirectory(source.resolve("many"));
        for (int i = 0; i < MANY; i++) {
            Files.createFile(many.resolve("n" + i));
        }
        Files.createDirectory(source.resolve("empty"));
        try (DirectoryHandle root = new Posix().openRoot(RestoreFixture.name(source))) {
            try (FileHandle image = root.createFile(RawName.of("image"), 0600)) {
                image.truncate(LONG);
                image.write(3L << 30, new byte[] {1}, 0, 1);
            }
            deepen(root);
        }
    }

    private static void deepen(DirectoryHandle root) throws IOException {
        List<DirectoryHandle> open = new ArrayList<>();
        try {
            DirectoryHandle here = root;
            for (int i = 0; i < DEPTH; i++) {
                here.makeDirectory(RawName.of("d"), 0700);
                here = here.openDirectory(RawName.of("d"));
                open.add(here);
            }
            here.symlink(RawName.of("bottom"), RawName.of("l"));
        } finally {
            for (DirectoryHandle each : open) {
                each.close();
            }
        }
    }

    private static boolean isThere(String program) throws IOException {
        try {
            return run(program, "--version").startsWith("0\n");
        } catch (IOException e) {
            return false;
        }
    }

    /** Its exit code, and what it prints. */
    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return process.waitFor() + "\n" + output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Test
    void othersFindNoDifferenceEither() throws IOException {
        Path place = Files.createTempDirectory("judges");
        try (RestoreFixture fixture = new RestoreFixture(place)) {
            Abilities can = Abilities.in(place);
            make(fixture.source, can);
            RestoreReport report = fixture.restore(fixture.snapshot());
            assertEquals(List.of(), report.problems());
            assertEquals(List.of(), TreeCompare.allDifferences(fixture.source, fixture.target));
            boolean rsync = isThere("rsync");
            boolean tar = isThere("tar");
            String from = fixture.source + "/";
            String to = fixture.target + "/";
            if (rsync) {
                String options = can.acl() && can.user() ? "-aHAXSn" : "-aHSn";
                String[] words = {"rsync", options, "--checksum", "--delete", "-i", "--exclude=/image", from, to};
                assertEquals("0\n", run(words));
            }
            if (tar) {
                String archive = place.resolve("source.tar").toString();
                String made = run(
                        "tar",
                        "--format=posix",
                        "-S",
                        "--acls",
                        "--xattrs",
                        "--numeric-owner",
                        "-C",
                        from,
                        "-cf",
                        archive,
                        ".");
                assertTrue(made.startsWith("0\n"), made);
                assertEquals("0\n", run("tar", "--numeric-owner", "-C", to, "--compare", "-f", archive));
            }
            assumeTrue(rsync && tar, "rsync or GNU tar is not there to judge; compared here only");
        } finally {
            HostileTree.delete(place);
        }
    }
}
