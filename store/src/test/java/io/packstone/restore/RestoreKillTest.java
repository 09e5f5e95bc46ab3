package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.local.LocalBackend;
import io.packstone.crypto.SecretKey;
import io.packstone.keyslot.Secret;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.testkit.ClassPath;
import io.packstone.testkit.MeasuredChild;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Real processes that restore in place end by SIGKILL at any moment: a file that was there is the old one or the new one,
 * one that was not is whole or the mark tells of it, and the next restore completes.
 */
class RestoreKillTest extends FixtureCase {
    private static final int LARGE = 16 << 20;
    private static final int LARGES = 4;
    private static final int SMALL = 40_000;
    private static final int FILES = 200;
    private static final RawName MARK = RawName.of(".packstone-restore");

    private final byte[] young = RestoreFixture.bytes(LARGE, 1);
    private final byte[] old = young.clone();
    private int partials;

    @Test
    void aFewKills() throws Exception {
        kill(4, 3);
    }

    @Test
    @Tag("soak")
    void aHundredKills() throws Exception {
        kill(100, 4);
    }

    private void kill(int count, long seed) throws Exception {
        for (int at = 0; at < LARGE; at += LARGE / 20) {
            old[at] ^= 1;
        }
        for (int i = 0; i < LARGES; i++) {
            RestoreFixture.file(fixture.source.resolve("large" + i), young);
        }
        for (int i = 0; i < FILES; i++) {
            fixture.file("folder/file" + i, SMALL, i);
        }
        StoredSnapshot snapshot = fixture.snapshot();
        Random random = new Random(seed);
        long usual = 0;
        int killed = 0;
        int halfway = 0;
        for (int round = 0; round <= count; round++) {
            prepare();
            Process process = start();
            if (round == 0) {
                long begun = System.nanoTime();
                assertEquals(0, process.waitFor());
                usual = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            } else {
                process.waitFor(random.nextLong(usual + 1), TimeUnit.MILLISECONDS);
                process.destroyForcibly();
                killed += process.waitFor() == 0 ? 0 : 1;
            }
            halfway += look() ? 1 : 0;
            assertEquals(List.of(), fixture.restore(snapshot).problems());
            assertEquals(List.of(), RestoreFixture.differences(fixture.source, fixture.target), "round " + round);
        }
        System.out.println("restores killed: " + killed + ", " + halfway + " of them halfway, " + partials
                + " large files away under another name, in " + usual + " ms each");
        assertTrue(killed * 2 >= count && halfway > 0, killed + " of " + count + ", " + halfway);
    }

    /** Every other small file is there, with other bytes. */
    private void prepare() throws IOException {
        new TestFolder(fixture.target).delete();
        for (int i = 0; i < LARGES; i++) {
            Path large = RestoreFixture.file(fixture.target.resolve("large" + i), old);
            Files.setLastModifiedTime(large, FileTime.fromMillis(1_000_000_000_000L));
        }
        for (int i = 0; i < FILES; i += 2) {
            RestoreFixture.file(fixture.target.resolve("folder/file" + i), RestoreFixture.bytes(SMALL + 1, FILES + i));
        }
    }

    /** A tree of a test. */
    private record TestFolder(Path path) {
        void delete() throws IOException {
            if (!Files.exists(path)) {
                return;
            }
            try (Stream<Path> all = Files.walk(path)) {
                for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    /** True when it was killed while it restored. */
    private boolean look() throws IOException {
        boolean marked = Files.exists(fixture.target.resolve(MARK.toText()));
        for (int i = 0; i < LARGES; i++) {
            assertOldOrNew("large" + i);
        }
        for (int i = 0; i < FILES; i++) {
            Path file = fixture.target.resolve("folder/file" + i);
            byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            boolean isNew = Arrays.equals(bytes, RestoreFixture.bytes(SMALL, i));
            boolean isOld = i % 2 == 0 && Arrays.equals(bytes, RestoreFixture.bytes(SMALL + 1, FILES + i));
            boolean isAbsent = i % 2 == 1 && !Files.exists(file);
            boolean isTold = i % 2 == 1 && marked;
            assertTrue(isNew || isOld || isAbsent || isTold, file + " is neither, and no mark tells of it");
        }
        return marked;
    }

    /** Under its own name, or away, with what brings it back. */
    private void assertOldOrNew(String name) throws IOException {
        boolean partial = Files.exists(fixture.target.resolve(name + ".packstone-partial"));
        boolean journal = Files.exists(fixture.target.resolve(name + ".packstone-journal"));
        if (partial) {
            assertTrue(journal && !Files.exists(fixture.target.resolve(name)), name + " is there twice, or never");
            partials++;
            return;
        }
        byte[] there = Files.readAllBytes(fixture.target.resolve(name));
        assertTrue(Arrays.equals(there, old) || Arrays.equals(there, young), "a mixture looks whole");
    }

    private Process start() throws IOException {
        List<String> command = List.of(
                MeasuredChild.java().toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                ClassPath.option(),
                RestoreKillTest.class.getName(),
                place.toString());
        Process process = new ProcessBuilder(command)
                .redirectError(place.resolve("errors").toFile())
                .start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        assertEquals("ready", lines.readLine(), this::errors);
        return process;
    }

    private String errors() {
        try {
            return Files.readString(place.resolve("errors"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The process that is killed: the folder of the fixture. */
    public static void main(String[] arguments) throws IOException {
        Path place = Path.of(arguments[0]);
        Secret secret = new Secret.KeyFile(SecretKey.copyOf(new byte[32]));
        try (Repository repository = Repository.open(
                new LocalBackend(place.resolve("repository")),
                secret,
                RepositoryOptions.defaults().withPlainIndex(true))) {
            List<StoredSnapshot> all = repository.loadIndex().snapshots().list().snapshots();
            RestoreOptions options = RestoreOptions.to(RestoreFixture.name(place.resolve("target")))
                    .withPath(TreePath.parse(RestoreFixture.name(place.resolve("source"))));
            System.out.println("ready");
            new Restore(repository).run(all.get(all.size() - 1), options, ProgressListener.NONE);
        }
    }
}
