package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.backend.local.LocalBackend;
import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.backup.BackupReport;
import io.packstone.backup.resume.Interval;
import io.packstone.crypto.Hmac;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.Secret;
import io.packstone.maintenance.Check;
import io.packstone.maintenance.CheckOptions;
import io.packstone.maintenance.CheckReport.Damage;
import io.packstone.maintenance.healing.Repair;
import io.packstone.maintenance.healing.RepairOptions;
import io.packstone.maintenance.prune.Prune;
import io.packstone.maintenance.prune.PruneOptions;
import io.packstone.maintenance.retention.TimeSpan;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.Restore;
import io.packstone.restore.RestoreOptions;
import io.packstone.restore.RestoreReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A source folder, a repository and targets below one temporary folder. */
public final class Workplace {
    public static final Secret SECRET = Secret.Password.of("correct horse");

    public final Path source;
    public final Path repository;
    private final Path folder;
    private int targets;

    public Workplace(Path folder) throws IOException {
        this.folder = folder.toRealPath();
        source = this.folder.resolve("source");
        repository = this.folder.resolve("repository");
    }

    public static RawName name(Path path) {
        return RawName.of(path.toString());
    }

    public void init() throws IOException {
        init(InitOptions.defaults().withKeyCost(KeyCost.TEST));
    }

    public void init(InitOptions options) throws IOException {
        try (Backend backend = new LocalBackend(repository)) {
            Repository.init(backend, options, SECRET, Clock.systemUTC());
        }
    }

    public Repository open() throws IOException {
        return open(new LocalBackend(repository));
    }

    public static Repository open(Backend backend) throws IOException {
        return Repository.open(backend, SECRET, RepositoryOptions.defaults());
    }

    /** Without a database, which takes longer to make than a small test does. */
    public static Repository openPlainly(Backend backend) throws IOException {
        return Repository.open(backend, SECRET, RepositoryOptions.defaults().withPlainIndex(true));
    }

    public BackupReport snapshot(Repository opened) throws IOException {
        return snapshot(opened, Interval.USUAL);
    }

    /** With partial ones so often. */
    public BackupReport snapshot(Repository opened, Interval checkpoints) throws IOException {
        return snapshot(opened, checkpoints, Clock.systemUTC());
    }

    /** By another clock. */
    public BackupReport snapshot(Repository opened, Interval checkpoints, Clock clock) throws IOException {
        BackupOptions options =
                BackupOptions.of(List.of(name(source)), "host", "user").withCheckpoints(checkpoints);
        return new Backup(opened, clock).run(options, ProgressListener.NONE);
    }

    public BackupReport snapshot() throws IOException {
        try (Repository opened = open()) {
            return snapshot(opened);
        }
    }

    public static StoredSnapshot newest(Repository opened) throws IOException {
        List<StoredSnapshot> snapshots = opened.snapshots().list().snapshots();
        return snapshots.get(snapshots.size() - 1);
    }

    /** Restores what the source folder held into a new folder. */
    public Path restore(Repository opened, StoredSnapshot snapshot) throws IOException {
        Path target = newTarget();
        RestoreReport report = restore(opened, snapshot, target);
        if (report.errors() > 0) {
            throw new IOException("not everything was restored: " + report.problems());
        }
        return target;
    }

    public Path newTarget() {
        return folder.resolve("target" + targets++);
    }

    public RestoreReport restore(Repository opened, StoredSnapshot snapshot, Path target) throws IOException {
        RestoreOptions options = RestoreOptions.to(name(target)).withPath(TreePath.parse(name(source)));
        return new Restore(opened).run(snapshot, options, ProgressListener.NONE);
    }

    /** Frees what can be freed in that way. */
    public static void prune(Repository opened, PruneOptions options) throws IOException {
        try (Prune prune = new Prune(opened.loadIndex(), Clock.systemUTC())) {
            prune.apply(prune.plan(options, ProgressListener.NONE), ProgressListener.NONE);
        }
    }

    /** Frees all that can be freed, and takes everybody for dead. */
    public static void pruneAll(Repository opened) throws IOException {
        prune(opened, PruneOptions.defaults().withMaxUnused(0).withStaleAfter(TimeSpan.NONE));
    }

    /** What a check of all data tells; the index must be loaded. */
    public static List<Damage> check(Repository opened) throws IOException {
        return new Check(opened)
                .run(CheckOptions.ALL_DATA, ProgressListener.NONE)
                .errors();
    }

