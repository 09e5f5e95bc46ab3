package io.packstone.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.FixtureCase;
import io.packstone.restore.RestoreFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A file that changes under the reader's eyes is read three times, then taken as it is, and called what it is. */
class ChangingFileTest extends FixtureCase {
    private static final int LENGTH = 3_000_000;

    /** Appends to the file whenever bytes of it were read, {@code times} times. */
    private static ProgressListener appending(Path file, AtomicInteger times) {
        return new ProgressListener() {
            @Override
            public synchronized void advance(long files, long bytes) {
                if (bytes > 0 && times.getAndDecrement() > 0) {
                    try {
                        Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
            }
        };
    }

    private BackupReport take(ProgressListener progress) throws IOException {
        BackupOptions options = BackupOptions.of(List.of(RestoreFixture.name(fixture.source)), "host", "user");
        return new Backup(fixture.repository(), Clock.systemUTC()).run(options, progress);
    }

    private ManifestEntry entry(Path file) throws IOException {
        List<StoredSnapshot> all = fixture.repository().snapshots().list().snapshots();
        ManifestEntry entry = fixture.repository()
                .manifests()
                .find(all.get(all.size() - 1).record().root(), TreePath.parse(RestoreFixture.name(file)));
        assertNotNull(entry);
        return entry;
    }

    @Test
    void oneThatHoldsStillInTheEndIsWhole() throws IOException {
        Path file = fixture.file("file", LENGTH, 1);
        BackupReport report = take(appending(file, new AtomicInteger(1)));
        assertEquals("complete", report.status());
        assertFalse(entry(file).changedWhileRead());
        assertEquals(LENGTH + 1, entry(file).body().plainLength());
        assertEquals(2L * LENGTH + 1, report.bytesRead(), "it was read twice");
    }

    @Test
    void oneThatNeverDoesIsToldOf() throws IOException {
        Path file = fixture.file("file", LENGTH, 1);
        BackupReport report = take(appending(file, new AtomicInteger(Integer.MAX_VALUE)));
        assertEquals("degraded", report.status());
        assertEquals(1, report.errors());
        assertTrue(report.problems().get(0).message().contains("changed while it was read"));
        assertTrue(entry(file).changedWhileRead());
        assertTrue(report.bytesRead() >= 3L * LENGTH, "it was read three times");
        assertEquals("complete", take(ProgressListener.NONE).status());
        assertFalse(entry(file).changedWhileRead(), "one that was torn is read again, whatever its times say");
    }
}
