package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.Backend;
import io.packstone.backend.local.LocalBackend;
import io.packstone.crypto.SecretKey;
import io.packstone.keyslot.Secret;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.disk.Aspect;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a restore over files that are there asks of the repository and of the disk. */
class InPlaceTest extends FixtureCase {
    private static final int PIECE = 1 << 20;
    private static final int PATCH = 64 << 10;
    private static final int FOLDERS = 20;
    private static final int FILES = 50;
    private static final Path IO = Path.of("/proc/self/io");

    @Test
    void ofOneChangedPercentLittleMoreIsFetched() throws IOException {
        patch(64L << 20);
    }

    @Test
    @Tag("soak")
    void ofTenGigabytesAsWell() throws IOException {
        patch(10L << 30);
    }

    /** One byte in 100 of a file of {@code length} is changed, in ranges of 64 KiB, and the file restored in place. */
    private void patch(long length) throws IOException {
        Path source = fixture.source.resolve("image");
        write(source, length);
        FileTime time = Files.getLastModifiedTime(source);
        StoredSnapshot snapshot = fixture.snapshot();
        Files.createDirectory(fixture.target);
        Path target = Files.move(source, fixture.target.resolve("image"));
        TreeSet<Long> changed = change(target, length);
        long needed = lengthOfChunksAt(snapshot, source, changed);
        long written = bytesWritten();
        RestoreReport report = fixture.restore(snapshot, options -> options.withVerify(true));
        written = bytesWritten() - written;
        assertEquals(List.of(), report.problems());
        assertEquals(time, Files.getLastModifiedTime(target));
        assertEquals(needed, report.bytesWritten(), "bytes of changed chunks");
        assertEquals(length - needed, report.bytesReused());
        // What changes goes to the journal and to its place, each byte once, and nothing else does.
        assertTrue(written <= 2 * needed + needed / 50 + (1 << 16), written + " bytes written for " + needed);
        assertEquals(List.of("image"), fixture.namesInTarget());
        System.out.println("in place: of " + length + " bytes " + changed.size() * PATCH + " changed, "
                + report.bytesWritten() + " fetched, " + written + " written, in " + report.seconds() + " s");
    }

    private static void write(Path file, long length) throws IOException {
        Random random = new Random(7);
        byte[] piece = new byte[PIECE];
        try (var output = Files.newOutputStream(file)) {
            for (long at = 0; at < length; at += PIECE) {
                random.nextBytes(piece);
                output.write(piece);
            }
        }
    }