    /** True for the second copy of an object that is stored twice: the process was stopped between the two. */
    public static boolean isHalfPut(Damage damage) {
        return damage.kind().equals("missing") && damage.object().endsWith(".b");
    }

    /** Expects that a check of all data tells of nothing but second copies that were not put yet. */
    public static void onlyCopiesAreMissing(Repository opened) throws IOException {
        for (Damage damage : check(opened)) {
            assertTrue(isHalfPut(damage), damage.toString());
        }
    }

    /** As above; then copies of what no session completes, of key slots and of words that forget, are put by a repair. */
    public static void nothingIsDamaged(Repository opened) throws IOException {
        if (!check(opened).isEmpty()) {
            onlyCopiesAreMissing(opened);
            new Repair(opened, RepairOptions.of("test"), Clock.systemUTC()).run(ProgressListener.NONE);
            assertEquals(List.of(), check(opened));
        }
    }

    /** The objects by which processes announce what they are about: of those that ended none is left. */
    public static List<String> announcements(Backend backend) throws IOException {
        List<String> names = new ArrayList<>();
        for (String prefix : List.of(ObjectNames.JOBS, ObjectNames.GC_EXEC)) {
            backend.list(prefix, (name, length) -> names.add(name));
        }
        return names;
    }

    /** Fills the source with files of many lengths, links and folders. */
    public void fill(long seed, int files, int longest) throws IOException {
        Random random = new Random(seed);
        Files.createDirectories(source);
        for (int i = 0; i < files; i++) {
            Path folderOf = source.resolve("d" + random.nextInt(4)).resolve("e" + random.nextInt(3));
            Files.createDirectories(folderOf);
            byte[] bytes = new byte[random.nextInt(10) == 0 ? 0 : random.nextInt(longest)];
            if (random.nextBoolean()) {
                random.nextBytes(bytes);
            }
            Path file = folderOf.resolve("f" + i + (i % 5 == 0 ? " \u00e4\n" : ""));
            Files.write(file, bytes);
            Files.setLastModifiedTime(
                    file, FileTime.from(Instant.ofEpochSecond(1_600_000_000L + i, random.nextInt(1_000_000_000))));
            if (i % 7 == 0) {
                Files.createSymbolicLink(folderOf.resolve("s" + i), Path.of("../e0/f" + i));
            }
            if (i % 9 == 0) {
                Files.createLink(folderOf.resolve("h" + i), file);
            }
        }
        Files.createDirectories(source.resolve("empty"));
    }

    /** Rewrites, lengthens, removes or adds files, each with a time in the past. */
    public void change(Random random, int count, int longest) throws IOException {
        List<Path> files;
        try (Stream<Path> below = Files.walk(source)) {
            files = below.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
        for (int i = 0; i < count; i++) {
            Path file = files.get(random.nextInt(files.size()));
            byte[] bytes = new byte[1 + random.nextInt(longest)];
            random.nextBytes(bytes);
            switch (random.nextInt(4)) {
                case 0 -> Files.deleteIfExists(file);
                case 1 -> write(file.resolveSibling("n" + random.nextInt(1000)), bytes, random.nextInt(1_000_000_000));
                default -> write(file, bytes, random.nextInt(1_000_000_000));
            }
        }
    }

    private static void write(Path file, byte[] bytes, int nanos) throws IOException {
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_500_000_000L, nanos)));
    }

    /** What is below a folder: modes, owners, times, links and bytes of each path. */
    public static Map<String, String> describe(Path root) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> below = Files.walk(root)) {
            for (Path path : below.toList()) {
                Map<String, Object> attributes = Files.readAttributes(
                        path, "unix:mode,uid,gid,lastModifiedTime,nlink", LinkOption.NOFOLLOW_LINKS);
                String text = attributes.get("mode") + " " + attributes.get("uid") + " " + attributes.get("gid") + " "
                        + ((FileTime) attributes.get("lastModifiedTime")).toInstant();
                if (Files.isSymbolicLink(path)) {
                    text += " -> " + Files.readSymbolicLink(path);
                } else if (Files.isRegularFile(path)) {
                    text += " " + attributes.get("nlink") + " " + sha256(Files.readAllBytes(path));
                }
                tree.put(root.relativize(path).toString(), text);
            }
        }
        tree.remove("");
        return tree;
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(Hmac.sha256(bytes, 0, bytes.length));
    }
}
