package io.packstone.backup.changes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.backup.BackupReport;
import io.packstone.endtoend.Scratch;
import io.packstone.endtoend.Workplace;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.metadata.Timestamp;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.source.WalkGuide;
import io.packstone.source.rules.Rules;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A snapshot of what changed has what a walk of everything would find. */
final class ChangesTest {
    private static final long SEED = Long.getLong("packstone.seed", 7);
    private static final int ROUNDS = 150;

    private final MemoryBackend backend = new MemoryBackend();
    private final Random random = new Random(SEED);
    private Changes changes = new Changes();
    private Path place = Path.of("");
    private Path source = Path.of("");
    private int names;

    /** Not in the system's temporary folder: others change its time, which is in every snapshot. */
    @BeforeEach
    void init() throws IOException {
        place = Files.createTempDirectory(Path.of("target").toRealPath(), "changes");
        source = Files.createDirectory(place.resolve("source"));
        InitOptions options = InitOptions.defaults().withKeyCost(KeyCost.TEST).withChunkAverage(16384);
        Repository.init(backend, options, Workplace.SECRET, Clock.systemUTC());
    }

    @AfterEach
    void clear() throws IOException {
        Scratch.delete(place);
    }

    private BackupOptions options() {
        Rules rules = Rules.NONE.withIgnoreFiles(true);
        return BackupOptions.of(List.of(Workplace.name(source)), "host", "user").withRules(rules);
    }

    private static BackupReport take(Repository opened, BackupOptions options) throws IOException {
        return new Backup(opened, Clock.systemUTC()).run(options, ProgressListener.NONE);
    }

    private BackupReport takeChanges(Repository opened, SnapshotId since) throws IOException {
        Changes taken = changes;
        changes = new Changes();
        Extent extent = new Extent(taken, WalkGuide.ALL, true);
        return take(opened, options().withExtent(extent).withParent(since));
    }

    private static SnapshotRecord record(Repository opened, SnapshotId id) throws IOException {
        return opened.snapshots().record(id);
    }

    private static TreePath tree(Path path) {
        return TreePath.parse(Workplace.name(path));
    }

    private String fresh() {
        return "n" + names++;
    }

