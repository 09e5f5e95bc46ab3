package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.local.LocalBackend;
import io.packstone.backup.BackupReport;
import io.packstone.browse.Comparison;
import io.packstone.browse.TarOutput;
import io.packstone.chunker.ChunkerParameters;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.error.UnlockException;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.Secret;
import io.packstone.metadata.TreePath;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.RestoreReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RoundTripTest {
    @TempDir
    Path folder = Path.of("");

    private Workplace place;

    @BeforeEach
    void init() throws IOException {
        place = new Workplace(folder);
        place.fill(1, 120, 400_000);
        place.init();
    }

    @Test
    void whatWasSnapshottedIsRestored() throws IOException {
        BackupReport report = place.snapshot();
        assertEquals("complete", report.status());
        assertEquals(0, report.filesUnchanged());
        try (Repository opened = place.open()) {
            Path target = place.restore(opened, Workplace.newest(opened.loadIndex()));
            assertEquals(Workplace.describe(place.source), Workplace.describe(target));
            assertEquals(List.of(), Workplace.check(opened));
        }
    }

    @Test
    void filesThatHadToBeReadAreComparedBeforeTheyCount() throws IOException {
        Path touched = Files.writeString(place.source.resolve("touched"), "touched");
        place.snapshot();
        Path rewritten = place.source.resolve("rewritten");
        Files.writeString(rewritten, "same");
        BackupReport first = place.snapshot();
        assertEquals(1, first.filesNew());
        assertEquals(0, first.filesChanged());
        Files.write(rewritten, "size".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        FileTime time = Files.getLastModifiedTime(touched);
        Files.setLastModifiedTime(touched, FileTime.from(time.toInstant().plusNanos(1)));
        BackupReport second = place.snapshot();
        assertEquals(2, second.filesChanged());
        assertEquals(0, second.filesNew());
        assertEquals(first.filesUnchanged() - 1, second.filesUnchanged());
        Files.setLastModifiedTime(touched, time);
        Files.setLastModifiedTime(touched, FileTime.from(time.toInstant().plusNanos(1)));
        assertEquals(0, place.snapshot().filesChanged(), "only its change time differs");
    }

    @Test
    void oneByteOfALongFileCostsOneChunk() throws IOException {
        byte[] bytes = new byte[12 << 20];
        new Random(3).nextBytes(bytes);
        Path file = Files.write(place.source.resolve("long"), bytes);
        place.snapshot();
        bytes[5_000_000]++;
        Files.write(file, bytes);
        BackupReport second = place.snapshot();
        assertTrue(second.bytesRead() > bytes.length, "all of it is read");
        assertTrue(second.bytesNew() <= new ChunkerParameters(ChunkerParameters.DEFAULT_AVERAGE).max());
        try (Repository opened = place.open()) {
            Path target = place.restore(opened, Workplace.newest(opened.loadIndex()));
            assertEquals(Workplace.describe(place.source), Workplace.describe(target));
        }
    }

    @Test
    void unchangedFilesAreNotReadAgain() throws Exception {
        place.snapshot();
        Thread.sleep(2500);
        Files.writeString(place.source.resolve("new"), "new");
        place.snapshot();
        BackupReport second = place.snapshot();
        assertEquals(0, second.filesChanged() + second.filesNew());
        assertEquals(3, second.bytesRead(), "a file this young is read to see that it did not change");
        try (Repository opened = place.open()) {
            List<StoredSnapshot> all = opened.snapshots().list().snapshots();
            assertEquals(Set.of(), changes(opened, all.get(1), all.get(2)));
            assertEquals(
                    new TreeSet<>(List.of(
                            "ADDED " + TreePath.parse(Workplace.name(place.source.resolve("new"))),
                            "METADATA " + TreePath.parse(Workplace.name(place.source)))),
                    changes(opened, all.get(0), all.get(1)));
        }
    }

    /** What differs in the source folder; the folders above it belong to others. */
    private Set<String> changes(Repository opened, StoredSnapshot before, StoredSnapshot after) throws IOException {
        TreeSet<String> changes = new TreeSet<>();
        TreePath source = TreePath.parse(Workplace.name(place.source));
        new Comparison(opened.loadIndex()).diff(before, after, (path, change) -> {
            if (source.contains(path)) {
                changes.add(change + " " + path);
            }
        });
        return changes;
    }

    @Test
    void restoringOverWhatIsThereChangesOnlyWhatDiffers() throws IOException {
        place.snapshot();
        try (Repository opened = place.open()) {
            StoredSnapshot snapshot = Workplace.newest(opened.loadIndex());
            Path target = place.restore(opened, snapshot);
            Path changed = target.resolve("d0/e0");
            try (var files = Files.list(changed)) {
                Path file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
                Files.writeString(file, "other");
            }
            Path outside = folder.toRealPath().resolve("outside");
            Files.createDirectories(outside);
            Files.writeString(outside.resolve("kept"), "kept");
            RestoreReport again = place.restore(opened, snapshot, target);
            assertEquals(1, again.filesRestored() - 0L, again.toString());
            assertEquals(Workplace.describe(place.source), Workplace.describe(target));
        }
    }

    @Test
    void aLinkInTheTargetIsNeverFollowed() throws IOException {
        place.snapshot();
        try (Repository opened = place.open()) {
            Path outside = folder.toRealPath().resolve("outside");
            Files.createDirectories(outside);
            Path target = place.newTarget();
            Files.createDirectories(target);
            Files.createSymbolicLink(target.resolve("d0"), outside);
            place.restore(opened, Workplace.newest(opened), target);
            try (var below = Files.list(outside)) {
                assertEquals(0, below.count());
            }
            assertFalse(Files.isSymbolicLink(target.resolve("d0")));
        }
    }

    @Test
    void aKilledRestoreIsRecognisedAndFinished() throws IOException {
        place.snapshot();
        try (Repository opened = place.open()) {
            StoredSnapshot snapshot = Workplace.newest(opened.loadIndex());
            Path target = place.restore(opened, snapshot);
            Files.writeString(target.resolve(".packstone-restore"), "");
            try (var files = Files.walk(target)) {
                Path victim = files.filter(
                                f -> Files.isRegularFile(f) && f.toFile().length() > 100)
                        .findFirst()
                        .orElseThrow();
                var time = Files.getLastModifiedTime(victim);
                byte[] bytes = Files.readAllBytes(victim);
                bytes[50] ^= 1;
                Files.write(victim, bytes);
                Files.setLastModifiedTime(victim, time);
            }
            place.restore(opened, snapshot, target);
            assertEquals(Workplace.describe(place.source), Workplace.describe(target));
        }
    }

    @Test
    void keySlotsComeAndGo() throws IOException {
        Secret other = Secret.Password.of("other");
        assertThrows(
                UnlockException.class,
                () -> Repository.open(new LocalBackend(place.repository), other, RepositoryOptions.defaults()));
        try (Repository opened = place.open()) {
            opened.keyRegistry().add(other, "second", KeyCost.TEST, Clock.systemUTC());
        }
        try (Repository opened =
                Repository.open(new LocalBackend(place.repository), other, RepositoryOptions.defaults())) {
            opened.keyRegistry().replace(Workplace.SECRET, other, KeyCost.TEST, Clock.systemUTC());
        }
        assertThrows(UnlockException.class, () -> place.open());
    }

    @Test
    void aPlaceWithoutARepositorySaysSo() {
        RepositoryException thrown = assertThrows(
                RepositoryException.class, () -> Workplace.open(new LocalBackend(folder.resolve("nothing"))));
        assertEquals(ErrorKind.NO_REPOSITORY, thrown.kind());
    }

    @Test
    void tarHoldsEverything() throws IOException {
        place.snapshot();
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        try (Repository opened = place.open()) {
            new TarOutput(opened.loadIndex(), tar)
                    .write(
                            Workplace.newest(opened),
                            TreePath.parse(Workplace.name(place.source)),
                            org.junit.jupiter.api.Assertions::fail);
        }
        assertEquals(0, tar.size() % 512);
        assertNotNull(tar);
    }

    @Test
    void twoSnapshotsAndACheckAtOnceAllSucceed() throws Exception {
        try (Repository one = place.open();
                Repository two = place.open()) {
            var executor = java.util.concurrent.Executors.newFixedThreadPool(2);
            var first = executor.submit(() -> place.snapshot(one));
            var second = executor.submit(() -> place.snapshot(two));
            assertNotNull(first.get().snapshot());
            assertNotNull(second.get().snapshot());
            executor.shutdown();
        }
        try (Repository opened = place.open()) {
            assertEquals(2, opened.loadIndex().snapshots().list().snapshots().size());
            assertEquals(List.of(), Workplace.check(opened));
        }
    }
}