    private static TreeSet<Long> change(Path file, long length) throws IOException {
        Random random = new Random(8);
        TreeSet<Long> places = new TreeSet<>();
        while (places.size() < length / 100 / PATCH) {
            places.add(random.nextLong(length / PATCH) * PATCH);
        }
        byte[] bytes = new byte[PATCH];
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            for (long place : places) {
                random.nextBytes(bytes);
                open.seek(place);
                open.write(bytes);
            }
        }
        return places;
    }

    private long lengthOfChunksAt(StoredSnapshot snapshot, Path file, TreeSet<Long> changed) throws IOException {
        ManifestEntry entry = fixture.repository()
                .manifests()
                .find(snapshot.record().root(), TreePath.parse(RestoreFixture.name(file)));
        assertNotNull(entry);
        BodyReader body = new BodyReader(fixture.repository().chunks(), entry.body());
        long sum = 0;
        while (body.next()) {
            Long before = changed.lower(body.offset() + body.length());
            sum += before != null && before + PATCH > body.offset() ? body.length() : 0;
        }
        return sum;
    }

    /** By this process, as the kernel counts them. */
    private static long bytesWritten() throws IOException {
        return Files.readAllLines(IO).stream()
                .filter(line -> line.startsWith("wchar:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** Counts what is read of packs. */
    private final class Counted implements AutoCloseable {
        private final List<Integer> reads = Collections.synchronizedList(new ArrayList<>());
        private final Repository repository;

        Counted() throws IOException {
            Backend inner = new LocalBackend(place.resolve("repository"));
            Backend counting = (Backend) Proxy.newProxyInstance(
                    Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("read")
                                && arguments[0].toString().startsWith("packs/")) {
                            reads.add((int) arguments[4]);
                        }
                        try {
                            return method.invoke(inner, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
            Secret secret = new Secret.KeyFile(SecretKey.copyOf(new byte[32]));
            repository = Repository.open(
                    counting, secret, RepositoryOptions.defaults().withPlainIndex(true));
            repository.loadIndex();
            reads.clear();
        }

        long bytes() {
            return reads.stream().mapToLong(Integer::longValue).sum();
        }

        RestoreReport restore(StoredSnapshot snapshot, Path what, Overwrite rule) throws IOException {
            RestoreOptions options = RestoreOptions.to(RestoreFixture.name(fixture.target))
                    .withPath(TreePath.parse(RestoreFixture.name(what)))
                    .withOverwrite(rule);
            return new Restore(repository).run(snapshot, options, ProgressListener.NONE);
        }

        @Override
        public void close() throws IOException {
            repository.close();
        }
    }

    private StoredSnapshot manyFiles() throws IOException {
        for (int folder = 0; folder < FOLDERS; folder++) {
            for (int file = 0; file < FILES; file++) {
                fixture.file("folder" + folder + "/file" + file, 20_000, folder * 100 + file);
            }
        }
        return fixture.snapshot();
    }

    /** One file costs the block it is in and a few nodes; what stays, by whichever rule, costs the list of files only. */
    @Test
    void onlyWhatIsNeededIsRead() throws IOException {
        StoredSnapshot snapshot = manyFiles();
        try (Counted counted = new Counted()) {
            Path file = fixture.source.resolve("folder7/file40");
            assertEquals(
                    1, counted.restore(snapshot, file, Overwrite.IF_CHANGED).filesRestored());
            System.out.println("one file of " + FOLDERS * FILES + ": reads of " + counted.reads + " bytes");
            assertTrue(counted.reads.size() <= 6 && counted.bytes() < 5 << 20, counted.reads.toString());
            Files.delete(fixture.target.resolve("file40"));
        }
        fixture.restore(snapshot);
        for (Overwrite rule : Overwrite.values()) {
            try (Counted counted = new Counted()) {
                RestoreReport report = counted.restore(snapshot, fixture.source, rule);
                assertEquals(FOLDERS * FILES, report.filesUnchanged(), rule.name());
                assertEquals(0, report.bytesWritten(), rule.name());
                assertTrue(counted.bytes() < 2 << 20, rule + " " + counted.reads);
            }
        }
    }

    /** A folder with other things in it is no reason to refuse, and they stay. */
    @Test
    void aTargetNeedNotBeEmpty() throws IOException {
        fixture.file("a", 1000, 1);
        StoredSnapshot snapshot = fixture.snapshot();
        Path mine = RestoreFixture.file(fixture.target.resolve("mine"), new byte[5]);
        assertEquals(1, fixture.restore(snapshot).filesRestored());
        assertEquals(5, Files.size(mine));
    }

    @Test
    void aHundredThousandOwnersThatCantBeSetAreOneLine() {
        List<String> warnings = new ArrayList<>();
        ProgressListener progress = new ProgressListener() {
            @Override
            public void warn(String message) {
                warnings.add(message);
            }
        };
        Tally tally = new Tally(progress, action -> {});
        for (int i = 0; i < 100_000; i++) {
            tally.notSet(Aspect.OWNER, () -> "/some/path", "operation not permitted (EPERM)");
        }
        RestoreReport report = tally.report(1);
        assertEquals(100_000, report.errors());
        assertEquals(1, report.problems().size());
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains("99999 more"), warnings.get(0));
    }
}
