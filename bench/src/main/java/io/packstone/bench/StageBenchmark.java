package io.packstone.bench;

import io.packstone.chunker.ChunkerParameters;
import io.packstone.chunker.GearChunker;
import io.packstone.chunker.GearTable;
import io.packstone.crypto.ChunkHasher;
import io.packstone.crypto.Sealer;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What every byte passes on its way to a pack and back, but for the codecs; one thread. The score is MiB of plain bytes a second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@OperationsPerInvocation(BlockInput.MEBIBYTES)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StageBenchmark {
    private static final byte[] NO_REFS = {};
    private static final byte[] CONTEXT = "packstone/bench".getBytes(StandardCharsets.US_ASCII);

    private final byte[][] blocks = BlockInput.blocks();
    private final byte[] opened = new byte[BlockInput.LENGTH];
    private final byte[] target = new byte[(int) Sealer.sealedLength(BlockInput.LENGTH)];
    private final byte[] sealed = new byte[target.length];
    private final SecretKey key = SecretKey.copyOf(new byte[SecretKey.LENGTH]);
    private final GearChunker chunker =
            new GearChunker(GearTable.of(key), new ChunkerParameters(ChunkerParameters.DEFAULT_AVERAGE));
    private final ChunkHasher hasher = new ChunkHasher(key);
    private final Sealer sealer = new Sealer();
    private final CRC32C crc = new CRC32C();
    private int turn;

    private byte[] next() {
        turn = (turn + 1) % blocks.length;
        return blocks[turn];
    }

    /** Seals once, so that opening has something to work on; fails if the two do not agree. */
    @Setup
    public void prepare() throws CorruptionException {
        sealer.seal(key, CONTEXT, blocks[0], 0, blocks[0].length, sealed, 0);
        if (open() != blocks[0].length || !Arrays.equals(blocks[0], opened)) {
            throw new IllegalStateException("what was sealed opens to something else");
        }
    }

    /** Cuts a block into chunks. */
    @Benchmark
    public int cut() {
        byte[] plain = next();
        int chunks = 0;
        for (int from = 0; from < plain.length; chunks++) {
            from += chunker.cut(plain, from, plain.length, true);
        }
        return chunks;
    }

    /** Names a block as one chunk. */
    @Benchmark
    public ChunkId hash() {
        byte[] plain = next();
        return hasher.id(ChunkType.DATA, NO_REFS, 0, plain, 0, plain.length);
    }

    /** The checksum of a block, as each file has one. */
    @Benchmark
    public long checksum() {
        byte[] plain = next();
        crc.reset();
        crc.update(plain, 0, plain.length);
        return crc.getValue();
    }

    /** Seals a block, not compressed. */
    @Benchmark
    public int seal() {
        byte[] plain = next();
        return sealer.seal(key, CONTEXT, plain, 0, plain.length, target, 0);
    }

    /** Opens what was sealed. */
    @Benchmark
    public int open() throws CorruptionException {
        return sealer.open(key, CONTEXT, sealed, 0, sealed.length, opened, 0, "bench");
    }
}
