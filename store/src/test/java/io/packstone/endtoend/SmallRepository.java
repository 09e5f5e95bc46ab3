package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.packstone.backend.Backend;
import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.crypto.SecretKey;
import io.packstone.error.StoreException;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.Secret;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.testkit.CorruptingBackend;
import io.packstone.testkit.FaultyBackend;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A whole repository of a few kilobytes in memory, small enough to damage it in every way there is, and what becomes of
 * it then. Thread-safe once its snapshots are taken.
 */
final class SmallRepository {
    static final Secret SECRET = new Secret.KeyFile(SecretKey.copyOf(new byte[32]));

    final MemoryBackend backend = new MemoryBackend();
    final Path source;
    private final Random random;
    private final boolean plainIndex;
    private final Map<SnapshotId, Map<String, String>> trees = new ConcurrentHashMap<>();
    private int files;

    /**
     * Empty, with two key slots; what is snapshotted lies in {@code folder}. Chunks are looked up in the segments
     * themselves, which takes milliseconds, or in a database, as the command line does.
     */
    SmallRepository(Path folder, long seed, boolean plainIndex) throws IOException {
        this(folder, seed, plainIndex, false);
    }

    /** With parity of packs and segments, or without. */
    SmallRepository(Path folder, long seed, boolean plainIndex, boolean parity) throws IOException {
        this.plainIndex = plainIndex;
        source = Files.createDirectory(folder.toRealPath().resolve("s"));
        random = new Random(seed);
        InitOptions options = InitOptions.defaults()
                .withKeyCost(KeyCost.TEST)
                .withChunkAverage(16384)
                .withParity(parity);
        Repository.init(backend, options, SECRET, Clock.systemUTC());
        try (Repository opened = open(backend)) {
            opened.keyRegistry().add(Workplace.SECRET, "second", KeyCost.TEST, Clock.systemUTC());
        }
    }

    Repository open(Backend backend) throws IOException {
        return Repository.open(backend, SECRET, RepositoryOptions.defaults().withPlainIndex(plainIndex));
    }

    /** Adds files of up to {@code longest} bytes, a folder, a link and a second name. */
    void fill(int count, int longest) throws IOException {
        Path below = Files.createDirectories(source.resolve("d" + files));
        Path file = below;
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[1 + random.nextInt(longest)];
            random.nextBytes(bytes);
            file = below.resolve("f" + files++);
            Files.write(file, bytes);
            Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_600_000_000L + files, 5)));
        }
        Files.createLink(below.resolve("h" + files), file);
        Files.createSymbolicLink(below.resolve("l" + files), Path.of("f0"));
        Files.write(below.resolve("text" + files), "same again ".repeat(30).getBytes(StandardCharsets.US_ASCII));
    }

    /** Takes a snapshot of the source through {@code through}. */
    void snapshot(Backend through) throws IOException {
        BackupOptions options = BackupOptions.of(List.of(Workplace.name(source)), "host", "user");
        try (Repository opened = open(through)) {
            SnapshotId id = new Backup(opened, Clock.systemUTC())
                    .run(options, ProgressListener.NONE)
                    .snapshot();
            trees.put(Objects.requireNonNull(id), Workplace.describe(source));
        }
    }

    /** Takes one that is killed before it is decided: a job, packs, a segment and a claim stay behind. */
    void crash() throws IOException {
        FaultyBackend crashing = new FaultyBackend(backend);
        crashing.arm(FaultyBackend.Fault.CRASH_BEFORE, 1, Set.of(FaultyBackend.Operation.PUT_IF_ABSENT));
        assertThrows(StoreException.class, () -> snapshot(crashing), "no crash before the commit");
    }

    /** Something done to what a reader is shown: to these objects and no others. */
    record Fault(String what, Set<String> objects, Function<MemoryBackend, Backend> shown) {
        static Fault of(String what, Set<String> objects, Consumer<CorruptingBackend> damage) {
            return new Fault(what, objects, whole -> {
                CorruptingBackend shown = new CorruptingBackend(whole);
                damage.accept(shown);
                return shown;
            });
        }
    }

    /** Tries each fault, several at once; what went wrong, one line each. */
    List<String> problems(List<Fault> faults, Path scratch) {
        return faults.parallelStream()
                .flatMap(fault -> problems(fault, scratch).stream())
                .toList();
    }

    private List<String> problems(Fault fault, Path scratch) {
        List<String> problems = new ArrayList<>();
        try {
            Exam exam = new Exam(this, scratch);
            exam.take(fault.shown().apply(backend));
            problems.addAll(exam.verdict(fault.objects()));
        } catch (IOException | RuntimeException e) {
            throw new AssertionError(fault.what(), e);
        }
        return problems.stream().map(problem -> fault.what() + ": " + problem).toList();
    }

    /** What the source held when that snapshot was acknowledged; null when none was. */
    @Nullable
    Map<String, String> tree(SnapshotId snapshot) {
        return trees.get(snapshot);
    }

    /** How many snapshots were acknowledged. */
    int snapshots() {
        return trees.size();
    }
}
