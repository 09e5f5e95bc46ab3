package io.packstone.bench;

import io.packstone.compress.BlockCompressor;
import io.packstone.compress.BlockDecompressor;
import io.packstone.compress.Codec;
import io.packstone.compress.Compression;
import io.packstone.error.CorruptionException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Blocks compressed and decompressed by one thread. The score is MiB of plain bytes a second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@OperationsPerInvocation(BlockInput.MEBIBYTES)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {
    /** As {@code --compression} takes it. */
    @Param({"auto", "zstd:1", "zstd:3", "lz4"})
    public String compression = "auto";

    private final byte[][] blocks = BlockInput.blocks();
    private final byte[] target = new byte[BlockCompressor.maxCompressedLength(BlockInput.LENGTH)];
    private final byte[] plain = new byte[BlockInput.LENGTH];
    private final BlockDecompressor decompressor = new BlockDecompressor();
    private BlockCompressor compressor = new BlockCompressor(Compression.AUTO);
    private byte[][] compressed = {};
    private Codec[] codecs = {};
    private int turn;

    /** Compresses all blocks once, so that decompressing has something to work on; fails if the two do not agree. */
    @Setup
    public void prepare() throws CorruptionException {
        compressor.close();
        compressor = new BlockCompressor(Compression.parse(compression));
        compressed = new byte[blocks.length][];
        codecs = new Codec[blocks.length];
        long sum = 0;
        for (int i = 0; i < blocks.length; i++) {
            int length = compressor.compress(blocks[i], 0, BlockInput.LENGTH, target);
            compressed[i] = Arrays.copyOf(target, length);
            codecs[i] = compressor.codec();
            sum += length;
            turn = i - 1;
            if (!Arrays.equals(decompress(), blocks[i])) {
                throw new IllegalStateException("what was compressed becomes something else");
            }
        }
        System.out.println("stored, per mille of the plain bytes: " + sum * 1000 / blocks.length / BlockInput.LENGTH);
    }

    /** Frees what the codecs hold outside the heap. */
    @TearDown
    public void close() {
        compressor.close();
        decompressor.close();
    }

    /** Compresses a block. */
    @Benchmark
    public int compress() {
        turn = (turn + 1) % blocks.length;
        return compressor.compress(blocks[turn], 0, BlockInput.LENGTH, target);
    }

    /** Decompresses a block. */
    @Benchmark
    public byte[] decompress() throws CorruptionException {
        turn = (turn + 1) % blocks.length;
        byte[] from = compressed[turn];
        decompressor.decompress(codecs[turn], from, 0, from.length, plain, 0, BlockInput.LENGTH, "bench");
        return plain;
    }
}
