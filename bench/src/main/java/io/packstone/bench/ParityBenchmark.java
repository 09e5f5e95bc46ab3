package io.packstone.bench;

import io.packstone.format.FrameKind;
import io.packstone.id.ObjectHash;
import io.packstone.id.RepositoryId;
import io.packstone.parity.ParityEncoder;
import io.packstone.parity.ParityGeometry;
import io.packstone.parity.ParityRepair;
import io.packstone.parity.Sidecar;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Parity of a pack of 32 MiB, one thread. The score is MiB of the pack a second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ParityBenchmark {
    private static final int MEBIBYTES = 32;
    private static final int BURST = 2 << 20;
    private static final ObjectHash NAME = ObjectHash.of(new byte[ObjectHash.LENGTH]);

    private final byte[] pack = pack();
    private final byte[] sidecar = sidecar();

    private static byte[] pack() {
        byte[] bytes = new byte[MEBIBYTES << 20];
        new SplittableRandom(1).nextBytes(bytes);
        return bytes;
    }

    private byte[] sidecar() {
        ParityEncoder encoder = new ParityEncoder(ParityGeometry.of(pack.length));
        encoder.update(pack, 0, pack.length);
        return encoder.finish(RepositoryId.of(new byte[RepositoryId.LENGTH], 0), FrameKind.PACK, NAME);
    }

    /** Makes the whole sidecar, checksums and SHA-256 of the parity included. */
    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public byte[] encode() {
        return sidecar();
    }

    /** Finds and computes a burst of 2 MiB, all that the parity covers. */
    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public byte[] repair() throws Exception {
        ParityRepair repair = new ParityRepair(Sidecar.of(sidecar, NAME, "bench"));
        repair.update(pack, 0, 5 << 20);
        repair.skip(BURST);
        repair.update(pack, (5 << 20) + BURST, pack.length - (5 << 20) - BURST);
        if (!repair.solve()) {
            throw new IllegalStateException("the budget did not suffice");
        }
        byte[] piece = new byte[BURST];
        repair.patch(5 << 20, piece, 0, piece.length);
        return piece;
    }
}
