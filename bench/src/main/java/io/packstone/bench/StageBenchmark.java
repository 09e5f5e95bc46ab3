package io.packstone.bench;

import io.packstone.chunker.ChunkerParameters;
import io.packstone.chunker.GearChunker;
import io.packstone.chunker.GearTable;
import io.packstone.compress.BlockCompressor;
import io.packstone.compress.BlockDecompressor;
import io.packstone.compress.Codec;
import io.packstone.compress.Compression;
import io.packstone.crypto.ChunkHasher;
import io.packstone.crypto.Sealer;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a block passes on its way to a pack and back, one thread. The score is MiB of plain bytes a second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class StageBenchmark {
    private static final byte[] NO_REFS = {};
    private static final byte[] CONTEXT = "packstone/bench".getBytes(StandardCharsets.US_ASCII);

    private final byte[] plain = BlockInput.text();
    private final byte[] opened = new byte[plain.length];
    private final byte[] sealed = new byte[(int) Sealer.sealedLength(plain.length)];
    private final byte[] compressed = new byte[BlockCompressor.maxCompressedLength(plain.length)];
    private final SecretKey key = SecretKey.copyOf(new byte[SecretKey.LENGTH]);
    private final GearChunker chunker =
            new GearChunker(GearTable.of(key), new ChunkerParameters(ChunkerParameters.DEFAULT_AVERAGE));
    private final ChunkHasher hasher = new ChunkHasher(key);
    private final Sealer sealer = new Sealer();
    private final BlockCompressor compressor = new BlockCompressor(Compression.AUTO);
    private final BlockDecompressor decompressor = new BlockDecompressor();
    private Codec codec = Codec.NONE;
    private int compressedLength;

    /** Seals and compresses once, so that opening and decompressing have something to work on; fails if they do not agree. */
    @Setup
    public void prepare() throws CorruptionException {
        seal();
        compress();
        if (open() != plain.length || !Arrays.equals(plain, opened)) {
            throw new IllegalStateException("what was sealed opens to something else");
        }
    }

    /** Frees what the codecs hold outside the heap. */
    @TearDown
    public void close() {
        compressor.close();
        decompressor.close();
    }

    /** Cuts the block into chunks. */
    @Benchmark
    public int cut() {
        int chunks = 0;
        for (int from = 0; from < plain.length; chunks++) {
            from += chunker.cut(plain, from, plain.length, true);
        }
        return chunks;
    }

    /** Names the block as one chunk. */
    @Benchmark
    public ChunkId hash() {
        return hasher.id(ChunkType.DATA, NO_REFS, 0, plain, 0, plain.length);
    }

    /** Compresses it at the default setting. */
    @Benchmark
    public int compress() {
        compressedLength = compressor.compress(plain, 0, plain.length, compressed);
        codec = compressor.codec();
        return compressedLength;
    }

    /** Decompresses what {@link #compress} made. */
    @Benchmark
    public byte[] decompress() throws CorruptionException {
        decompressor.decompress(codec, compressed, 0, compressedLength, opened, 0, plain.length, "bench");
        return opened;
    }

    /** Seals it, not compressed. */
    @Benchmark
    public int seal() {
        return sealer.seal(key, CONTEXT, plain, 0, plain.length, sealed, 0);
    }

    /** Opens what {@link #seal} made. */
    @Benchmark
    public int open() throws CorruptionException {
        return sealer.open(key, CONTEXT, sealed, 0, sealed.length, opened, 0, "bench");
    }
}