    private List<Path> all(boolean folders) throws IOException {
        try (Stream<Path> below = Files.walk(source)) {
            return new ArrayList<>(below.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) == folders)
                    .sorted()
                    .toList());
        }
    }

    private Path any(List<Path> paths) {
        return paths.get(random.nextInt(paths.size()));
    }

    /** As a watch takes what the system tells of: a file of rules stands for its whole folder. */
    private void tell(Path path) {
        if (path.endsWith(".packstoneignore")) {
            changes.addWhole(tree(path.getParent()));
        }
        changes.add(tree(path));
    }

    private void write(Path file) throws IOException {
        byte[] bytes = new byte[random.nextInt(40_000)];
        random.nextBytes(bytes);
        Files.write(file, bytes);
        tell(file);
    }

    private void makeFolder(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("below"));
        changes.addWhole(tree(folder));
        for (int i = random.nextInt(4); i > 0; i--) {
            Files.writeString(folder.resolve("below").resolve(fresh()), fresh());
        }
    }

    /** Something that people do, and what the system would tell of it. */
    private void change() throws IOException {
        Path folder = any(all(true));
        List<Path> files = all(false);
        Path file = files.isEmpty() ? folder.resolve(fresh()) : any(files);
        switch (random.nextInt(11)) {
            case 0, 1, 2 -> write(folder.resolve(fresh()));
            case 3 -> write(file);
            case 4 -> {
                Files.deleteIfExists(file);
                tell(file);
            }
            case 5 -> makeFolder(folder.resolve(fresh()));
            case 6 -> remove(folder);
            case 7 -> rename(folder);
            case 8 -> {
                Files.setPosixFilePermissions(
                        folder, PosixFilePermissions.fromString(random.nextBoolean() ? "rwx------" : "rwxr-xr-x"));
                changes.add(tree(folder));
            }
            case 9 -> {
                Files.deleteIfExists(file);
                tell(file);
                makeFolder(file);
            }
            default -> {
                Path rules = folder.resolve(".packstoneignore");
                if (!Files.isDirectory(rules)) {
                    Files.writeString(rules, random.nextBoolean() ? "n*3\n" : "below/\n!n1*\n");
                    tell(rules);
                }
            }
        }
        changes.add(tree(source));
    }

    private void remove(Path folder) throws IOException {
        if (!folder.equals(source)) {
            Scratch.delete(folder);
            changes.addWhole(tree(folder));
            if (random.nextInt(3) == 0) {
                write(folder);
            }
        }
    }

    private void rename(Path folder) throws IOException {
        Path target = any(all(true)).resolve(fresh());
        if (!folder.equals(source) && !target.startsWith(folder)) {
            Files.move(folder, target);
            changes.addWhole(tree(folder));
            changes.addWhole(tree(target));
        }
    }

    @Test
    void isTheManifestOfAWalkOfEverything() throws IOException {
        try (Repository opened = Workplace.openPlainly(backend)) {
            for (int i = 0; i < 30; i++) {
                change();
            }
            SnapshotId last = take(opened, options()).snapshot();
            changes = new Changes();
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = random.nextInt(5); i >= 0; i--) {
                    change();
                }
                BackupReport report = takeChanges(opened, assertNotNullId(last));
                last = report.snapshot() == null ? last : report.snapshot();
                SnapshotRecord micro = record(opened, assertNotNullId(last));
                SnapshotRecord whole =
                        record(opened, assertNotNullId(take(opened, options()).snapshot()));
                String when = "round " + round + ", -Dpackstone.seed=" + SEED;
                assertEquals(whole.root(), micro.root(), when);
                assertEquals(whole.counts().files(), micro.counts().files(), when);
                assertEquals(whole.counts().bytes(), micro.counts().bytes(), when);
            }
        }
    }

    private static SnapshotId assertNotNullId(SnapshotId id) {
        assertNotNull(id);
        return id;
    }

    @Test
    void whatDidNotChangeIsNeitherReadNorListed() throws IOException {
        for (int i = 0; i < 60; i++) {
            Path folder = Files.createDirectory(source.resolve("folder" + i));
            for (int file = 0; file < 50; file++) {
                Files.writeString(folder.resolve("f" + file), "file " + i + " " + file);
            }
        }
        try (Repository opened = Workplace.openPlainly(backend)) {
            SnapshotId first = assertNotNullId(take(opened, options()).snapshot());
            Path other = source.resolve("folder7/f3");
            Files.writeString(other, "nobody tells of this");
            Path file = source.resolve("folder33/f20");
            Files.writeString(file, " and more", StandardOpenOption.APPEND);
            changes.add(tree(file));
            BackupReport report = takeChanges(opened, first);
            assertEquals(Files.size(file), report.bytesRead());
            assertEquals(1, report.filesChanged());
            assertEquals(2_999, report.filesUnchanged());
            assertTrue(report.bytesStored() < 100_000, report.bytesStored() + " bytes stored");
            changes.add(tree(other));
            assertEquals(
                    1, takeChanges(opened, assertNotNullId(report.snapshot())).filesChanged());
        }
    }

    /** The system tells of one name of a file only. */
    @Test
    void whoLooksAtAFileOfSeveralNamesIsTold() throws IOException {
        Files.writeString(source.resolve("one"), "text");
        Files.writeString(source.resolve("plain"), "text");
        Files.createLink(source.resolve("other"), source.resolve("one"));
        try (Repository opened = Workplace.openPlainly(backend)) {
            SnapshotId first = assertNotNullId(take(opened, options()).snapshot());
            for (String name : List.of("plain", "one")) {
                Files.writeString(source.resolve(name), "changed");
                Changes told = new Changes();
                told.add(tree(source.resolve(name)));
                take(
                        opened,
                        options()
                                .withExtent(new Extent(told, WalkGuide.ALL, true))
                                .withParent(first));
                assertEquals(name.equals("one"), told.foundLinks());
            }
        }
    }

    /** It may have changed in the tick of the clock in which it was read, long before the parent. */
    @Test
    void whatIsToldOfIsReadWhateverItsTimesSay() throws IOException {
        Path file = source.resolve("file");
        Files.writeString(file, "text");
        Timestamp later = new Timestamp(Clock.systemUTC().instant().getEpochSecond() + 3_600, 0);
        BackupOptions settled = options().withLabel(new BackupOptions.Label("host", "user", List.of(), later));
        try (Repository opened = Workplace.openPlainly(backend)) {
            SnapshotId first = assertNotNullId(take(opened, settled).snapshot());
            assertEquals(0, take(opened, options().withParent(first)).bytesRead());
            changes.add(tree(file));
            assertEquals(Files.size(file), takeChanges(opened, first).bytesRead());
        }
    }

    @Test
    void noSnapshotIsTakenWhereNothingChanged() throws IOException {
        Files.writeString(source.resolve("file"), "text");
        try (Repository opened = Workplace.openPlainly(backend)) {
            SnapshotId first = assertNotNullId(take(opened, options()).snapshot());
            changes.add(tree(source.resolve("file")));
            changes.add(tree(source.resolve("never there")));
            assertNull(takeChanges(opened, first).snapshot());
            assertEquals(1, opened.snapshots().list().snapshots().size());
            assertEquals(0, backend.count("jobs/"));
        }
    }

    /** What could not be read before, and is not looked at again, is still told; once it is read, it is not. */
    @Test
    void problemsStandUntilTheyAreLookedAt() throws IOException {
        Path gone = place.resolve("gone");
        Files.writeString(source.resolve("file"), "text");
        BackupOptions both = BackupOptions.of(List.of(Workplace.name(source), Workplace.name(gone)), "host", "user");
        try (Repository opened = Workplace.openPlainly(backend)) {
            SnapshotId first = assertNotNullId(take(opened, both).snapshot());
            assertEquals(SnapshotRecord.DEGRADED, record(opened, first).status());
            Files.writeString(gone, "found again");
            Files.writeString(source.resolve("file"), "other text");
            changes.add(tree(source.resolve("file")));
            SnapshotId second = assertNotNullId(take(
                            opened,
                            both.withExtent(new Extent(changes, WalkGuide.ALL, true))
                                    .withParent(first))
                    .snapshot());
            assertEquals(SnapshotRecord.DEGRADED, record(opened, second).status());
            assertEquals(1, record(opened, second).problemCount());
            changes = new Changes();
            changes.add(tree(gone));
            SnapshotId third = assertNotNullId(take(
                            opened,
                            both.withExtent(new Extent(changes, WalkGuide.ALL, true))
                                    .withParent(second))
                    .snapshot());
            assertEquals(SnapshotRecord.COMPLETE, record(opened, third).status());
        }
    }
}
