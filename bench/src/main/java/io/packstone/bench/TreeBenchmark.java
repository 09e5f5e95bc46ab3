package io.packstone.bench;

import io.packstone.crypto.BoundaryHash;
import io.packstone.crypto.ChunkHasher;
import io.packstone.crypto.SecretKey;
import io.packstone.error.SourceException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.manifest.ChunkSource.StoredChunk;
import io.packstone.manifest.FileBody;
import io.packstone.manifest.ManifestBuilder;
import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.ManifestReader;
import io.packstone.manifest.ManifestRoot;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.source.SourceEntry;
import io.packstone.source.SourceFile;
import io.packstone.source.SourceOptions;
import io.packstone.source.SourceWalker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A tree of 20,000 files of 16 KiB in 1,000 folders: walked, read, and its manifest built and read; one thread. The score is
 * entries a second, a folder being one.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TreeBenchmark {
    private static final int FOLDERS = 1_000;
    private static final int FILES = 20;
    private static final int ENTRIES = FOLDERS * (FILES + 1);
    private static final int FILE_LENGTH = 16 << 10;

    private final Scratch scratch = new Scratch();
    private final SecretKey key = SecretKey.copyOf(new byte[SecretKey.LENGTH]);
    private final ChunkHasher hasher = new ChunkHasher(key);
    private final byte[] buffer = new byte[FILE_LENGTH + 1];
    private final List<ManifestEntry> entries = new ArrayList<>();
    private final Map<ChunkId, StoredChunk> nodes = new HashMap<>();
    private @Nullable ManifestRoot root;

    /** Makes the files, and their manifest once. */
    @Setup(Level.Trial)
    public void make() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        byte[] content = new byte[FILE_LENGTH];
        for (int i = 0; i < FOLDERS; i++) {
            Path folder = Files.createDirectories(
                    scratch.folder().resolve("d" + i % 30).resolve("folder" + i));
            for (int j = 0; j < FILES; j++) {
                random.nextBytes(content);
                Files.write(folder.resolve("some_file_" + j + ".c"), content);
            }
        }
        byte[] ref = new byte[ChunkId.LENGTH];
        try (SourceWalker walker = walker()) {
            for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
                random.nextBytes(ref);
                boolean file = entry.metadata().type() == FileType.FILE;
                FileBody body = file
                        ? FileBody.of(
                                random.nextInt(),
                                0,
                                new long[] {entry.metadata().size()},
                                ref.clone())
                        : FileBody.EMPTY;
                entries.add(new ManifestEntry(entry.path(), entry.metadata(), body, false));
            }
        }
        root = build(true);
    }

    private SourceWalker walker() throws IOException {
        List<RawName> paths = List.of(RawName.of(scratch.folder().toString()));
        return new SourceWalker(SourceOptions.of(paths, scratch.folder()), problem -> {
            throw new IllegalStateException(problem);
        });
    }

    private ManifestRoot build(boolean keep) throws IOException {
        ManifestBuilder builder = new ManifestBuilder(
                (type, refs, refCount, payload, length) -> put(type, refs, refCount, payload, length, keep),
                new BoundaryHash(key));
        for (ManifestEntry entry : entries) {
            builder.add(entry);
        }
        return builder.finish();
    }

    private ChunkId put(ChunkType type, byte[] refs, int refCount, byte[] payload, int length, boolean keep) {
        ChunkId id = hasher.id(type, refs, refCount, payload, 0, length);
        if (keep) {
            byte[] kept = Arrays.copyOf(refs, refCount * ChunkId.LENGTH);
            nodes.put(id, new StoredChunk(Arrays.copyOf(payload, length), kept));
        }
        return id;
    }

    /** Deletes the files. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        scratch.close();
    }

    /** Lists and looks at all of it. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public int walk() throws IOException {
        int count = 0;
        try (SourceWalker walker = walker()) {
            while (walker.next() != null) {
                count++;
            }
        }
        return count;
    }

    /** Walks it, and opens and reads each file; the bytes are in the page cache. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public long walkAndRead() throws IOException, SourceException {
        long sum = 0;
        try (SourceWalker walker = walker()) {
            for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
                if (entry.metadata().type() == FileType.FILE) {
                    sum += read(walker, entry);
                }
            }
        }
        return sum;
    }

    private int read(SourceWalker walker, SourceEntry entry) throws SourceException {
        try (SourceFile file = walker.open(entry)) {
            return file.read(0, buffer, 0, buffer.length);
        }
    }

    /** Builds its manifest, nodes hashed and dropped. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public ManifestRoot manifestBuild() throws IOException {
        return build(false);
    }

    /** Reads its manifest from memory. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public int manifestRead() throws IOException {
        ManifestRoot built = root;
        if (built == null) {
            throw new IllegalStateException("not made");
        }
        int count = 0;
        ManifestCursor cursor = new ManifestReader((id, type) -> nodes.get(id)).walk(built.id());
        while (cursor.next() != null) {
            count++;
        }
        return count;
    }
}
