package io.packstone.restore;

import io.packstone.backend.Backend;
import io.packstone.backend.local.LocalBackend;
import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.crypto.SecretKey;
import io.packstone.keyslot.Secret;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A repository on disk, a source tree beside it, and what tests do with them. */
public final class RestoreFixture implements AutoCloseable {
    public final Path place;
    public final Path source;
    public final Path target;
    private final Backend backend;
    private Repository repository;

    /** Makes a repository and an empty source below {@code place}. */
    public RestoreFixture(Path place) throws IOException {
        this.place = place;
        source = Files.createDirectory(place.resolve("source"));
        target = place.resolve("target");
        backend = new LocalBackend(place.resolve("repository"));
        Secret secret = new Secret.KeyFile(SecretKey.copyOf(new byte[32]));
        Repository.init(backend, InitOptions.defaults(), secret, Clock.systemUTC());
        repository = Repository.open(backend, secret, RepositoryOptions.defaults());
    }

    public Repository repository() {
        return repository;
    }

    /** Opens the repository afresh, with nothing cached. */
    public void reopen() throws IOException {
        repository.close();
        Secret secret = new Secret.KeyFile(SecretKey.copyOf(new byte[32]));
        repository = Repository.open(backend, secret, RepositoryOptions.defaults());
        repository.loadIndex();
    }

    public StoredSnapshot snapshot() throws IOException {
        return snapshot(options -> options);
    }

    public StoredSnapshot snapshot(UnaryOperator<BackupOptions> change) throws IOException {
        BackupOptions options = BackupOptions.of(List.of(name(source)), "host", "user");
        new Backup(repository, Clock.systemUTC()).run(change.apply(options), ProgressListener.NONE);
        List<StoredSnapshot> all = repository.snapshots().list().snapshots();
        return all.get(all.size() - 1);
    }

    /** Restores what the source folder held right into the target. */
    public RestoreReport restore(StoredSnapshot snapshot) throws IOException {
        return restore(snapshot, options -> options);
    }

    public RestoreReport restore(StoredSnapshot snapshot, UnaryOperator<RestoreOptions> change) throws IOException {
        RestoreOptions options = RestoreOptions.to(name(target)).withPath(TreePath.parse(name(source)));
        return new Restore(repository).run(snapshot, change.apply(options), ProgressListener.NONE);
    }

    /** Sorted. */
    public List<String> namesInTarget() throws IOException {
        try (Stream<Path> all = Files.list(target)) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    public static RawName name(Path path) {
        return RawName.of(path.toString());
    }

    /** Writes a file of seeded bytes, with a time in the past. */
    public Path file(String name, int length, long seed) throws IOException {
        return file(source.resolve(name), bytes(length, seed));
    }

    public static Path file(Path path, byte[] bytes) throws IOException {
        Files.createDirectories(path.getParent());
        Files.write(path, bytes);
        Files.setLastModifiedTime(
                path, FileTime.from(Instant.ofEpochSecond(1_600_000_000L + bytes.length, 123_456_789)));
        return path;
    }

    public static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** What differs between two trees, one line each: names, types, bytes, modes, owners, times, links. */
    public static List<String> differences(Path left, Path right) throws IOException {
        Map<String, String> a = describe(left);
        Map<String, String> b = describe(right);
        List<String> differences = new ArrayList<>();
        a.forEach((name, what) -> {
            if (!what.equals(b.get(name))) {
                differences.add(name + ": " + what + " became " + b.get(name));
            }
        });
        b.keySet().stream().filter(name -> !a.containsKey(name)).forEach(name -> differences.add(name + ": appeared"));
        return differences;
    }

    private static Map<String, String> describe(Path root) throws IOException {
        Map<String, String> entries = new TreeMap<>();
        Map<Object, String> inodes = new TreeMap<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (!folder.equals(root)) {
                    visitFile(folder, attributes);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes ignored) throws IOException {
                String name = root.relativize(file).toString();
                Map<String, Object> of =
                        Files.readAttributes(file, "unix:mode,uid,gid,ino,nlink,size,rdev", LinkOption.NOFOLLOW_LINKS);
                boolean regular = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
                String text =
                        Integer.toOctalString((int) of.get("mode")) + " " + of.get("uid") + " " + of.get("gid") + " "
                                + Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                                        .toInstant();
                if (regular) {
                    text += " " + of.get("size") + " " + Arrays.hashCode(Files.readAllBytes(file)) + " "
                            + inodes.computeIfAbsent(of.get("ino"), inode -> name);
                } else if (Files.isSymbolicLink(file)) {
                    text += " " + Files.readSymbolicLink(file);
                } else {
                    text += " " + of.get("rdev");
                }
                entries.put(name, text);
                return FileVisitResult.CONTINUE;
            }
        });
        return entries;
    }

    @Override
    public void close() throws IOException {
        repository.close();
    }
}
