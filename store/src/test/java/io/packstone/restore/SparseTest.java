package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.backup.BackupReport;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.Posix;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holes are not read, not stored as anything new, and are holes again; whatever is said of them, bytes are right. */
class SparseTest extends FixtureCase {
    private static final int BLOCK = 4096;

    @BeforeEach
    void needsHoles() throws IOException {
        Path file = place.resolve("probe");
        write(file, 1 << 20, 1 << 19);
        Assumptions.assumeTrue(layout(file).size() > 1, "the file system of " + place + " has no holes");
    }

    /** One byte at each offset, and a hole wherever a block has none. */
    private static void write(Path file, long length, long... offsets) throws IOException {
        try (DirectoryHandle folder = new Posix()
                        .openRoot(
                                RestoreFixture.name(file).equals(RawName.EMPTY)
                                        ? RawName.of("/")
                                        : RestoreFixture.name(file.getParent()));
                FileHandle handle =
                        folder.createFile(RawName.of(file.getFileName().toString()), 0600)) {
            for (long offset : offsets) {
                handle.write(offset, new byte[] {(byte) (1 + offset % 255)}, 0, 1);
            }
            handle.truncate(length);
            handle.sync();
        }
    }

    /** Where data begins and ends, alternately, as SEEK_DATA and SEEK_HOLE say. */
    private static List<Long> layout(Path file) throws IOException {
        List<Long> bounds = new ArrayList<>();
        try (DirectoryHandle folder = new Posix().openRoot(RestoreFixture.name(file.getParent()));
                FileHandle handle =
                        folder.openFile(RawName.of(file.getFileName().toString()))) {
            long size = handle.stat().size();
            for (long data = handle.nextData(0); data >= 0 && data < size; ) {
                long hole = handle.nextHole(data);
                bounds.add(data);
                bounds.add(hole);
                data = hole < size ? handle.nextData(hole) : -1;
            }
            bounds.add(size);
        }
        return bounds;
    }

    private BackupReport take() throws IOException {
        BackupOptions options = BackupOptions.of(List.of(RestoreFixture.name(fixture.source)), "host", "user");
        return new Backup(fixture.repository(), Clock.systemUTC()).run(options, ProgressListener.NONE);
    }

    private ManifestEntry entry(StoredSnapshot snapshot, String name) throws IOException {
        TreePath path = TreePath.parse(RestoreFixture.name(fixture.source.resolve(name)));
        ManifestEntry entry =
                fixture.repository().manifests().find(snapshot.record().root(), path);
        assertNotNull(entry);
        return entry;
    }

    private StoredSnapshot newest() throws IOException {
        List<StoredSnapshot> all = fixture.repository().snapshots().list().snapshots();
        return all.get(all.size() - 1);
    }

    @Test
    void holesAreNeitherReadNorWrittenAndComeBackWhereTheyWere() throws IOException {
        Random random = new Random(3);
        write(fixture.source.resolve("all hole"), 3_000_000);
        write(fixture.source.resolve("ends in one"), 3_000_001, 0, 1_000_000);
        write(fixture.source.resolve("begins with one"), 3_000_000, 2_999_999);
        write(fixture.source.resolve("one block"), 4096);
        write(fixture.source.resolve("less than a block"), 5);
        write(fixture.source.resolve("none"), BLOCK, 0);
        write(
                fixture.source.resolve("many"),
                20_000_000,
                random.longs(200, 0, 20_000_000).toArray());
        BackupReport report = take();
        assertTrue(report.bytesRead() <= 206 * BLOCK, report.bytesRead() + " bytes read");
        assertEquals(0, fixture.restore(newest()).errors());
        assertEquals(List.of(), RestoreFixture.differences(fixture.source, fixture.target));
        for (Path file : Files.list(fixture.source).toList()) {
            assertEquals(layout(file), layout(fixture.target.resolve(file.getFileName())), file.toString());
        }
    }

    @Test
    void aHoleIsTheSameChunksAsZerosThatWereWritten() throws IOException {
        write(fixture.source.resolve("a sparse one"), 5_000_000, 1_234_567, 4_000_000);
        byte[] bytes = Files.readAllBytes(fixture.source.resolve("a sparse one"));
        RestoreFixture.file(fixture.source.resolve("b full one"), bytes);
        StoredSnapshot snapshot = fixture.snapshot();
        assertEquals(
                entry(snapshot, "a sparse one").body(),
                entry(snapshot, "b full one").body());
        assertEquals(3, entry(snapshot, "a sparse one").holes().count());
        assertEquals(0, entry(snapshot, "b full one").holes().count());
        fixture.restore(snapshot);
        assertEquals(3, layout(fixture.target.resolve("b full one")).size());
    }

    @Test
    void fourGibibytesOfHoleCostNothing() throws IOException {
        long length = (4L << 30) + 1;
        write(fixture.source.resolve("image"), length, 5L << 28, length - 1);
        BackupReport report = take();
        assertTrue(report.bytesRead() <= 3 * BLOCK, report.bytesRead() + " bytes read");
        assertTrue(report.bytesNew() < 2 << 20, report.bytesNew() + " new bytes");
        RestoreReport restored = fixture.restore(newest());
        assertEquals(0, restored.errors());
        assertTrue(restored.bytesWritten() < 2 << 20, restored.bytesWritten() + " bytes written");
        assertEquals(layout(fixture.source.resolve("image")), layout(fixture.target.resolve("image")));
    }

    @Test
    void anUnchangedFileKeepsItsLayoutAndAChangedOneGetsItsNewOne() throws Exception {
        Path file = fixture.source.resolve("file");
        write(file, 1 << 20, 1 << 19);
        StoredSnapshot first = fixture.snapshot();
        Thread.sleep(2100); // What was changed right before the snapshot is read again.
        StoredSnapshot second = fixture.snapshot();
        assertEquals(entry(first, "file").holes(), entry(second, "file").holes());
        try (DirectoryHandle folder = new Posix().openRoot(RestoreFixture.name(fixture.source));
                FileHandle handle = folder.openFileToWrite(RawName.of("file"))) {
            handle.write(0, new byte[] {9}, 0, 1);
            handle.sync();
        }
        StoredSnapshot third = fixture.snapshot();
        assertEquals(BLOCK, entry(third, "file").holes().start(0));
        fixture.restore(second);
        fixture.restore(third);
        assertEquals(layout(file), layout(fixture.target.resolve("file")));
    }
}
