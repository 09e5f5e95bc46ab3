package io.packstone.bench;

import io.packstone.compress.Codec;
import io.packstone.crypto.Envelope;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Sealer;
import io.packstone.crypto.SecretKey;
import io.packstone.format.Footer;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.RepositoryId;
import io.packstone.index.ChunkIndex;
import io.packstone.index.ChunkLocation;
import io.packstone.index.IndexFolder;
import io.packstone.pack.BlockType;
import io.packstone.pack.PackClass;
import io.packstone.pack.PackTableBuilder;
import io.packstone.pack.PackTableFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Looks up chunks in an index of two million, by one thread. The score is look-ups a second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class IndexBenchmark {
    private static final int PACKS = 2_000;
    private static final int CHUNKS = 1_000;
    private static final int CHUNK_LENGTH = 16_000;
    private static final int CHUNKS_PER_BLOCK = 50;
    private static final int STORED_LENGTH = (int) Sealer.sealedLength(200_000);
    private static final long TABLE_OFFSET =
            PackTableFormat.BLOCKS_OFFSET + (long) CHUNKS / CHUNKS_PER_BLOCK * STORED_LENGTH;

    private final Scratch scratch = new Scratch();
    private final SplittableRandom random = new SplittableRandom(2);
    private @Nullable ChunkIndex opened;
    private int pack;
    private int chunk;

    /** Fills an index in a folder of its own. */
    @Setup(Level.Trial)
    public void fill() throws IOException {
        RepositoryId repository = new RepositoryId(1, 2);
        SecretKey zero = SecretKey.copyOf(new byte[SecretKey.LENGTH]);
        KeyRing keys = new KeyRing(repository, zero, zero);
        Envelope envelope = keys.newEnvelope(new SplittableRandom(3)::nextBytes);
        Path folder = scratch.folder();
        ChunkIndex index = IndexFolder.open(folder, repository);
        for (int i = 0; i < PACKS; i++) {
            byte[] table = table(i, envelope);
            long length = TABLE_OFFSET + Sealer.sealedLength(table.length) + Footer.LENGTH;
            index.addPack(packId(i), length, PackTableFormat.decode(table, "bench", TABLE_OFFSET));
        }
        opened = index;
        if (index.find(id(7, 9), ChunkType.DATA) == null) {
            throw new IllegalStateException("the index finds nothing");
        }
    }

    private static byte[] table(int pack, Envelope envelope) {
        PackTableBuilder builder = new PackTableBuilder(PackClass.DATA);
        builder.addEnvelope(envelope);
        for (int i = 0; i < CHUNKS; i++) {
            builder.addRow(id(pack, i), ChunkType.DATA, false, CHUNK_LENGTH, new byte[0], 0, 0);
            if ((i + 1) % CHUNKS_PER_BLOCK == 0) {
                int plain = CHUNKS_PER_BLOCK * CHUNK_LENGTH;
                builder.endBlock(BlockType.DATA, Codec.ZSTD, 0, STORED_LENGTH, plain);
            }
        }
        return builder.toBytes();
    }

    private static PackId packId(int pack) {
        return PackId.of(bytes(pack, -1));
    }

    private static ChunkId id(int pack, int chunk) {
        return ChunkId.of(bytes(pack, chunk));
    }

    /** 32 bytes without order, as a hash has. */
    private static byte[] bytes(int pack, int chunk) {
        byte[] bytes = new byte[ChunkId.LENGTH];
        new SplittableRandom((long) pack << 32 | chunk & 0xffffffffL).nextBytes(bytes);
        return bytes;
    }

    private ChunkIndex index() {
        ChunkIndex index = opened;
        if (index == null) {
            throw new IllegalStateException("not filled");
        }
        return index;
    }

    /** Closes and deletes it. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        index().close();
        scratch.close();
    }

    /** A chunk that nobody has. */
    @Benchmark
    public @Nullable ChunkLocation miss() throws IOException {
        return index().find(id(PACKS + random.nextInt(1 << 20), 1), ChunkType.DATA);
    }

    /** Any chunk: its neighbours were not asked for before. */
    @Benchmark
    public @Nullable ChunkLocation hitAnywhere() throws IOException {
        return index().find(id(random.nextInt(PACKS), random.nextInt(CHUNKS)), ChunkType.DATA);
    }

    /** The chunk after the one before, as when a known tree is read again. */
    @Benchmark
    public @Nullable ChunkLocation hitInOrder() throws IOException {
        chunk++;
        if (chunk == CHUNKS) {
            chunk = 0;
            pack = (pack + 1) % PACKS;
        }
        return index().find(id(pack, chunk), ChunkType.DATA);
    }

    /** What making an id costs here, which is part of the other scores. */
    @Benchmark
    public ChunkId idAlone() {
        return id(random.nextInt(PACKS), random.nextInt(CHUNKS));
    }
}
