package io.packstone.endtoend;

import io.packstone.backend.Backend;
import io.packstone.backend.local.LocalBackend;
import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.backup.BackupReport;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.Secret;
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
        try (Backend backend = new LocalBackend(repository)) {
            Repository.init(backend, InitOptions.defaults().withKeyCost(KeyCost.TEST), SECRET, Clock.systemUTC());
        }
    }

    public Repository open() throws IOException {
        return open(new LocalBackend(repository));
    }

    public static Repository open(Backend backend) throws IOException {
        return Repository.open(backend, SECRET, RepositoryOptions.defaults());
    }

    public BackupReport snapshot(Repository opened) throws IOException {
        BackupOptions options = BackupOptions.of(List.of(name(source)), "host", "user");
        return new Backup(opened, Clock.systemUTC()).run(options, ProgressListener.NONE);
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
                    text += " " + attributes.get("nlink") + " " + java.util.Arrays.hashCode(Files.readAllBytes(path));
                }
                tree.put(root.relativize(path).toString(), text);
            }
        }
        tree.remove("");
        return tree;
    }
}
